"""Previews: an outlet's kept pages, extracted with the rules it has and with others."""

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from aggregator import archive
from aggregator.config import Settings
from aggregator.errors import ArchiveError
from aggregator.extract.compare import PageChange, Verdict, verdict
from aggregator.extract.errors import PageError
from aggregator.extract.pool import ExtractorPool
from aggregator.model.article import Article
from aggregator.model.outlet import Outlet, Rules, Seed, SeedKind
from aggregator.model.page import Entry, FetchedPage
from aggregator.store.engine import Database
from aggregator.store.kept import KeptPage, last_kept
from aggregator.store.lengths import usual_chars


@dataclass(frozen=True, slots=True)
class Preview:
    """What became of each page, newest first, and what could not be read from the archive."""

    changes: tuple[PageChange, ...]
    unreadable: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        """The verdict on all pages together."""
        return verdict(self.changes)


def preview(
    settings: Settings, db: Database, pool: ExtractorPool, outlet: Outlet, rules: Rules, *, last: int
) -> Preview:
    """The last kept pages of an outlet with its own rules and with ``rules``; nothing is stored.

    Raises:
        CardError: a selector or an expression of either is wrong.
    """
    waiting: list[tuple[FetchedPage, Future[Article], Future[Article]]] = []
    unreadable = []
    usual = usual_chars(db, outlet.slug)
    for page in _pages(settings, db, outlet, last):
        if isinstance(page, str):
            unreadable.append(page)
            continue
        old, new = (
            pool.submit(page, each, outlet.homepage, usual_chars=usual) for each in (outlet.rules, rules)
        )
        waiting.append((page, old, new))
    changes = (PageChange(page.url, _outcome(old), _outcome(new)) for page, old, new in waiting)
    return Preview(tuple(changes), tuple(unreadable))


def _pages(settings: Settings, db: Database, outlet: Outlet, last: int) -> Iterator[FetchedPage | str]:
    folder = settings.path(settings.pages)
    for kept in last_kept(db, outlet.slug, last):
        try:
            yield _page(outlet.slug, kept, folder)
        except ArchiveError as error:
            yield str(error)


def _page(outlet: str, kept: KeptPage, folder: Path) -> FetchedPage:
    entry = Entry(kept.url, Seed(SeedKind.SECTION, kept.url), published=kept.published)
    return archive.fetched(folder, kept.archived, outlet, entry, kept.at)


def _outcome(future: Future[Article]) -> Article | str:
    try:
        return future.result()
    except PageError as error:
        return f"{error.reason.value}: {error}"
