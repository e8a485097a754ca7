"""``aggregator crawl``: one crawl by hand, with its progress and its reasons."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.context import Options, database, good_cards, options, stderr, stdout
from aggregator.errors import UnknownOutletError
from aggregator.model.crawl import Reason, RunState
from aggregator.model.outlet import Outlet, SeedKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.table import Table

    from aggregator.config import Settings
    from aggregator.crawling import CrawlReport, Progress

_COLUMNS = ("stored", "revision", "copy", "unchanged", "dropped", "failed")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("crawl")(crawl)


def crawl(
    context: typer.Context,
    slugs: Annotated[list[str] | None, typer.Argument(metavar="[SLUG]...", help="Outlets to crawl.")] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Crawl every outlet that is not paused.")] = False,
    seed: Annotated[
        list[SeedKind] | None, typer.Option(help="Only seeds of this kind; may be given again.")
    ] = None,
) -> None:
    """Crawl outlets now; exit code 1 if nothing but failures came of it.

    Example: `aggregator crawl harbour-post phare-armor`
    """
    from aggregator import config  # late: --help must not wait for the settings' library

    if not slugs and not every:
        raise typer.BadParameter("name outlets, or give --all", param_hint="SLUG")
    settings = config.settings()
    cards = good_cards(settings, *(slugs or ()))
    active = tuple(slug for slug, card in cards.items() if not card.paused)
    chosen = active if every else known(cards, slugs or [])
    reports = _crawl(settings, cards, chosen, tuple(seed or ()), options(context))
    if chosen and all(is_failure(report) for report in reports):
        raise typer.Exit(1)


def known(cards: Mapping[str, Outlet], slugs: Sequence[str]) -> tuple[str, ...]:
    """The slugs without repetitions.

    Raises:
        UnknownOutletError: no card has one of them; the message lists near ones.
    """
    for slug in slugs:
        if slug not in cards:
            near = get_close_matches(slug, cards, n=3, cutoff=0.5)
            hint = f"did you mean {', '.join(near)}?" if near else "`aggregator outlet list` shows all"
            raise UnknownOutletError(f"{slug}: no outlet has this slug; {hint}")
    return tuple(dict.fromkeys(slugs))


def is_failure(report: "CrawlReport") -> bool:
    """Whether a crawl failed as a whole: it broke, or each of its pages failed."""
    reasons = {reason for pages in report.counts.values() for reason, count in pages.items() if count}
    return report.state is RunState.FAILED or (bool(reasons) and all(_column(r) == "failed" for r in reasons))


def _crawl(
    settings: "Settings",
    cards: Mapping[str, Outlet],
    slugs: Sequence[str],
    seeds: Sequence[SeedKind],
    wanted: Options,
) -> list["CrawlReport"]:
    from aggregator import crawling  # late: --help must not wait for the store
    from aggregator.schedule.plan import batches
    from aggregator.store import crawls
    from aggregator.store import outlets as stored_outlets

    with database(settings) as db:
        stored_outlets.sync(db, list(cards.values()))
        crawls.interrupt_stale(db)
    with _progress(slugs, wanted) as on_progress:
        reports = [
            crawling.crawl(settings, batch, seeds=seeds, on_progress=on_progress)
            for batch in batches(slugs, settings.crawl.batch)
        ]
    console = stdout()
    console.print(_summary(slugs, reports))
    for report in reports:
        if report.detail:
            console.print(f"run {report.run_id} {report.state.value}: {report.detail}", markup=False)
    return reports


@contextmanager
def _progress(slugs: Sequence[str], wanted: Options) -> "Iterator[Callable[[Progress], None] | None]":
    """A line for each outlet that counts its pages as they end."""
    if not wanted.shows_progress:
        yield None
        return
    from rich.progress import Progress as Bars  # late: only a crawl by hand shows bars
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

    counts = {slug: Counter[str]() for slug in slugs}
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Bars(*columns, console=stderr(), transient=True) as bars:
        task = bars.add_task("crawl starts")

        def on_progress(page: "Progress") -> None:
            outlet = counts.setdefault(page.outlet, Counter())
            outlet[_column(page.reason)] += 1
            listed = ", ".join(f"{count} {name}" for name, count in outlet.most_common())
            pages = sum(total.total() for total in counts.values())
            bars.update(task, description=f"{pages} pages; {page.outlet}: {listed}")

        yield on_progress


def _summary(slugs: Sequence[str], reports: Sequence["CrawlReport"]) -> "Table":
    from rich.table import Table  # late: only commands that print pay for it

    pages: dict[str, Counter[Reason]] = {slug: Counter() for slug in slugs}
    for report in reports:
        for slug, counts in report.counts.items():
            pages.setdefault(slug, Counter()).update(counts)
    total = sum(counts.total() for counts in pages.values())
    seconds = sum(report.seconds for report in reports)
    table = Table(title=f"{total} pages in {seconds:.1f} s", title_justify="left")
    table.add_column("outlet")
    for name in _COLUMNS:
        table.add_column(name, justify="right")
    table.add_column("why", overflow="fold")
    for slug, counts in sorted(pages.items()):
        columns = Counter[str]()
        for reason, count in counts.items():
            columns[_column(reason)] += count
        why = [f"{count} {reason.value}" for reason, count in counts.most_common() if "/" in reason.value]
        table.add_row(slug, *(str(columns[name] or "") for name in _COLUMNS), ", ".join(why))
    return table


def _column(reason: Reason) -> str:
    return reason.value.split("/")[0]
