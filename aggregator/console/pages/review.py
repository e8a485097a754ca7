"""The review queue: what waits for a person, one by one, beside the kept page that it was read from."""

from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from aggregator import clock
from aggregator.console import original
from aggregator.console.desk import Asked, Desk, Posted, to
from aggregator.console.errors import DeskRefusal, NotThere
from aggregator.model.desk import Action, Scope
from aggregator.model.edition import StoredArticle
from aggregator.site import language, markup
from aggregator.store import articles, decisions
from aggregator.store.decisions import Standing

SHOWN = 100
_SAID = frozenset({Standing.APPROVED, Standing.REFUSED})


class Decides(DeskRefusal):
    """Somebody else has decided about the article, or it has another revision by now."""

    status = 409
    title = "This was decided, or has changed"


def routes(desk: Desk) -> list[Route]:
    """The list, one article, the kept page in its frame; approving, refusing, taking either back."""

    def queue(asked: Asked) -> Response:
        found = decisions.waiting(desk.db, Standing.IN_REVIEW, limit=SHOWN + 1)
        return desk.page("review.html", asked.visitor, waiting=found[:SHOWN], more=len(found) > SHOWN)

    def one(asked: Asked) -> Response:
        stored = known(desk, asked.number())
        decided = decisions.of(desk.db, [stored.id]).get(stored.id)
        before, after = _neighbours(desk, stored.id)
        return desk.page(
            "review_one.html",
            asked.visitor,
            stored=stored,
            article=stored.article,
            body=markup.body(stored.article.blocks),
            decided=decided,
            is_said=decided is not None and decided.standing in _SAID,
            has_page=original.last_kept(desk.db, stored.id) is not None,
            before=before,
            after=after,
            language=language,
            card=desk.shelf.cards().get(stored.article.outlet),
        )

    def kept(asked: Asked) -> Response:
        request = original.last_kept(desk.db, asked.number())
        if request is None:
            raise NotThere("No page was kept of this article.")
        headers = {"Content-Security-Policy": original.POLICY, "X-Frame-Options": "SAMEORIGIN"}
        return HTMLResponse(original.shown(desk.settings, request), headers=headers)

    def say(posted: Posted) -> Response:
        number = posted.number()
        _after = _neighbours(desk, number)[1]
        match posted.fields.text("do"):
            case "approve":
                decide(desk, posted.visitor.who, number, posted.fields.text("revision"))
            case "refuse":
                reason = " ".join(posted.fields.text("reason").split())
                if not reason:
                    raise DeskRefusal("Please say why it is refused. Nothing was done.")
                decide(desk, posted.visitor.who, number, posted.fields.text("revision"), reason)
            case "undo":
                take_back(desk, posted.visitor.who, number)
                return to(f"review/{number}")
            case _:
                raise DeskRefusal("Nobody knows what to do with this article.")
        return to(f"review/{_after}" if _after else "review")

    return [
        desk.get("/review", Scope.READ, queue),
        desk.get("/review/{number:int}", Scope.READ, one),
        desk.get("/original/{number:int}", Scope.READ, kept),
        desk.post("/review/{number:int}", Scope.REVIEW, say),
    ]


def known(desk: Desk, number: int) -> StoredArticle:
    """The article of this number.

    Raises:
        NotThere: there is none.
    """
    stored = articles.get(desk.db, number) if number < 1 << 62 else None
    if stored is None:
        raise NotThere(f"There is no article {number}.")
    return stored


def decide(desk: Desk, who: str, number: int, revision: str, refusal: str | None = None) -> None:
    """Approve an article's revision, or refuse it for a reason; ``revision`` is the one that was looked at.

    Raises:
        NotThere: there is no such article.
        Decides: it has another revision by now, or does not wait for a person.
    """
    stored = known(desk, number)
    before = decisions.of(desk.db, [number]).get(number)
    if revision and revision != str(stored.revision):
        raise Decides(f"Article {number} has a new text since you looked at it. Please read it again.")
    if before is None or before.standing not in {Standing.IN_REVIEW, *_SAID}:
        raise Decides(f"Article {number} does not wait for a person.")
    said = decisions.said(number, stored.revision, before.mode, clock.now(), refusal)

    def work() -> str:
        decisions.keep(desk.db, [said])
        return said.standing.value if refusal is None else f"refused: {refusal}"

    word = "article approved" if refusal is None else "article refused"
    desk.noted(Action(who, word, str(number), before.standing.value), work)


def take_back(desk: Desk, who: str, number: int) -> None:
    """Have an article wait again that a person has decided about, as long as it is not out.

    Raises:
        Decides: nobody decided about it, or it went out since.
    """
    stored = known(desk, number)
    before = decisions.of(desk.db, [number]).get(number)

    def work() -> str:
        if not decisions.take_back(desk.db, number, clock.now()):
            raise Decides(f"Nobody decided about article {number}, or it has gone out since.")
        return Standing.IN_REVIEW.value

    word = before.standing.value if before else None
    desk.noted(Action(who, "review undone", str(stored.id), word), work)


def _neighbours(desk: Desk, number: int) -> tuple[int | None, int | None]:
    """The articles that wait before and after one, by their numbers."""
    after = decisions.waiting(desk.db, Standing.IN_REVIEW, after=number, limit=1)
    before = decisions.waiting_before(desk.db, Standing.IN_REVIEW, number)
    return before, after[0].decided.article_id if after else None
