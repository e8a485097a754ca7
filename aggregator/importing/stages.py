"""The stages of a crawl for pages that come from an archive: extract, clean, check, keep, store."""

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from aggregator.archive import PageArchive
from aggregator.clock import now
from aggregator.config import Settings
from aggregator.dedupe.fingerprint import fingerprint
from aggregator.errors import AggregatorError
from aggregator.extract import read_also
from aggregator.extract.check import fault
from aggregator.extract.headlines import Headlines
from aggregator.extract.learned import Learned
from aggregator.extract.pool import ExtractorPool
from aggregator.model.article import Article
from aggregator.model.crawl import PageArticle, PageEnd, Reason
from aggregator.model.outlet import Outlet
from aggregator.model.page import FetchedPage, Validator
from aggregator.store import boilerplate, headlines, lengths
from aggregator.store.articles import save
from aggregator.store.engine import Database
from aggregator.store.placing import place_next
from aggregator.withdrawing import erase_dropped

NEWS: Final = timedelta(hours=48)
"""What was fetched longer ago than this before its import is no news to readers, and waits for no edition."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A page that is being extracted."""

    page: FetchedPage
    article: Future[Article]


class Stages:
    """Takes pages of all outlets, and stores them a lot at a time."""

    def __init__(self, db: Database, settings: Settings, pool: ExtractorPool, archive: PageArchive) -> None:
        self._db, self._settings, self._pool, self._archive = db, settings, pool, archive
        self._usual: dict[str, int | None] = {}

    def ask(self, outlet: Outlet, page: FetchedPage) -> Asked:
        """Have a page extracted."""
        slug = outlet.slug
        if slug not in self._usual:
            self._usual[slug] = lengths.usual_chars(self._db, slug)
        usual = self._usual[slug]
        return Asked(page, self._pool.submit(page, outlet.rules, outlet.homepage, usual_chars=usual))

    def store(self, lot: Sequence[Asked], *, publishes: bool) -> list[tuple[Reason, str]]:
        """Keep and store a lot of pages in one transaction; the reason of each, with a line for people.

        Raises:
            StoreError: the database refuses; nothing of the lot was stored.
            ArchiveError: our own archive cannot be written; the same.
        """
        cleaner = _Cleaner(self._db)
        ends = [_end(asked, cleaner, publishes=publishes) for asked in lot]
        kept = [
            replace(end, archived=self._archive.write(asked.page))
            for end, asked in zip(ends, lot, strict=True)
        ]
        self._archive.sync()
        reasons = save(self._db, None, kept)
        erase_dropped(self._db, self._settings, None, reasons)
        place_next(self._db)
        details = ((end.detail or "") if isinstance(end, PageEnd) else "" for end in ends)
        return list(zip(reasons, details, strict=True))


class _Cleaner:
    """What the store has learned of the outlets of one lot."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._learned: dict[str, Learned] = {}
        self._headlines: dict[str, Headlines] = {}

    def clean(self, article: Article) -> Article:
        """The article without learned boilerplate, its read-also lines cut to the ends of known headlines."""
        slug = article.outlet
        if read_also.hints(article):
            if slug not in self._headlines:
                self._headlines[slug] = Headlines(headlines.recent(self._db, slug))
            article = read_also.again(article, self._headlines[slug])
        if slug not in self._learned:
            self._learned[slug] = boilerplate.load(self._db, slug)
        return self._learned[slug].clean(article)


def _end(asked: Asked, cleaner: _Cleaner, *, publishes: bool) -> PageArticle | PageEnd:
    page = asked.page
    try:
        uncut = asked.article.result()
    except AggregatorError as error:  # a card's wrong selector is one, too
        return _no_article(page, getattr(error, "reason", Reason.FAILED_EXTRACT), str(error)[:300])
    article = cleaner.clean(uncut)
    if found := fault(article):
        return _no_article(page, found.reason, found.detail)
    before_cuts = None if article is uncut else uncut
    return PageArticle(
        page.entry,
        article,
        page.status,
        fingerprint=fingerprint(article, before_cuts),
        validator=_validator(page),
        uncut=before_cuts,
        is_no_news=not publishes and now() - page.fetched_at > NEWS,
    )


def _no_article(page: FetchedPage, reason: Reason, detail: str) -> PageEnd:
    end = PageEnd(page.outlet, page.entry.url, reason, page.fetched_at, page.status, detail)
    return replace(end, validator=_validator(page))


def _validator(page: FetchedPage) -> Validator:
    return Validator(page.header("etag"), page.header("last-modified"))
