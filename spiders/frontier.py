"""The frontier: which entries of a seed are fetched, and which are known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aggregator.model.article import Article
from aggregator.model.crawl import Reason
from aggregator.model.outlet import Outlet
from aggregator.model.page import Entry, Validator
from aggregator.outlets.hosts import is_wanted
from aggregator.store import followed
from aggregator.store.articles import KnownPage, known
from aggregator.store.engine import Database
from aggregator.urls import is_web, url_key

MOST_ATTEMPTS = 6
"""A page that failed in so many crawls is not tried again; most that come back do so within three."""


@dataclass(frozen=True, slots=True)
class Fetch:
    """An entry worth a request; ``validator`` is set when only a changed page is wanted."""

    entry: Entry
    validator: Validator | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """What became of a seed's entries: those to fetch, and how many the outlet had that are ours to know."""

    fetch: tuple[Fetch, ...]
    found: int


def choose(outlet: Outlet, entries: Sequence[Entry], known_pages: Mapping[str, KnownPage]) -> Selection:
    """Choose what to fetch: the card's patterns, what earlier crawls settled, and the outlet's cap.

    A settled page is asked for again only if the entry says that it was updated since.
    """
    wanted: list[Fetch] = []
    found = 0
    for entry in entries:
        if not is_web(entry.url) or not is_wanted(outlet, entry.url):
            continue
        found += 1
        page = known_pages.get(url_key(entry.url))
        if page is None:
            wanted.append(Fetch(entry))
        elif page.reason is Reason.DROPPED_TAKEDOWN:
            continue
        elif page.reason.is_final:
            if entry.updated is not None and entry.updated > (page.updated or page.at):
                wanted.append(Fetch(entry, page.validator))
        elif page.attempts < MOST_ATTEMPTS:
            wanted.append(Fetch(entry))
    return Selection(tuple(wanted[: outlet.politeness.max_entries]), found)


@dataclass(slots=True)
class Frontier:
    """The frontier of one crawl: asks the store, and lets no page through twice.

    Without a database (a trial) every page is new.
    """

    db: Database | None
    _taken: set[tuple[str, str]] = field(default_factory=set)

    def select(self, outlet: Outlet, entries: Sequence[Entry]) -> Selection:
        """The entries of a seed that this crawl fetches now."""
        keys = [url_key(entry.url) for entry in entries]
        seen = {} if self.db is None else known(self.db, outlet.slug, keys)
        selection = choose(outlet, entries, seen)
        fresh = []
        for fetch in selection.fetch:
            key = (outlet.slug, url_key(fetch.entry.url))
            if key not in self._taken:
                self._taken.add(key)
                fresh.append(fetch)
        return Selection(tuple(fresh), selection.found)

    def revisits(self, outlet: Outlet, plan: Sequence[timedelta], at: datetime) -> tuple[Fetch, ...]:
        """The pages of what is out that are due for another look, as the card's patterns and cap allow."""
        if self.db is None or not outlet.politeness.max_revisits:
            return ()
        stored = followed.due(self.db, outlet.slug, plan, at, outlet.politeness.max_revisits)
        pages = [one.article for one in stored if is_wanted(outlet, one.article.url)]
        seen = known(self.db, outlet.slug, [url_key(page.url) for page in pages])
        found = []
        for page in pages:
            key = url_key(page.url)
            if (outlet.slug, key) not in self._taken:
                self._taken.add((outlet.slug, key))
                found.append(Fetch(_entry_of(outlet, page), seen[key].validator if key in seen else None))
        return tuple(found)


def _entry_of(outlet: Outlet, page: Article) -> Entry:
    """An entry that says of rights what the seed said when it listed the page: no revision may lose that."""
    told = {one.source: one.value for one in page.losers if one.field == "licence"}
    told |= {one.source: page.licence or "" for one in page.origins if one.field == "licence"}
    return Entry(
        page.url, outlet.seeds[0], licence=told.get("entry:licence"), rights=told.get("entry:rights")
    )
