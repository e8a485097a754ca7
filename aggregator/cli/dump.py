"""``aggregator dump``: the analysts' file."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from aggregator.cli.context import database, options, stderr


class FormatName(StrEnum):
    """The formats by name: --help must not wait for the store, which knows them."""

    SQLITE = "sqlite"
    PARQUET = "parquet"
    JSONL = "jsonl"
    CSV = "csv"


_END = {FormatName.SQLITE: ".sqlite3"} | {
    each: f"-{each.value}" for each in FormatName if each is not FormatName.SQLITE
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("dump")(dump)


def dump(
    context: typer.Context,
    *,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The file to write, or the folder for a file of each table; by default dated, in the dumps "
            "folder.",
        ),
    ] = None,
    public: Annotated[
        bool,
        typer.Option(
            "--public/--internal",
            help="Only what everybody may have: texts as readers of the site get them. Or everything.",
        ),
    ] = False,
    search: Annotated[
        bool, typer.Option("--search/--no-search", help="Add a full-text index; it takes half of the time.")
    ] = True,
    form: Annotated[
        FormatName,
        typer.Option("--format", help="One SQLite file, or a folder with a file for each table."),
    ] = FormatName.SQLITE,
    zstd: Annotated[bool, typer.Option("--zstd", help="Pack it with Zstandard; Parquet always is.")] = False,
    dictionary: Annotated[
        bool,
        typer.Option("--dictionary", help="Print what every table and column means, as Markdown, and end."),
    ] = False,
) -> None:
    """Write everything into one documented SQLite file for analysts.

    Examples: `aggregator dump --out news.sqlite3`, `aggregator dump --public --out public.sqlite3`,
    `aggregator dump --format parquet --out news`
    """
    from rich.progress import Progress, SpinnerColumn, TextColumn  # late: --help must not wait for these

    from aggregator import clock, config
    from aggregator.store.dump import Audience, Format, Wanted, dictionary_page
    from aggregator.store.dump import dump as write

    if dictionary:
        typer.echo(dictionary_page(), nl=False)
        return
    settings = config.settings()
    wanted = Wanted(
        Audience.PUBLIC if public else Audience.INTERNAL,
        has_search=search and form is FormatName.SQLITE,
        format=Format(form.value),
        is_compressed=zstd,
    )
    stem = "aggregator-public" if public else "aggregator"
    path = out or settings.path(settings.dumps) / f"{stem}-{clock.now():%Y-%m-%d-%H%M%S}{_END[form]}"
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False))
    console = stderr()
    is_silent = not (options(context).shows_progress and console.is_terminal)
    with (
        database(settings) as db,
        Progress(*columns, console=console, transient=True, disable=is_silent) as bars,
    ):
        task = bars.add_task("dump starts")

        def on_progress(table: str, rows: int) -> None:
            bars.update(task, description=f"{table}: {rows} rows")

        report = write(db, path, wanted, progress=on_progress)
    typer.echo(str(report))
