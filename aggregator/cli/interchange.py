"""``aggregator outlet import`` and ``export``: lists of outlets, in and out."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.context import good_cards, options, stderr, stdout
from aggregator.errors import ConfigError, ListError
from aggregator.interchange.listed import Format

if TYPE_CHECKING:
    from aggregator.cli.context import Options
    from aggregator.config import Settings
    from aggregator.interchange.batch import Batch
    from aggregator.interchange.listed import Entry
    from aggregator.interchange.merging import Plan
    from aggregator.model.outlet import Outlet

_MOST_TROUBLES = 50
_STDIN = "-"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("import")(import_list)
    app.command("imports")(imports)
    app.command("export")(export)


def import_list(
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
    undo: Annotated[
        bool, typer.Option("--undo", help="Remove the cards of an import, the last by default.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The report as JSON, for programs.")] = False,
) -> None:
    """Make cards from a list of outlets: OPML, CSV, or an address a line. Nothing is fetched.

    Feeds of one outlet become one card, and outlets that have a card stay as they are. Rights stay at
    link until you have read a licence. Example: `aggregator outlet import feeds.opml --dry-run`,
    `aggregator outlet import feeds.opml`, `aggregator outlet import --undo`
    """
    from aggregator import config  # late: --help must not wait for the settings' library

    settings = config.settings()
    if undo:
        _undo(settings, file)
    elif file is None:
        raise typer.BadParameter("name the list: a file, or - for standard input", param_hint="FILE")
    else:
        facts = {"language": language, "country": country}
        _import(settings, file, written, facts, dry_run=dry_run, as_json=as_json, shown=options(context))


def _import(
    settings: "Settings",
    file: str,
    written: Format | None,
    facts: "dict[str, str | None]",
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
    noted = None
    if plan.new and not dry_run:
        with _bar("writing cards", len(plan.new), shown) as advance:
            noted = batch.write(plan.new, settings.path(settings.outlets), name, clock.now(), advance)
    if as_json:
        typer.echo(json.dumps(_facts(plan, noted), ensure_ascii=False, indent=2))
    else:
        _print(plan, name, written, noted, monotonic() - started)
    if plan.ends and all(end.end.is_trouble for end in plan.ends):
        raise ListError(f"{name}: no entry of it can be used; see the lines above")


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


def _print(plan: "Plan", name: str, written: Format, noted: "Batch | None", seconds: float) -> None:
    console = stdout()
    for one in plan.new:
        console.print(_line(one.outlet, one.guesses), markup=False, soft_wrap=True)
    troubles = [end for end in plan.ends if end.end.is_trouble]
    for end in troubles[:_MOST_TROUBLES]:
        console.print(f"line {end.line}: {end.end.value}: {end.words}", markup=False, soft_wrap=True)
    if len(troubles) > _MOST_TROUBLES:
        console.print(
            f"and {len(troubles) - _MOST_TROUBLES} more such lines; --json has them all", markup=False
        )
    for reason, count in sorted(Counter(end.end.value for end in plan.ends).items()):
        console.print(f"{count:8} {reason}", markup=False)
    told = f"{name} ({written.value}): {len(plan.ends)} entries, {len(plan.new)} outlets; {seconds:.1f} s"
    console.print(f"{told}; nothing was written" if noted is None else told, markup=False, soft_wrap=True)
    if noted is not None:
        console.print(f"undo: aggregator outlet import --undo {noted.name}", markup=False)
    if any(one.guesses for one in plan.new):
        console.print(
            "facts behind ? are guesses; see the cards, or give --language and --country", markup=False
        )


def _line(outlet: "Outlet", guesses: tuple[str, ...]) -> str:
    """What the list told of an outlet."""
    kinds = Counter(seed.kind.value for seed in outlet.seeds)
    seeds = ", ".join(f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in kinds.items())
    facts = {"name": outlet.name, "homepage": outlet.homepage}
    facts |= {"language": outlet.language, "country": outlet.country}
    told = [f"{value}?" if key in guesses else value for key, value in facts.items()]
    return f"{outlet.slug}: {', '.join(told)}; {seeds}"


def _facts(plan: "Plan", noted: "Batch | None") -> dict[str, object]:
    return {
        "import": noted.name if noted else None,
        "counts": dict(sorted(Counter(end.end.value for end in plan.ends).items())),
        "outlets": [
            {
                "outlet": one.outlet.slug,
                "name": one.outlet.name,
                "homepage": one.outlet.homepage,
                "language": one.outlet.language,
                "country": one.outlet.country,
                "seeds": [{"kind": seed.kind.value, "url": seed.url} for seed in one.outlet.seeds],
                "guesses": list(one.guesses),
            }
            for one in plan.new
        ],
        "entries": [
            {"line": end.line, "end": end.end.value, "outlet": end.outlet or None, "detail": end.words}
            for end in plan.ends
        ],
    }


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
