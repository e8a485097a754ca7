"""An outlet's card at the desk: edited, checked, previewed, written, taken back to an earlier text."""

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from aggregator.console import trying
from aggregator.console.desk import Asked, Desk, Posted, to
from aggregator.console.difference import difference
from aggregator.console.errors import NotThere
from aggregator.console.shelf import CardChanged, CardWrong, mark
from aggregator.model.desk import Action, CardVersion, Scope
from aggregator.store import desk_cards


def routes(desk: Desk) -> list[Route]:
    """The editor, and former texts."""

    def edit(asked: Asked) -> Response:
        slug = asked.word()
        desk.shelf.card(slug)
        return editor(desk, asked, slug, desk.shelf.text(slug))

    def save(posted: Posted) -> Response:
        return _save(desk, posted, posted.word())

    def undo(posted: Posted) -> Response:
        return _undo(desk, posted, posted.word())

    def version(asked: Asked) -> Response:
        found = _version(desk, asked.word(), asked.request.path_params["number"])
        changes = difference(found.text or "", desk.shelf.text(asked.word()))
        return desk.page("version.html", asked.visitor, version=found, changes=changes)

    return [
        desk.get("/outlets/{slug}/card", Scope.OUTLETS, edit),
        desk.post("/outlets/{slug}/card", Scope.OUTLETS, save),
        desk.post("/outlets/{slug}/undo", Scope.OUTLETS, undo),
        desk.get("/outlets/{slug}/versions/{number:int}", Scope.READ, version),
    ]


def _version(desk: Desk, slug: str, number: int) -> CardVersion:
    found = desk_cards.get(desk.db, slug, number) if number < 1 << 62 else None
    if found is None:
        raise NotThere("There is no such version of this card.")
    return found


def editor(desk: Desk, asked: Asked, slug: str, text: str, *, status: int = 200, **more: Any) -> Response:
    """The card to be edited; ``opened`` tells what stood in the file when it was opened."""
    there = desk.shelf.text(slug) if slug in desk.shelf.cards() else None
    values: dict[str, Any] = {
        "slug": slug,
        "text": text,
        "opened": mark(there),
        "problem": "",
        "changes": (),
        "conflict": (),
        "is_new": there is None,
        "findings": (),
        "doubts": (),
    }
    return desk.page("card.html", asked.visitor, status, **(values | more))


def _save(desk: Desk, posted: Posted, slug: str) -> Response:
    text, opened = posted.fields.whole("text"), posted.fields.text("opened")
    try:
        match posted.fields.text("do"):
            case "preview":
                return _preview(desk, posted, slug, text)
            case "save":
                write(desk, posted.visitor.who, slug, text, opened=opened)
                return to(f"outlets/{slug}")
        outlet = desk.shelf.check(slug, text)
    except CardChanged as error:
        return _conflict(desk, posted, text, error)
    except CardWrong as error:
        return editor(desk, posted, slug, text, status=error.status, opened=opened, problem=str(error))
    changes = difference(desk.shelf.text(slug), text)
    return editor(desk, posted, slug, text, opened=opened, changes=changes, checked=outlet.name)


def _conflict(desk: Desk, posted: Posted, text: str, error: CardChanged) -> Response:
    """What somebody else wrote beside what was to be written; saving again replaces just that text."""
    shown = {"opened": mark(error.now), "problem": str(error), "conflict": difference(error.now, text)}
    return editor(desk, posted, posted.word(), text, status=error.status, **shown)


def write(desk: Desk, who: str, slug: str, text: str, *, opened: str, why: str = "edited") -> None:
    """Write a card and note it.

    Raises:
        CardChanged: somebody else changed it since it was opened.
        CardWrong: the text is no card.
    """
    before = desk.shelf.text(slug) if opened else None

    def work() -> str:
        desk.shelf.write(slug, text, opened, who=who, why=why)
        return text

    desk.noted(Action(who, f"card {why}", slug, before), work)


def _undo(desk: Desk, posted: Posted, slug: str) -> Response:
    number = posted.fields.text("version", 18)
    found = _version(desk, slug, int(number) if number.isdecimal() else 0)
    if found.text is None:
        raise NotThere("There was no card at that time.")
    try:
        opened = posted.fields.text("opened")
        write(desk, posted.visitor.who, slug, found.text, opened=opened, why="undone")
    except CardChanged as error:
        return _conflict(desk, posted, found.text, error)
    return to(f"outlets/{slug}")


def _preview(desk: Desk, posted: Posted, slug: str, text: str) -> Response:
    new = desk.shelf.check(slug, text)
    old = desk.shelf.card(slug).outlet if slug in desk.shelf.cards() else None
    job = trying.preview(desk, posted.visitor.who, old or new, new)
    return to(f"jobs/{job.id}")
