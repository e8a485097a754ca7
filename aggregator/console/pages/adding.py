"""Adding an outlet: its address, what is discovered there, the card that comes of it, a try."""

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from aggregator import outlets
from aggregator.console import trying
from aggregator.console.desk import Asked, Desk, Posted, to
from aggregator.console.errors import NotThere
from aggregator.console.pages.card import editor, write
from aggregator.console.shelf import CardChanged, CardWrong
from aggregator.model.desk import Action, Scope
from aggregator.model.outlet import Outlet
from aggregator.outlets import checks
from aggregator.outlets.twins import twins


def routes(desk: Desk) -> list[Route]:
    """The way from an address to a card."""

    def ask(asked: Asked) -> Response:
        return desk.page("new.html", asked.visitor, problem="", address="")

    def look(posted: Posted) -> Response:
        written = posted.fields.text("address")
        address = written if "://" in written else f"https://{written}"
        try:
            checks.web_address(address)
        except ValueError as error:
            return desk.page("new.html", posted.visitor, 400, problem=f"address: {error}", address=written)
        who = posted.visitor.who
        job = desk.noted(Action(who, "outlet looked at", address), lambda: trying.look(desk, who, address))
        return to(f"jobs/{job.id}")

    def found(asked: Asked) -> Response:
        drafted = _found(desk, asked.number()).draft.outlet
        return _editor(desk, asked, drafted.slug, outlets.dumps(drafted))

    def save(posted: Posted) -> Response:
        return _save(desk, posted)

    def tried(asked: Asked) -> Response:
        job = desk.jobs.get(asked.number())
        if job is None or not isinstance(job.result, trying.Tried):
            raise NotThere("This try is not known any more. Please try again.")
        return desk.page("tried.html", asked.visitor, job=job, tried=job.result, is_text=_is_text)

    return [
        desk.get("/outlets/new", Scope.OUTLETS, ask),
        desk.post("/outlets/new", Scope.OUTLETS, look),
        desk.get("/outlets/new/{number:int}", Scope.OUTLETS, found),
        desk.post("/outlets/new/{number:int}", Scope.OUTLETS, save),
        desk.get("/tried/{number:int}", Scope.READ, tried),
    ]


def _found(desk: Desk, number: int) -> trying.Found:
    job = desk.jobs.get(number)
    if job is None or not isinstance(job.result, trying.Found):
        raise NotThere("What was found is not known any more. Please look at the address again.")
    return job.result


def _editor(desk: Desk, asked: Asked, slug: str, text: str, **more: Any) -> Response:
    found = _found(desk, asked.number())
    values: dict[str, Any] = {
        "is_new": True,
        "opened": "",
        "findings": found.draft.findings,
        "doubts": found.draft.doubts,
        "action": f"/desk/outlets/new/{asked.number()}",
    }
    return editor(desk, asked, slug, text, **(values | more))


def _save(desk: Desk, posted: Posted) -> Response:
    slug, text = posted.fields.text("slug", 100), posted.fields.whole("text")
    try:
        outlet = _new(desk, slug, text)
        match posted.fields.text("do"):
            case "try":
                return to(f"jobs/{trying.trial(desk, posted.visitor.who, outlet).id}")
            case "save":
                write(desk, posted.visitor.who, slug, text, opened="", why="added")
                return to(f"outlets/{slug}")
    except (CardWrong, CardChanged, NotThere) as error:
        return _editor(desk, posted, slug, text, status=error.status, problem=str(error))
    return _editor(desk, posted, slug, text, checked=outlet.name)


def _new(desk: Desk, slug: str, text: str) -> Outlet:
    """The outlet of a new card.

    Raises:
        CardWrong: it is none, or there is one of this name or outlet already.
    """
    outlet = desk.shelf.check(slug, text)
    if slug in desk.shelf.cards() or slug == "new":
        raise CardWrong(f"There is a card {slug} already. Please choose another name.")
    same = twins([*desk.shelf.outlets().values(), outlet]).get(slug)
    if same:
        raise CardWrong(f"The card {', '.join(same)} describes this outlet already.")
    return outlet


def _is_text(value: object) -> bool:
    """Whether a page came to words (why there is no article) instead of an article."""
    return isinstance(value, str)
