"""``aggregator dedupe``: which articles of a file carry one text."""

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from aggregator.cli.context import options, stderr

if TYPE_CHECKING:
    from aggregator.dedupe.bulk import DedupeReport

_EPILOG = """
Examples: `aggregator dedupe --in articles.jsonl.gz --out clusters.jsonl` clusters a file;
`aggregator extract --manifest pages.jsonl --out - | aggregator dedupe --in - --out - | jq .kind` reads what
was extracted.

A line of the input holds id, title, body, url and published (ISO 8601, or null). Articles are taken in
the order in which they were published. A line of the output is `{"id", "cluster", "kind", "of", "evidence"}`;
kind is identical, syndicated, excerpt, contains, revision, or null for the first of a cluster. A line that is
no article gives one with `error`.
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("dedupe", epilog=_EPILOG)(dedupe)


def dedupe(
    context: typer.Context,
    *,
    source: Annotated[
        Path,
        typer.Option("--in", metavar="FILE", help="JSONL of articles, perhaps .gz; - for standard input."),
    ],
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="JSONL to write, one article a line; - for standard output.")
    ],
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")] = False,
) -> None:
    """Find the articles of a file that carry one text, whoever published, cut, edited or wrapped it."""
    is_quiet = quiet or not options(context).shows_progress
    report = _run(source, out, is_quiet=is_quiet)
    if not is_quiet:
        stderr().print(_summary(report), markup=False)


def _run(source: Path, out: Path, *, is_quiet: bool) -> "DedupeReport":
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from aggregator.dedupe import bulk  # late: --help must not wait for it
    from aggregator.extract.bulk import output

    console = stderr()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    is_silent = is_quiet or not console.is_terminal
    with ExitStack() as stack:
        file: TextIO = sys.stdout if str(out) == "-" else stack.enter_context(output(out))
        bars = stack.enter_context(Progress(*columns, console=console, transient=True, disable=is_silent))
        task = bars.add_task("reading", total=None)
        spool = stack.enter_context(bulk.spooled(source))
        bars.update(task, description="comparing", total=len(spool.times))
        return bulk.run(spool, file.write, lambda: bars.advance(task))


def _summary(report: "DedupeReport") -> str:
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(report.kinds.items()))
    errors = f"; {report.errors} lines with an error" if report.errors else ""
    return (
        f"{report.articles} articles in {report.clusters} clusters"
        + (f" ({kinds})" if kinds else "")
        + errors
    )
