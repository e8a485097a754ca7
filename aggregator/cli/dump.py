"""``aggregator dump``: the analysts' file."""

from pathlib import Path
from typing import Annotated

import typer

from aggregator.cli.context import database, options, stderr


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("dump")(dump)


def dump(
    context: typer.Context,
    *,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The file to write; by default dated, in the dumps folder."),
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
    dictionary: Annotated[
        bool,
        typer.Option("--dictionary", help="Print what every table and column means, as Markdown, and end."),
    ] = False,
) -> None:
    """Write everything into one documented SQLite file for analysts.

    Examples: `aggregator dump --out news.sqlite3`, `aggregator dump --public --out public.sqlite3`
    """
    from rich.progress import Progress, SpinnerColumn, TextColumn  # late: --help must not wait for these

    from aggregator import clock, config
    from aggregator.store.dump import Audience, Wanted, dictionary_page
    from aggregator.store.dump import dump as write

    if dictionary:
        typer.echo(dictionary_page(), nl=False)
        return
    settings = config.settings()
    audience = Audience.PUBLIC if public else Audience.INTERNAL
    stem = "aggregator-public" if public else "aggregator"
    path = out or settings.path(settings.dumps) / f"{stem}-{clock.now():%Y-%m-%d-%H%M%S}.sqlite3"
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

        report = write(db, path, Wanted(audience, has_search=search), progress=on_progress)
    typer.echo(str(report))
