"""``aggregator crawl``: one crawl by hand, with its progress and its reasons."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated

import typer

from aggregator.cli.context import Options, database, good_cards, options, stderr, stdout, tell_of_rebuild
from aggregator.errors import CrawlError, UnknownOutletError
from aggregator.model.crawl import Reason, RunState
from aggregator.model.outlet import Outlet, SeedKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.table import Table

    from aggregator.config import Settings
    from aggregator.crawling import CrawlReport, Progress
    from aggregator.store.crawls import SeedVisit

_MOST_VISITS = 200  # seeds of one outlet that one crawl may look at, child sitemaps included
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
    if not chosen:
        typer.echo("nothing to crawl: no outlet has a card that is not paused")
        return
    results = _crawl(settings, cards, chosen, tuple(seed or ()), options(context))
    _print(results)
    if len(failed_outlets(chosen, results)) == len(chosen):
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


def failed_outlets(slugs: Sequence[str], results: "Results") -> tuple[str, ...]:
    """The outlets that brought nothing but failures: each page failed, or there is none and a seed failed."""
    return tuple(
        slug
        for slug in slugs
        if (results.pages[slug] and all(_column(reason) == "failed" for reason in results.pages[slug]))
        or (not results.pages[slug] and any(visit.outlet == slug for visit in results.failed_seeds))
        or slug in results.broken
    )


@dataclass(frozen=True, slots=True)
class Results:
    """What a crawl by hand brought: pages by outlet and reason, seeds that failed, outlets whose crawl broke.

    ``notes`` is what the crawls said about their own end.
    """

    pages: Mapping[str, Counter[Reason]]
    failed_seeds: "tuple[SeedVisit, ...]"
    broken: frozenset[str]
    notes: tuple[str, ...]
    seconds: float


def _crawl(
    settings: "Settings",
    cards: Mapping[str, Outlet],
    slugs: Sequence[str],
    seeds: Sequence[SeedKind],
    wanted: Options,
) -> Results:
    from aggregator import clock, crawling  # late: --help must not wait for the store
    from aggregator.schedule.plan import batches
    from aggregator.store import crawls
    from aggregator.store import outlets as stored_outlets

    started = clock.now()
    reports: list[CrawlReport] = []
    broken: list[tuple[tuple[str, ...], str]] = []
    with database(settings) as db:
        tell_of_rebuild(db)
        stored_outlets.sync(db, list(cards.values()))
        crawls.interrupt_stale(db)
        busy = {slug: run for slug, run in crawls.under_way(db).items() if slug in slugs}
        free = [slug for slug in slugs if slug not in busy]
        if not free:
            raise crawls.refusal(busy)
        with _progress(slugs, wanted) as on_progress:
            for batch in batches(free, settings.crawl.batch):
                try:
                    reports.append(crawling.crawl(settings, batch, seeds=seeds, on_progress=on_progress))
                except CrawlError as error:
                    broken.append((batch, str(error)))
        visits = [visit for slug in slugs for visit in crawls.rhythm(db, slug, _MOST_VISITS)]
    results = _results(slugs, reports, [visit for visit in visits if visit.at >= started])
    return replace(
        results,
        broken=results.broken.union(*(batch for batch, _ in broken)),
        notes=(
            *results.notes,
            *(words for _, words in broken),
            *(f"{slug}: left out, run {run} crawls it just now" for slug, run in sorted(busy.items())),
        ),
    )


def _results(
    slugs: Sequence[str], reports: "Sequence[CrawlReport]", visits: "Sequence[SeedVisit]"
) -> Results:
    pages: dict[str, Counter[Reason]] = {slug: Counter() for slug in slugs}
    for report in reports:
        for slug, counts in report.counts.items():
            pages.setdefault(slug, Counter()).update(counts)
    return Results(
        pages=pages,
        failed_seeds=tuple(visit for visit in visits if _column(visit.reason) == "failed"),
        broken=frozenset(
            slug for report in reports if report.state is RunState.FAILED for slug in report.outlets
        ),
        notes=tuple(
            f"run {report.run_id} {report.state.value}: {report.detail}"
            for report in reports
            if report.detail
        ),
        seconds=sum(report.seconds for report in reports),
    )


def _print(results: Results) -> None:
    console = stdout()
    console.print(_summary(results))
    for visit in results.failed_seeds:
        line = f"{visit.outlet}: {visit.seed.kind.value} {visit.seed.url}: {visit.reason.value}"
        console.print(f"{line}: {visit.detail}" if visit.detail else line, markup=False, soft_wrap=True)
    for note in results.notes:
        console.print(note, markup=False, soft_wrap=True)


@contextmanager
def _progress(slugs: Sequence[str], wanted: Options) -> "Iterator[Callable[[Progress], None] | None]":
    """A line for each outlet that counts its pages as they end."""
    console = stderr()
    if not (wanted.shows_progress and console.is_terminal):
        yield None
        return
    from rich.progress import Progress as Bars  # late: only a crawl by hand shows bars
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

    counts = {slug: Counter[str]() for slug in slugs}
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Bars(*columns, console=console, transient=True) as bars:
        task = bars.add_task("crawl starts")

        def on_progress(page: "Progress") -> None:
            outlet = counts.setdefault(page.outlet, Counter())
            outlet[_column(page.reason)] += 1
            listed = ", ".join(f"{count} {name}" for name, count in outlet.most_common())
            pages = sum(total.total() for total in counts.values())
            bars.update(task, description=f"{pages} pages; {page.outlet}: {listed}")

        yield on_progress


def _summary(results: Results) -> "Table":
    from rich.table import Table  # late: only commands that print pay for it

    total = sum(counts.total() for counts in results.pages.values())
    table = Table(title=f"{total} pages in {results.seconds:.1f} s", title_justify="left")
    table.add_column("outlet")
    for name in _COLUMNS:
        table.add_column(name, justify="right")
    table.add_column("why", overflow="fold")
    for slug, counts in sorted(results.pages.items()):
        columns = Counter[str]()
        for reason, count in counts.items():
            columns[_column(reason)] += count
        why = [f"{count} {reason.value}" for reason, count in counts.most_common() if "/" in reason.value]
        table.add_row(slug, *(str(columns[name] or "") for name in _COLUMNS), ", ".join(why))
    return table


def _column(reason: Reason) -> str:
    return reason.value.split("/")[0]
