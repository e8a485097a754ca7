"""``aggregator extract``: the article of one page, explained if asked for, or those of many saved pages."""

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
Examples: `aggregator extract page.html` prints the article of a saved page to be read;
`aggregator extract https://www.example.org/news/1 --explain` fetches one page politely and shows where
each field came from, what was kept, what was cut, and why; `--html why.html` writes the same as a page;
`curl … | aggregator extract - --url URL --json | jq .title` takes what you have already;
`aggregator extract --manifest pages.jsonl --out articles.jsonl` extracts many saved pages.

A line of the manifest is `{"id": "1", "url": "https://example.org/a", "html": "pages/1.html.gz"}`; the path
is relative to the manifest. A line of the output, and of `--json`, holds id, url, title, authors,
published, lang, body and the article's other fields, or id, url and error.
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("extract", epilog=_EPILOG)(extract)


def extract(  # noqa: PLR0913 - an option is a parameter
    context: typer.Context,
    *,
    page: Annotated[
        str | None,
        typer.Argument(metavar="FILE|URL|-", help="One page: saved, on the web, or on standard input."),
    ] = None,
    url: Annotated[str | None, typer.Option(metavar="URL", help="Where a saved page came from.")] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show each field's origin, what was cut, and why.")
    ] = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the explanation as a page, too.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The article as one JSON object.")] = False,
    outlet: Annotated[
        str | None, typer.Option(metavar="SLUG", help="Use this card's rules and manners.")
    ] = None,
    manifest: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="JSONL of saved pages: id, url, html (a path, may end in .gz)."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="JSONL to write, one article a line; - for standard output."),
    ] = None,
    processes: Annotated[int, typer.Option(min=0, max=64, help="Worker processes; 0 means one a core.")] = 0,
    page_seconds: Annotated[float, typer.Option(min=0.1, max=600, help="Time limit of one page.")] = 10.0,
    learn: Annotated[
        bool, typer.Option(help="Cut what repeats over a host's pages; each page teaches those after it.")
    ] = True,
    learn_from: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Go on from what this file remembers; with a manifest, write it anew."
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")] = False,
) -> None:
    """Extract the article of one page, or of many saved pages on all cores; show what was cut, and why."""
    is_quiet = quiet or not options(context).shows_progress
    if page is not None:
        from aggregator.cli import single  # late: --help must not wait for it

        if manifest is not None or out is not None:
            raise typer.BadParameter("one page, or --manifest and --out; not both")
        if as_json and explain:
            raise typer.BadParameter("--json or --explain, not both")
        single.run(
            single.Wanted(page, url, outlet, learn_from, page_seconds),
            single.Shown(explain or html is not None, html, as_json, is_quiet),
        )
        return
    if explain or html or as_json or url or outlet:
        raise typer.BadParameter("--url, --explain, --html, --json and --outlet are for one page; name it")
    if manifest is None or out is None:
        raise typer.BadParameter("name a file, an address or -; or give --manifest and --out")
    from aggregator.extract.pool import core_count  # late: --help must not wait for it
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
