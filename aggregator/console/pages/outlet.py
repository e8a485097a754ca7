"""One outlet: how it does, its last pages, its card with history; pause, crawl, try."""

from collections.abc import Mapping
from statistics import median
from typing import Any, Final

from starlette.responses import Response
from starlette.routing import Route

from aggregator import clock, outlets
from aggregator.console import spark, trying
from aggregator.console.desk import Asked, Desk, Posted, to
from aggregator.console.errors import DeskRefusal
from aggregator.console.figures import total
from aggregator.console.pages.outlets import crawl, last_article, pause
from aggregator.console.shelf import mark
from aggregator.model.desk import Scope
from aggregator.model.outlet import Outlet
from aggregator.store import alarms, desk_article, desk_cards, desk_figures

_VISITS: Final = 10
_PAGES: Final = 25


def routes(desk: Desk) -> list[Route]:
    """The page, and what is done with the outlet."""

    def show(asked: Asked) -> Response:
        return desk.page("outlet.html", asked.visitor, **_facts(desk, asked.word()))

    def act(posted: Posted) -> Response:
        slug, who = posted.word(), posted.visitor.who
        desk.shelf.card(slug)
        match posted.fields.text("do"):
            case "pause" | "resume" as word:
                pause(desk, who, slug, paused=word == "pause")
                return to(f"outlets/{slug}")
            case "crawl":
                return crawl(desk, who, [slug])
            case "try":
                return _try(desk, who, slug)
        raise DeskRefusal("Nobody knows what to do with this outlet.")

    return [
        desk.get("/outlets/{slug}", Scope.READ, show),
        desk.post("/outlets/{slug}", Scope.OUTLETS, act),
    ]


def _try(desk: Desk, who: str, slug: str) -> Response:
    outlet = desk.shelf.card(slug).outlet
    if outlet is None:
        raise DeskRefusal("The card is wrong. Please correct it first.")
    return to(f"jobs/{trying.trial(desk, who, outlet).id}")


def _facts(desk: Desk, slug: str) -> Mapping[str, Any]:
    now = clock.now()
    card = desk.shelf.card(slug)
    days = desk.figures.fortnight(now).outlets.get(slug, ())
    run = desk.plans.plan(desk.shelf.outlets(), now).get(slug)
    rhythm = [day.brought.stored if day else 0 for day in days]
    lengths, cuts = desk_figures.lengths(desk.db, slug)
    return {
        "card": card,
        "outlet": card.outlet,
        "whole": outlets.dumps(card.outlet, whole=True) if card.outlet else desk.shelf.text(slug),
        "brought": total(days),
        "last": last_article(days),
        "drawing": spark.bars(rhythm, f"new articles by the day: {', '.join(map(str, rhythm))}"),
        "run": run,
        "chars": _against(lengths),
        "boilerplate": _against([cut / 1000 for cut in cuts]),
        "licence": desk_figures.licences(desk.db).get(slug, "never read"),
        "robots": desk_article.robots(desk.db, slug),
        "alarms": alarms.listed(desk.db, outlet=slug, limit=20),
        "visits": desk_article.last_visits(desk.db, slug, _VISITS),
        "pages": desk_article.last_requests(desk.db, slug, _PAGES),
        "history": desk_cards.history(desk.db, slug),
        "opened": mark(desk.shelf.text(slug)),
        "rights": _rights(card.outlet),
    }


def _against(values: list[float] | list[int]) -> tuple[float, float] | None:
    """The median of the last tenth of some values, newest first, and of all; None of fewer than ten."""
    if len(values) < 10:  # noqa: PLR2004 - fewer have no usual
        return None
    return median(values[: max(len(values) // 10, 3)]), median(values)


def _rights(outlet: Outlet | None) -> str:
    if outlet is None:
        return "unknown"
    licence = f", {outlet.rights.licence}" if outlet.rights.licence else ""
    return f"{outlet.rights.mode.value}{licence}{'' if outlet.rights.automatic else ', by hand'}"
