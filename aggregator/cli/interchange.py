"""``aggregator outlet import`` and ``export``: lists of outlets, in and out."""

import json
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli import list_report as report
from aggregator.cli.context import good_cards, options, stderr, stdout
from aggregator.errors import ConfigError, ListError
from aggregator.interchange.listed import Format

if TYPE_CHECKING:
    from aggregator.cli.context import Options
    from aggregator.config import Settings
    from aggregator.interchange.listed import Entry
    from aggregator.interchange.looks import Looked
    from aggregator.interchange.merging import Plan

_STDIN = "-"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("import")(import_list)
    app.command("imports")(imports)
    app.command("export")(export)


def import_list(  # noqa: PLR0913 - an option is a parameter
    context: typer.Context,
    file: Annotated[
        str | None,
        typer.Argument(metavar="[FILE]", help="The list; - is standard input. With --undo a name."),
    ] = None,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would be written; write nothing.")
    ] = False,
    written: Annotated[
        Format | None, typer.Option("--format", help="How the list is written, if its start misleads.")
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="Language of outlets that tell none, such as fr.")
    ] = None,
    country: Annotated[
        str | None, typer.Option(help="Country of outlets that tell none, such as FR.")
    ] = None,
    discover: Annotated[
        bool, typer.Option("--discover", help="Look at each home page for what the list does not tell.")
    ] = False,
    undo: Annotated[
        bool, typer.Option("--undo", help="Remove the cards of an import, the last by default.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The report as JSON, for programs.")] = False,
) -> None:
    """Make cards from a list of outlets: OPML, CSV, or an address a line. Nothing is fetched.

    Feeds of one outlet become one card, and outlets that have a card stay as they are. Rights stay at
    link until you have read a licence. With `--discover` home pages are asked for feeds, language, country,
    name, licence and robots.txt; cut off, the same command goes on.

    Example: `aggregator outlet import feeds.opml --dry-run`, `aggregator outlet import feeds.opml`,
    `aggregator outlet import --undo`
    """
    from aggregator import config  # late: --help must not wait for the settings' library

    settings = config.settings()
    if undo:
        _undo(settings, file)
    elif file is None:
        raise typer.BadParameter("name the list: a file, or - for standard input", param_hint="FILE")
    else:
        facts = {"language": language, "country": country}
        shown = options(context)
        looker = _Looker(settings, shown) if discover else None
        _import(settings, file, written, facts, looker, dry_run=dry_run, as_json=as_json, shown=shown)


def _import(
    settings: "Settings",
    file: str,
    written: Format | None,
    facts: "dict[str, str | None]",
    looker: "_Looker | None",
    *,
    dry_run: bool,
    as_json: bool,
    shown: "Options",
) -> None:
    from aggregator import clock  # late: --help must not wait for these
    from aggregator.interchange import batch, reading

    started = monotonic()
    data, name = _read(file)
    written = written or reading.format_of(data)
    entries = list(reading.read(data, name, written))
    with _bar("reading the list", len(entries), shown) as advance:
        plan = _plan(settings, entries, facts, advance)
    plan, looks = looker.look(plan) if looker else (plan, ())
    noted = None
    if plan.new and not dry_run:
        with _bar("writing cards", len(plan.new), shown) as advance:
            noted = batch.write(plan.new, settings.path(settings.outlets), name, clock.now(), advance)
        if looker:
            looker.notebook.forget()
    if as_json:
        typer.echo(json.dumps(report.as_facts(plan, noted, looks), ensure_ascii=False, indent=2))
    else:
        report.print_looks(looks)
        report.print_plan(plan, f"{name} ({written.value})", noted, monotonic() - started)
    if plan.ends and all(end.end.is_trouble for end in plan.ends):
        raise ListError(f"{name}: no entry of it can be used; see the lines above")


class _Looker:
    """Looks at the home pages of a plan, with progress; what was seen is kept until its cards are written."""

    def __init__(self, settings: "Settings", shown: "Options") -> None:
        from aggregator.interchange.looks import Notebook  # late: as above

        self._settings, self._shown = settings, shown
        self.notebook = Notebook(settings.path(settings.outlets))

    def look(self, plan: "Plan") -> "tuple[Plan, Sequence[Looked]]":
        """The plan with what home pages told."""
        from aggregator.interchange.discovering import discovered  # late: as above

        with _bar("looking at home pages", len(plan.new), self._shown) as advance:
            try:
                return discovered(
                    self._settings,
                    plan,
                    self.notebook,
                    on_look=lambda _looked: advance(),
                    stop=threading.Event(),
                )
            except KeyboardInterrupt:
                stderr().print("cut off; the same command goes on where this one was")
                raise


def _read(file: str) -> tuple[bytes, str]:
    from aggregator.interchange.listed import MOST_BYTES  # late: as above

    if file == _STDIN:
        return sys.stdin.buffer.read(MOST_BYTES + 1), "standard input"
    try:
        with Path(file).open("rb") as opened:
            return opened.read(MOST_BYTES + 1), file
    except OSError as error:
        raise ListError(f"{file}: cannot be read: {error.strerror}") from error


def _plan(
    settings: "Settings",
    entries: "Sequence[Entry]",
    facts: "dict[str, str | None]",
    advance: Callable[[], object],
) -> "Plan":
    from aggregator.interchange import merging  # late: as above
    from aggregator.outlets import checks

    for key, check in (("language", checks.language), ("country", checks.country)):
        try:
            if value := facts[key]:
                check(value)
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint=f"--{key}") from error
    folder = settings.path(settings.outlets)
    cards = good_cards(settings) if folder.is_dir() else {}
    taken = [path.stem for path in folder.glob("*.toml")]
    wanted = merging.Wanted(facts["language"], facts["country"])
    return merging.plan(entries, cards, wanted, taken=taken, on_outlet=advance)


@contextmanager
def _bar(words: str, total: int, shown: "Options") -> Iterator[Callable[[], None]]:
    console = stderr()
    if not (shown.shows_progress and console.is_terminal):
        yield lambda: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # late: only for a terminal

    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=console, transient=True
    ) as bars:
        task = bars.add_task(words, total=total)
        yield lambda: bars.advance(task)


def imports() -> None:
    """List former imports; each can be undone by its name.

    Example: `aggregator outlet imports`
    """
    from aggregator import config  # late: --help must not wait for these
    from aggregator.interchange import batch

    console = stdout()
    settings = config.settings()
    found = batch.batches(settings.path(settings.outlets))
    if not found:
        console.print("nothing was imported yet")
    for one in found:
        end = f"; undone {one.undone_at:%Y-%m-%d %H:%M}" if one.undone_at else ""
        console.print(
            f"{one.name}: {len(one.cards)} cards from {one.origin}{end}", markup=False, soft_wrap=True
        )


def _undo(settings: "Settings", name: str | None) -> None:
    from aggregator import clock  # late: as above
    from aggregator.interchange import batch

    done = batch.undo(settings.path(settings.outlets), name, clock.now())
    console = stdout()
    console.print(f"{done.batch.name}: {len(done.removed)} cards removed", markup=False)
    for slug in done.changed:
        console.print(f"{slug}: changed since its import; left as it is", markup=False)
    if done.gone:
        console.print(f"{len(done.gone)} were gone already", markup=False)


def export(
    out: Annotated[Path, typer.Argument(metavar="FILE", help="Where to; - is standard output.")],
    *,
    written: Annotated[
        Format | None, typer.Option("--format", help="opml, csv or lines; by the file's ending if left out.")
    ] = None,
) -> None:
    """Write all outlets with their seeds as a list: OPML, CSV, or the addresses of their seeds.

    `aggregator outlet import` makes the same outlets of the first two. Example:
    `aggregator outlet export feeds.opml`, `aggregator outlet export - --format csv`
    """
    from aggregator import config, outlets  # late: --help must not wait for these
    from aggregator.interchange import opml, table

    settings = config.settings()
    cards = list(good_cards(settings).values())
    match written or {".csv": Format.CSV, ".txt": Format.LINES}.get(out.suffix.lower(), Format.OPML):
        case Format.OPML:
            text = opml.write(f"{settings.site.name}: outlets", cards).decode()
        case Format.CSV:
            text = table.write(cards)
        case Format.LINES:
            text = "".join(f"{seed.url}\n" for card in cards for seed in card.seeds)
    if str(out) == _STDIN:
        typer.echo(text, nl=False)
        return
    if out.is_dir():
        raise ConfigError(f"{out}: expected a file to write to; got a folder")
    outlets.put(out, text)
    typer.echo(f"wrote {out}: {len(cards)} outlets")
