"""``aggregator extract``: the article of one page, explained if asked for, or those of many saved pages."""

import sys
from contextlib import ExitStack
from dataclasses import dataclass
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


_Page = Annotated[
    str | None,
    typer.Argument(metavar="FILE|URL|-", help="One page: saved, on the web, or on standard input."),
]
_Url = Annotated[str | None, typer.Option(metavar="URL", help="Where a saved page came from.")]
_Explain = Annotated[bool, typer.Option("--explain", help="Show each field's origin, what was cut, and why.")]
_Html = Annotated[Path | None, typer.Option(metavar="FILE", help="Write the explanation as a page, too.")]
_Json = Annotated[bool, typer.Option("--json", help="The article as one JSON object.")]
_Outlet = Annotated[str | None, typer.Option(metavar="SLUG", help="Use this card's rules and manners.")]
_Manifest = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="JSONL of saved pages: id, url, html (a path, may end in .gz)."),
]
_Out = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="JSONL to write, one article a line; - for standard output."),
]
_Processes = Annotated[int, typer.Option(min=0, max=64, help="Worker processes; 0 means one a core.")]
_PageSeconds = Annotated[float, typer.Option(min=0.1, max=600, help="Time limit of one page.")]
_Learn = Annotated[
    bool, typer.Option(help="Cut what repeats over a host's pages; each page teaches those after it.")
]
_LearnFrom = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Go on from what this file remembers; with a manifest, write it anew."),
]
_Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")]


@dataclass(frozen=True, slots=True)
class _Batch:
    """Many pages: the manifest, where their articles go, how many work at once and how long."""

    manifest: Path
    out: Path
    processes: int
    page_seconds: float
    is_quiet: bool


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("extract", epilog=_EPILOG)(extract)


def extract(  # noqa: PLR0913 - an option is a parameter
    context: typer.Context,
    *,
    page: _Page = None,
    url: _Url = None,
    explain: _Explain = False,
    html: _Html = None,
    as_json: _Json = False,
    outlet: _Outlet = None,
    manifest: _Manifest = None,
    out: _Out = None,
    processes: _Processes = 0,
    page_seconds: _PageSeconds = 10.0,
    learn: _Learn = True,
    learn_from: _LearnFrom = None,
    quiet: _Quiet = False,
) -> None:
    """Extract the article of one page, or of many saved pages on all cores; show what was cut, and why."""
    is_quiet = quiet or not options(context).shows_progress
    if page is not None:
        from aggregator.cli import single  # late: --help must not wait for it

        _refuse(manifest or out, "one page, or --manifest and --out; not both")
        _refuse(as_json and explain, "--json or --explain, not both")
        single.run(
            single.Wanted(page, url, outlet, learn_from, page_seconds),
            single.Shown(explain or html is not None, html, as_json, is_quiet),
        )
        return
    for_one = explain or html or as_json or url or outlet
    _refuse(for_one, "--url, --explain, --html, --json and --outlet are for one page; name it")
    if manifest is None or out is None:
        raise typer.BadParameter("name a file, an address or -; or give --manifest and --out")
    _many(_Batch(manifest, out, processes, page_seconds, is_quiet), learn_from, learns=learn)


def _refuse(wrong: object, words: str) -> None:
    if wrong:
        raise typer.BadParameter(words)


def _many(batch: _Batch, learn_from: Path | None, *, learns: bool) -> None:
    from aggregator.extract.teachers import Teachers  # late: --help must not wait for it

    teachers = Teachers.load(learn_from) if learn_from else Teachers()
    report = _run(batch, teachers.clean if learns or learn_from else None)
    if learn_from:
        teachers.save(learn_from)
    if not batch.is_quiet:
        stderr().print(_summary(report), markup=False)


def _run(batch: _Batch, clean: "Callable[[Article], Article] | None") -> "BulkReport":
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from aggregator.extract import bulk
    from aggregator.extract.pool import ExtractorPool, core_count

    total, processes = bulk.count(batch.manifest), batch.processes or core_count()
    console = stderr()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    is_silent = batch.is_quiet or not console.is_terminal
    with ExitStack() as stack:
        is_piped = str(batch.out) == "-"
        file: TextIO = sys.stdout if is_piped else stack.enter_context(bulk.output(batch.out))
        pool = stack.enter_context(ExtractorPool(processes, batch.page_seconds))
        bars = stack.enter_context(Progress(*columns, console=console, transient=True, disable=is_silent))
        task = bars.add_task("extracting", total=total)
        return bulk.run(
            batch.manifest,
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
