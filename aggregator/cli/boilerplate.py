"""``aggregator boilerplate``: what each outlet's pages have taught, and an operator's word on it."""

import dataclasses
import json
from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.context import database, stdout
from aggregator.errors import UnknownOutletError
from aggregator.model.boilerplate import LineState, Ruling

if TYPE_CHECKING:
    from aggregator.model.boilerplate import LearnedLine, LearnedOutlet

_PIPE_CHARS = 250
_MOST_LINES = 100
_SAMPLE_CHARS = 110
_ORDER = (LineState.KEPT, LineState.DROPPED, LineState.ACTIVE, LineState.SHADOW, LineState.COUNTED)
_EMPTY = (
    "nothing was learned yet: each new article that a crawl stores teaches, and `aggregator reextract` "
    "learns from those that are stored already"
)
_Slug = Annotated[str, typer.Argument(metavar="OUTLET", help="The outlet's slug.")]
_LineId = Annotated[
    str, typer.Argument(metavar="LINE", help="The line's id as `show` prints it, or its first digits.")
]
_Json = Annotated[bool, typer.Option("--json", help="JSON instead of a table.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    boilerplate = typer.Typer(
        no_args_is_help=True, help="See what outlets' pages have taught about boilerplate, and rule on it."
    )
    boilerplate.command("list")(list_outlets)
    boilerplate.command("show")(show)
    boilerplate.command("keep")(keep)
    boilerplate.command("drop")(drop)
    boilerplate.command("reset")(reset)
    app.add_typer(boilerplate, name="boilerplate")


def list_outlets(*, as_json: _Json = False) -> None:
    """List the outlets that have taught: pages, lines by what becomes of them, share of text that was cut.

    Example: `aggregator boilerplate list`
    """
    from aggregator import config  # late: --help must not wait for the store
    from aggregator.store import boilerplate

    with database(config.settings()) as db:
        outlets = boilerplate.outlets(db)
    if as_json:
        typer.echo(_json([dataclasses.asdict(each) for each in outlets]))
        return
    if not outlets:
        typer.echo(_EMPTY)
        return
    headings = ("outlet", "pages", "version", *(state.value for state in _ORDER), "cut", "last learned")
    _print_table(headings, [_outlet_row(each) for each in outlets])
    if any(each.is_shadow for each in outlets):
        typer.echo(_shadow_words())


def _outlet_row(each: "LearnedOutlet") -> tuple[str, ...]:
    share = f"{100 * each.cut_chars / each.text_chars:.1f} %" if each.text_chars else ""
    counts = (str(each.lines.get(state) or "") for state in _ORDER)
    at = each.learned_at.isoformat(" ", "minutes")
    return (each.outlet, str(each.pages), str(each.version), *counts, share, at)


def _shadow_words() -> str:
    from aggregator.extract.learned import SHADOW_PAGES  # late: as the store

    return f"shadow: would be cut, once {SHADOW_PAGES} pages of the outlet have taught"


def show(
    outlet: _Slug,
    *,
    every: Annotated[
        bool, typer.Option("--all", help="All lines that repeat, also those that are only counted.")
    ] = False,
    as_json: _Json = False,
) -> None:
    """Show an outlet's learned lines: id, state, pages that hold it, since when, the line itself.

    Example: `aggregator boilerplate show harbour-post`
    """
    from aggregator import config  # late: --help must not wait for the store
    from aggregator.store import boilerplate

    with database(config.settings()) as db:
        found = boilerplate.outlet(db, outlet)
    if found is None:
        raise UnknownOutletError(
            f"{outlet}: nothing was learned of this outlet; `aggregator boilerplate list` shows all"
        )
    known, lines = found
    shown = [line for line in lines if every or line.state is not LineState.COUNTED]
    shown.sort(key=lambda line: (_ORDER.index(line.state), -line.pages))
    if as_json:
        typer.echo(_json([dataclasses.asdict(line) for line in shown]))
        return
    _print_lines(known, shown, lines)


def _print_lines(known: "LearnedOutlet", shown: "list[LearnedLine]", lines: "list[LearnedLine]") -> None:
    typer.echo(f"{known.outlet}: {known.pages} pages have taught, version {known.version}")
    if shown:
        headings = ("id", "state", "kind", "pages", "since", "last seen", "line")
        rows = [_line_row(line) for line in shown[:_MOST_LINES]]
        _print_table(headings, rows)
    if len(shown) > _MOST_LINES:
        typer.echo(f"… {len(shown) - _MOST_LINES} more; --json lists all")
    counted = Counter(line.state for line in lines)[LineState.COUNTED]
    if counted and len(shown) < len(lines):
        typer.echo(f"{counted} more lines repeat too rarely to be cut; --all shows them")
    if not lines:
        typer.echo("no line has stood on two pages yet")
    if known.is_shadow:
        typer.echo(_shadow_words())


def _line_row(line: "LearnedLine") -> tuple[str, ...]:
    sample = " ".join(line.sample.split())
    text = sample if len(sample) <= _SAMPLE_CHARS else sample[: _SAMPLE_CHARS - 1] + "…"
    days = (line.first_seen.date().isoformat(), line.last_seen.date().isoformat())
    return (line.id, line.state.value, line.kind.value, f"{line.pages} of {line.of_pages}", *days, text)


def keep(outlet: _Slug, line: _LineId) -> None:
    """Rule that a line is real text: it is never cut from now on.

    Example: `aggregator boilerplate keep harbour-post 3fa9c1`
    """
    _rule(outlet, line, Ruling.KEEP)


def drop(outlet: _Slug, line: _LineId) -> None:
    """Rule that a line is boilerplate: it is cut from now on, however rarely it stands.

    Example: `aggregator boilerplate drop harbour-post 3fa9c1`
    """
    _rule(outlet, line, Ruling.DROP)


def reset(
    outlet: _Slug,
    line: Annotated[
        str | None, typer.Argument(metavar="[LINE]", help="The line whose ruling is taken back.")
    ] = None,
    *,
    every: Annotated[
        bool, typer.Option("--all", help="Forget all that the outlet has taught, rulings too.")
    ] = False,
) -> None:
    """Take back what was ruled on a line, so that its count decides again; or forget a whole outlet.

    Example: `aggregator boilerplate reset harbour-post 3fa9c1`
    """
    if every == (line is not None):
        raise typer.BadParameter("name one line, or give --all", param_hint="LINE")
    if line is not None:
        _rule(outlet, line, None)
        return
    from aggregator import config  # late: --help must not wait for the store
    from aggregator.store import boilerplate

    with database(config.settings()) as db:
        count = boilerplate.forget(db, outlet)
    typer.echo(f"{outlet}: {count} repeated lines are forgotten; its next new articles teach anew")


def _rule(outlet: str, line: str, ruling: Ruling | None) -> None:
    from aggregator import clock, config  # late: --help must not wait for the store
    from aggregator.store import boilerplate

    with database(config.settings()) as db:
        ruled = boilerplate.rule(db, outlet, line, ruling, clock.now())
    sample = " ".join(ruled.sample.split())[:_SAMPLE_CHARS]
    typer.echo(f"{outlet} {ruled.id} is {ruled.state.value}: {sample}")
    if ruled.state is not LineState.COUNTED or ruling is None:
        typer.echo(f"stored articles follow with `aggregator reextract --outlet {outlet}`")


def _print_table(headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    from rich.table import Table  # late: only commands that print pay for it
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold", no_wrap=heading != "line")
    for row in rows:
        table.add_row(*map(Text, row))  # a line of an outlet may look like markup
    console = stdout()
    if not console.is_terminal:
        console.width = _PIPE_CHARS
    console.print(table)


def _json(rows: list[dict[str, object]]) -> str:
    return json.dumps(rows, ensure_ascii=False, indent=2, default=str)
