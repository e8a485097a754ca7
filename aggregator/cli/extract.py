"""``aggregator extract``: bulk extraction of saved pages."""

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from aggregator.cli.context import options, stderr

if TYPE_CHECKING:
    from collections.abc import Callable

    from aggregator.extract.bulk import BulkReport
    from aggregator.model.article import Article

_EPILOG = """
Examples: `aggregator extract --manifest pages.jsonl --out articles.jsonl` writes one article a line;
`aggregator extract --manifest pages.jsonl --out - --quiet | jq .title` reads them at once.

A line of the manifest is `{"id": "1", "url": "https://example.org/a", "html": "pages/1.html.gz"}`; the path
is relative to the manifest. A line of the output holds id, url, title, authors, published, lang, body and the
article's other fields, or id, url and error.
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("extract", epilog=_EPILOG)(extract)


def extract(
    context: typer.Context,
    *,
    manifest: Annotated[
        Path,
        typer.Option(metavar="FILE", help="JSONL of saved pages: id, url, html (a path, may end in .gz)."),
    ],
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="JSONL to write, one article a line; - for standard output.")
    ],
    processes: Annotated[int, typer.Option(min=0, max=64, help="Worker processes; 0 means one a core.")] = 0,
    page_seconds: Annotated[float, typer.Option(min=0.1, max=600, help="Time limit of one page.")] = 10.0,
    learn: Annotated[
        bool, typer.Option(help="Cut what repeats over a host's pages; each page teaches those after it.")
    ] = True,
    learn_from: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Go on from what this file remembers, and write it anew."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")] = False,
) -> None:
    """Extract articles from saved pages: all cores, same order; a bad page gives a line with its error."""
    from aggregator.extract.pool import core_count  # late: --help must not wait for it

    is_quiet = quiet or not options(context).shows_progress
    from aggregator.extract.teachers import Teachers

    teachers = Teachers.load(learn_from) if learn_from else Teachers()
    clean = teachers.clean if learn or learn_from else None
    report = _run(manifest, out, processes or core_count(), page_seconds, clean=clean, is_quiet=is_quiet)
    if learn_from:
        teachers.save(learn_from)
    if not is_quiet:
        stderr().print(_summary(report), markup=False)


def _run(
    manifest: Path,
    out: Path,
    processes: int,
    page_seconds: float,
    *,
    clean: "Callable[[Article], Article] | None",
    is_quiet: bool,
) -> "BulkReport":
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from aggregator.extract import bulk
    from aggregator.extract.pool import ExtractorPool

    total = bulk.count(manifest)
    console = stderr()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    is_silent = is_quiet or not console.is_terminal
    with ExitStack() as stack:
        file: TextIO = sys.stdout if str(out) == "-" else stack.enter_context(bulk.output(out))
        pool = stack.enter_context(ExtractorPool(processes, page_seconds))
        bars = stack.enter_context(Progress(*columns, console=console, transient=True, disable=is_silent))
        task = bars.add_task("extracting", total=total)
        return bulk.run(
            manifest,
            file.write,
            pool,
            bulk.window(processes),
            lambda: bars.advance(task),
            clean=clean or (lambda article: article),
        )


def _summary(report: "BulkReport") -> str:
    errors = f", {report.errors} with an error" if report.errors else ""
    milliseconds = 1000 * report.cpu_seconds / max(report.pages, 1)
    return (
        f"{report.pages} pages read{errors}; {report.cpu_seconds:.1f} s of CPU, {milliseconds:.0f} ms a page"
    )
