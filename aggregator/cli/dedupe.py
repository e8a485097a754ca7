"""``aggregator dedupe``: which articles of a file carry one text."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli import dedupe_rebuild
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
_REBUILD_EPILOG = """
Examples: `aggregator dedupe rebuild --dry-run` tells what would be found;
`aggregator dedupe rebuild` does it, beside crawls. End it when you like: the next call goes on where it was.
"""


def register(app: typer.Typer) -> None:
    """Add the command, and the one below it."""
    group = typer.Typer(invoke_without_command=True)
    group.callback(epilog=_EPILOG)(dedupe)
    group.command("rebuild", epilog=_REBUILD_EPILOG)(dedupe_rebuild.rebuild)
    app.add_typer(group, name="dedupe")


def dedupe(
    context: typer.Context,
    *,
    source: Annotated[
        Path | None,
        typer.Option("--in", metavar="FILE", help="JSONL of articles, perhaps .gz; - for standard input."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="JSONL to write, one article a line; - for standard output."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")] = False,
) -> None:
    """Find the articles of a file that carry one text, whoever published, cut, edited or wrapped it."""
    if context.invoked_subcommand is not None:
        return
    if source is None or out is None:
        missing = "--in" if source is None else "--out"
        raise typer.BadParameter(f"{missing} FILE is missing", ctx=context)
    is_quiet = quiet or not options(context).shows_progress
    report = _run(source, out, is_quiet=is_quiet)
    if not is_quiet:
        stderr().print(_summary(report), markup=False)


def _run(source: Path, out: Path, *, is_quiet: bool) -> "DedupeReport":
    from aggregator.cli.bulk import writing  # late: --help must not wait for it
    from aggregator.dedupe import bulk

    with writing(source, out, is_quiet=is_quiet) as (spool, write, advance):
        return bulk.run(spool, write, advance)


def _summary(report: "DedupeReport") -> str:
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(report.kinds.items()))
    errors = f"; {report.errors} lines with an error" if report.errors else ""
    return (
        f"{report.articles} articles in {report.clusters} clusters"
        + (f" ({kinds})" if kinds else "")
        + errors
    )
