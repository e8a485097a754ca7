"""``aggregator dump``: the analysts' file."""

import os
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from aggregator.cli.context import database, steps

if TYPE_CHECKING:
    from aggregator.store.dump import Progress
    from aggregator.store.engine import Database

_YIELDS: Final = 10
"""Niceness: where processors are short, crawl and site go first. With 19 a dump would hardly go on beside a
crawl that takes all of them, and SQLite's log grows as long as one moment is read."""


class FormatName(StrEnum):
    """The formats by name: --help must not wait for the store, which knows them."""

    SQLITE = "sqlite"
    PARQUET = "parquet"
    JSONL = "jsonl"
    CSV = "csv"


_END = {FormatName.SQLITE: ".sqlite3"} | {
    each: f"-{each.value}" for each in FormatName if each is not FormatName.SQLITE
}


Out = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="The file to write, or the folder for a file of each table; by default dated, in the dumps "
        "folder.",
    ),
]
Public = Annotated[
    bool,
    typer.Option(
        "--public/--internal",
        help="Only what everybody may have: texts as readers of the site get them. Or everything.",
    ),
]
Search = Annotated[
    bool, typer.Option("--search/--no-search", help="Add a full-text index; it takes half of the time.")
]
Form = Annotated[
    FormatName,
    typer.Option("--format", help="One SQLite file, or a folder with a file for each table."),
]
Zstd = Annotated[bool, typer.Option("--zstd", help="Pack it with Zstandard; Parquet always is.")]
Since = Annotated[
    datetime | None,
    typer.Option(
        metavar="DATE",
        formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"],
        help="Only articles stored since then (UTC), and what they refer to.",
    ),
]
SinceDump = Annotated[
    Path | None,
    typer.Option("--since-dump", metavar="FILE", help="Only what changed since this older dump."),
]
ApplyTo = Annotated[
    Path | None,
    typer.Option(
        "--apply", metavar="FILE", help="Bring --out up to date with what --since-dump wrote, and end."
    ),
]
Gentle = Annotated[
    bool,
    typer.Option(
        "--gentle/--full-speed",
        help="Let crawls and the site go first, and rest half of the time while a crawl is under way. "
        "Or go on as fast as can be.",
    ),
]
Dictionary = Annotated[
    bool,
    typer.Option("--dictionary", help="Print what every table and column means, as Markdown, and end."),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("dump")(dump)


def dump(  # noqa: PLR0913 - an option is a parameter
    context: typer.Context,
    *,
    out: Out = None,
    public: Public = False,
    search: Search = True,
    form: Form = FormatName.SQLITE,
    zstd: Zstd = False,
    since: Since = None,
    since_dump: SinceDump = None,
    apply_to: ApplyTo = None,
    gentle: Gentle = True,
    dictionary: Dictionary = False,
) -> None:
    """Write everything into one documented SQLite file for analysts.

    Examples: `aggregator dump --out news.sqlite3`, `aggregator dump --public --out public.sqlite3`,
    `aggregator dump --format parquet --out news`
    """
    from aggregator import clock, config
    from aggregator.store.dump import Audience, Format, Wanted, dictionary_page
    from aggregator.store.dump import dump as write

    if dictionary:
        typer.echo(dictionary_page(), nl=False)
        return
    if apply_to is not None:
        _apply(context, apply_to, out)
        return
    settings = config.settings()
    wanted = Wanted(
        Audience.PUBLIC if public else Audience.INTERNAL,
        has_search=search and form is FormatName.SQLITE and since_dump is None,
        format=Format(form.value),
        is_compressed=zstd,
        since=since.replace(tzinfo=UTC) if since else None,
        base=since_dump,
    )
    stem = "aggregator-public" if public else "aggregator"
    path = out or settings.path(settings.dumps) / f"{stem}-{clock.now():%Y-%m-%d-%H%M%S}{_END[form]}"
    with database(settings) as db, steps(context) as on_progress:
        report = write(db, path, wanted, progress=_gently(db, on_progress) if gentle else on_progress)
    typer.echo(str(report))


def _gently(db: "Database", on_progress: "Progress") -> "Progress":
    """Have the work go behind crawls: its progress is where it rests."""
    from aggregator.store import living  # late: --help must not wait for the store
    from aggregator.store.pace import Pace

    os.nice(_YIELDS)
    pace = Pace(lambda: bool(living.under_way(db)))

    def rest(what: str, count: int) -> None:
        on_progress(what, count)
        pace.rest()

    return rest


def _apply(context: typer.Context, newer: Path, target: Path | None) -> None:
    from aggregator.store.dump import apply  # late: --help must not wait for the store

    if target is None:
        raise typer.BadParameter("name the older dump with --out", param_hint="--apply")
    with steps(context) as on_progress:
        rows = apply(newer, target, progress=on_progress)
    typer.echo(f"{target}: {rows['article']} articles, {sum(rows.values())} rows, as {newer} has them")
