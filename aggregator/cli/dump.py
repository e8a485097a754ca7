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
) -> None:
    """Write everything into one documented SQLite file for analysts.

    Example: `aggregator dump --out news.sqlite3`
    """
    from rich.progress import Progress, SpinnerColumn, TextColumn  # late: --help must not wait for these

    from aggregator import clock, config
    from aggregator.store.dump import dump as write

    settings = config.settings()
    path = out or settings.path(settings.dumps) / f"aggregator-{clock.now():%Y-%m-%d-%H%M%S}.sqlite3"
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

        report = write(db, path, progress=on_progress)
    typer.echo(str(report))
