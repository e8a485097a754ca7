"""Lists of outlets: taken in as a file or as text, with a report, undone; given out."""

from collections import Counter
from typing import Any, Final

from starlette.responses import Response
from starlette.routing import Route

from aggregator.console import lists
from aggregator.console.desk import Asked, Desk, Posted, to
from aggregator.console.errors import DeskRefusal, NotThere
from aggregator.errors import ListError
from aggregator.interchange import batch, opml, table
from aggregator.interchange.listed import MOST_BYTES
from aggregator.interchange.merging import Wanted
from aggregator.model.desk import Action, Scope
from aggregator.outlets import checks

_PASTED: Final = "pasted list"
_IMPORTS: Final = 20
_MOST_LINES: Final = 500
_CHECKS: Final = {"language": checks.language, "country": checks.country}


def routes(desk: Desk) -> list[Route]:
    """The page, the import, its report and its undoing; the lists of all outlets."""

    def ask(asked: Asked) -> Response:
        return _page(desk, asked)

    def take(posted: Posted) -> Response:
        return _take(desk, posted)

    def report(asked: Asked) -> Response:
        job = desk.jobs.get(asked.number())
        if job is None or not isinstance(job.result, lists.Imported):
            raise NotThere("The report of this import is not known any more; its cards are in the table.")
        return desk.page("imported.html", asked.visitor, **_report(job.subject, job.result))

    def undo(posted: Posted) -> Response:
        name, who = posted.fields.text("import", 100), posted.visitor.who
        try:
            desk.noted(Action(who, "import undone", name), lambda: _told(lists.undo(desk, who, name)))
        except ListError as error:
            raise DeskRefusal(str(error)) from error
        return to("lists")

    def as_opml(_asked: Asked) -> Response:
        title = f"{desk.settings.site.name}: outlets"
        return _file(opml.write(title, desk.shelf.outlets().values()), "opml", "text/x-opml")

    def as_csv(_asked: Asked) -> Response:
        return _file(table.write(desk.shelf.outlets().values()).encode(), "csv", "text/csv")

    return [
        desk.get("/lists", Scope.READ, ask),
        desk.post("/lists", Scope.OUTLETS, take, largest=MOST_BYTES + 1_000_000),
        desk.get("/lists/{number:int}", Scope.READ, report),
        desk.post("/lists/undo", Scope.OUTLETS, undo),
        desk.get("/lists/outlets.opml", Scope.READ, as_opml),
        desk.get("/lists/outlets.csv", Scope.READ, as_csv),
    ]


def _page(desk: Desk, asked: Asked, status: int = 200, **filled: str) -> Response:
    made = [one for one in batch.batches(desk.shelf.folder) if one.cards][::-1]
    values: dict[str, Any] = {"problem": "", "text": "", "language": "", "country": ""}
    return desk.page("lists.html", asked.visitor, status, imports=made[:_IMPORTS], **(values | filled))


def _take(desk: Desk, posted: Posted) -> Response:
    """Begin an import; what is wrong with the form is told in it, with all that was filled in."""
    fields, who = posted.fields, posted.visitor.who
    name, data = fields.file("file")
    text = fields.whole("text")
    if not data:
        name, data = _PASTED, text.encode()
    facts = {key: fields.text(key, 40) for key in _CHECKS}
    if not data.strip():
        problem = "Choose a file, or paste a list. Nothing was done."
        return _page(desk, posted, DeskRefusal.status, problem=problem, **facts)
    for key, value in facts.items():
        try:
            if value:
                _CHECKS[key](value)
        except ValueError as error:
            return _page(desk, posted, DeskRefusal.status, problem=f"{key}: {error}", text=text, **facts)
    wanted = Wanted(facts["language"] or None, facts["country"] or None)
    is_dry, discovers = fields.text("do") != "import", fields.has("discover")
    taken = lists.Taken(name, data, wanted, is_dry, discovers)
    begun = Action(who, "list looked at" if is_dry else "list imported", name)
    job = desk.noted(begun, lambda: lists.begin(desk, who, taken))
    return to(f"jobs/{job.id}")


def _report(name: str, made: lists.Imported) -> dict[str, Any]:
    ends = made.plan.ends
    return {
        "name": name,
        "made": made,
        "new": made.plan.new[:_MOST_LINES],
        "looks": made.looks[:_MOST_LINES],
        "counts": sorted(Counter(one.end.value for one in ends).items()),
        "troubles": [one for one in ends if one.end.is_trouble][:_MOST_LINES],
        "known": [one for one in ends if one.end.value.startswith("known/")][:_MOST_LINES],
    }


def _told(done: batch.Undone) -> str:
    return f"{len(done.removed)} cards removed, {len(done.changed)} changed since and left"


def _file(data: bytes, ending: str, kind: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="outlets.{ending}"'}
    return Response(data, media_type=kind, headers=headers)
