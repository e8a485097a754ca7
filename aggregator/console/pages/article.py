"""One article explained: where it came from, what was made of it, what was decided, what became of it."""

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from aggregator import clock, explaining, facts
from aggregator.console import trace
from aggregator.console.desk import Asked, Desk, to
from aggregator.console.errors import NotThere
from aggregator.console.pages.review import known
from aggregator.errors import UnknownArticleError
from aggregator.extract.explanation import fields_of
from aggregator.model.decision import Decision, Hold, Publish, Refuse, Review, reasons_of
from aggregator.model.desk import Scope
from aggregator.model.edition import StoredArticle
from aggregator.site import language
from aggregator.store import desk_article
from aggregator.urls import is_web


def routes(desk: Desk) -> list[Route]:
    """The page, and the way to it by an address."""

    def show(asked: Asked) -> Response:
        stored = known(desk, asked.number())
        return desk.page("article.html", asked.visitor, **_facts(desk, stored))

    def find(asked: Asked) -> Response:
        words = asked.request.query_params.get("q", "").strip()[:2000]
        try:
            found = facts.read(desk.db, desk.settings, words)
        except UnknownArticleError as error:
            raise NotThere(str(error)) from error
        return to(f"article/{found.stored.id}")

    return [desk.get("/article/{number:int}", Scope.READ, show), desk.get("/article", Scope.READ, find)]


def _facts(desk: Desk, stored: StoredArticle) -> dict[str, Any]:
    article = stored.article
    told = facts.of(desk.db, stored)
    decided = explaining.explain_stored(
        desk.db, desk.shelf.family(article.outlet), desk.settings, stored, clock.now()
    )
    way = desk_article.way(desk.db, stored.id, article.outlet)
    steps = list(trace.steps(article))
    return {
        "stored": stored,
        "article": article,
        "told": told,
        "publication": told.publication,
        "requests": way.requests,
        "visits": way.visits,
        "robots": way.robots,
        "fields": fields_of(article),
        "steps": steps,
        "cut": sum(bool(step.why) for step in steps),
        "explained": decided,
        "reasons": reasons_of(decided.decision),
        "result": result_of(decided.decision),
        "language": language,
        "is_web": is_web,
        "path": f"/article/{told.publication.id}" if told.publication else "",
    }


def result_of(decision: Decision) -> str:
    """A decision in words."""
    match decision:
        case Publish(mode=mode):
            return f"may go out: {mode.value}"
        case Review(_, proposed):
            return f"waits for a person; then: {proposed.mode.value}"
        case Hold(until, _):
            return f"is held until {until:%Y-%m-%d %H:%M}" if until else "is held"
        case Refuse(_):
            return "never goes out"
