"""``aggregator dedupe rebuild``: stored articles made findable by their texts."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.context import Options, database, options, stderr, stdout

if TYPE_CHECKING:
    from collections.abc import Callable

    from aggregator.store.engine import Database
    from aggregator.store.near_rebuild import Found

_MOST_SHOWN = 20
_HEADLINE_CHARS = 60


def rebuild(
    context: typer.Context,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would be found, write nothing to the store.")
    ] = False,
) -> None:
    """Make stored articles findable by their texts: those stored before that, or by an older version.

    What readers may have seen is never hidden; an article that still waits for its publication becomes
    a copy of an earlier one if it is.
    """
    from aggregator import config  # late: --help must not wait for the store

    started = monotonic()
    with database(config.settings()) as db:
        articles, found = _run(db, options(context), is_dry=dry_run)
    _print(articles, found, monotonic() - started, is_dry=dry_run)


def _run(db: "Database", wanted: Options, *, is_dry: bool) -> "tuple[int, list[Found]]":
    from aggregator.store import near_rebuild  # late: --help must not wait for the store

    steps = near_rebuild.rehearse(db) if is_dry else near_rebuild.rebuild(db)
    articles = 0
    found: list[Found] = []
    with _progress(wanted, near_rebuild.count(db, anew=is_dry)) as advance:
        for step in steps:
            articles += step.articles
            found += step.found
            advance(step.articles)
    return articles, found


@contextmanager
def _progress(wanted: Options, total: int) -> "Iterator[Callable[[int], None]]":
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = stderr()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    is_silent = not (wanted.shows_progress and console.is_terminal)
    with Progress(*columns, console=console, transient=True, disable=is_silent) as bars:
        task = bars.add_task("comparing", total=total)
        yield lambda count: bars.advance(task, count)


def _print(articles: int, found: "list[Found]", seconds: float, *, is_dry: bool) -> None:
    console = stdout()
    for one in found[:_MOST_SHOWN]:
        became = "copy of" if one.is_hidden else "shares text with"
        headline = one.headline[:_HEADLINE_CHARS]
        line = f"{one.article_id} {one.outlet}: {headline}: {became} {one.of} ({one.kind}, {one.score:.2f})"
        console.print(line, markup=False, soft_wrap=True)
    if len(found) > _MOST_SHOWN:
        console.print(f"... and {len(found) - _MOST_SHOWN} more", markup=False)
    console.print(_summary(articles, found, seconds, is_dry=is_dry), markup=False, soft_wrap=True)


def _summary(articles: int, found: "list[Found]", seconds: float, *, is_dry: bool) -> str:
    if not articles:
        return "nothing to do: every article is found by its text"
    hidden = sum(one.is_hidden for one in found)
    end = "; nothing was written" if is_dry else ""
    return (
        f"{articles} articles: {hidden} became copies before they were published, "
        f"{len(found) - hidden} more share text with an earlier one and stay; {seconds:.1f} s{end}"
    )
