"""``aggregator archive``: WARC files, ours and those of others."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.context import Options, database, good_cards, options, stderr, stdout

if TYPE_CHECKING:
    from rich.console import Console

    from aggregator.config import Settings
    from aggregator.importing import Wanted
    from aggregator.model.outlet import Outlet

_EPILOG = """
Examples: `aggregator archive import CC-NEWS-20261128.warc.gz --dry-run` tells what would come;
`aggregator archive import own-*.warc.gz --outlet harbour-post` takes hosts without a card for its own.

End it when you like: the same call goes on where it was.
"""

commands = typer.Typer(no_args_is_help=True, help="Archives: WARC files, ours and those of others.")

Files = Annotated[list[Path], typer.Argument(metavar="FILE…", help="WARC files, plain or gzip.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(commands, name="archive")


@commands.command("import", epilog=_EPILOG)
def import_archives(
    context: typer.Context,
    files: Files,
    *,
    outlet: Annotated[
        str | None, typer.Option(metavar="SLUG", help="Whose the pages of hosts without a card are.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would come, extract and write nothing.")
    ] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Most pages to extract.")] = None,
    publish: Annotated[
        bool, typer.Option("--publish", help="Let old pages wait for editions as if they were new.")
    ] = False,
) -> None:
    """Import pages from WARC files (such as CC-NEWS) as if they were crawled when they were recorded.

    A page belongs to the outlet whose card has its host. What was imported before is passed over. Pages that
    were fetched more than two days ago are stored and go out in no edition, unless you say --publish.
    """
    from aggregator import config  # late: --help must not wait for the store
    from aggregator.cli.crawl import known
    from aggregator.importing import Wanted

    _readable(files)
    settings = config.settings()
    cards = good_cards(settings, *([outlet] if outlet else []))
    given = cards[known(cards, [outlet])[0]] if outlet else None
    _import(settings, cards, files, Wanted(given, limit, publish, dry_run), options(context))


def _readable(files: list[Path]) -> None:
    for file in files:
        if not file.is_file():
            raise typer.BadParameter(f"{file}: no such file", param_hint="FILE")


def _import(
    settings: "Settings", cards: "dict[str, Outlet]", files: list[Path], wanted: "Wanted", shown: Options
) -> None:
    from aggregator.cli.archive_report import Report
    from aggregator.extract.pool import ExtractorPool, core_count
    from aggregator.importing import Importer
    from aggregator.store import outlets as stored_outlets

    started, report, crawl = monotonic(), Report(), settings.crawl
    try:
        with (
            database(settings) as db,
            ExtractorPool(crawl.processes or core_count(), crawl.page_seconds) as pool,
            _progress(files, shown) as tell,
        ):
            if not wanted.is_dry:
                stored_outlets.sync(db, list(cards.values()))
            for ended in Importer(db, settings, pool).run(cards, files, wanted):
                report.add(ended)
                tell(ended.file, ended.offset_bytes)
    finally:
        _print(stdout(), report.lines(monotonic() - started, is_dry=wanted.is_dry))
    if report.is_nothing_readable:
        raise typer.Exit(65)


@commands.command("list")
def list_archives() -> None:
    """List our own archive's files: their size, their pages, and how many of these are articles' newest.

    Example: `aggregator archive list`
    """
    from rich.table import Table  # late: --help must not wait for these

    from aggregator import config
    from aggregator.store import archived

    settings = config.settings()
    with database(settings) as db:
        kept = archived.by_file(db)
    folder = settings.path(settings.pages)
    sizes = {path.relative_to(folder).as_posix(): path.stat().st_size for path in folder.rglob("*.warc.gz")}
    if not (kept or sizes):
        typer.echo(f"{folder}: no page was kept yet")
        return
    table = Table("file", "MB", "pages", "articles", "first fetched", "last fetched")
    for name in sorted(kept.keys() | sizes.keys()):
        one = kept.get(name)
        size = f"{sizes[name] / 1e6:.1f}" if name in sizes else "gone"
        moments = (f"{one.first:%Y-%m-%d %H:%M}", f"{one.last:%Y-%m-%d %H:%M}") if one else ("", "")
        counts = (str(one.pages), str(one.articles)) if one else ("0", "0")
        table.add_row(name, size, *counts, *moments)
    stdout().print(table)


@commands.command("verify")
def verify(
    context: typer.Context,
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]…", help="WARC files; all of ours by default.")
    ] = None,
) -> None:
    """Read every record of WARC files and name those that cannot be read. Ends with 1 if there is any.

    Example: `aggregator archive verify`
    """
    from aggregator import config, warc
    from aggregator.cli.archive_report import Verified

    settings = config.settings()
    chosen = files or sorted(settings.path(settings.pages).rglob("*.warc.gz"))
    _readable(chosen)
    report = Verified()
    with _progress(chosen, options(context)) as tell:
        for file in chosen:
            for record in warc.records(file, settings.crawl.max_page_bytes, lambda _: None):
                report.add(file, record)
                tell(file, record.offset_bytes)
    _print(stdout(), report.lines(len(chosen)))
    if report.broken:
        raise typer.Exit(1)


def _print(console: "Console", lines: list[str]) -> None:
    for line in lines:
        console.print(line, markup=False, soft_wrap=True)


@contextmanager
def _progress(files: list[Path], shown: Options) -> "Iterator[Callable[[Path, int], None]]":
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    console = stderr()
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
    )
    sizes = [file.stat().st_size for file in files]
    before = {file: sum(sizes[:number]) for number, file in enumerate(files)}
    is_silent = not (shown.shows_progress and console.is_terminal)
    with Progress(*columns, console=console, transient=True, disable=is_silent) as bars:
        task = bars.add_task("", total=sum(sizes))

        def tell(file: Path, offset_bytes: int) -> None:
            bars.update(task, completed=before[file] + offset_bytes, description=file.name)

        yield tell
