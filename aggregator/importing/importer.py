"""The importer: reads files of records, finds the outlet of each page, and hands new ones to the stages."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from aggregator import charsets, warc
from aggregator.archive import PageArchive
from aggregator.config import Settings
from aggregator.extract.pool import ExtractorPool
from aggregator.importing.stages import Asked, Stages
from aggregator.model.crawl import Reason
from aggregator.model.outlet import Outlet, Seed, SeedKind
from aggregator.model.page import Entry, FetchedPage
from aggregator.model.record import RecordedPage, Skip, SkippedRecord
from aggregator.outlets.hosts import Hosts, is_wanted
from aggregator.store.engine import Database
from aggregator.store.placing import place_next
from aggregator.store.seen import fetched
from aggregator.urls import url_key

LOT: Final = 32
"""Pages in one transaction, as when articles are extracted anew: what a kill takes back."""

LOT_BYTES: Final = 32 << 20
"""Two lots are in memory: one is extracted while the other is stored."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for.

    ``outlet`` is given the pages of hosts without a card; ``limit`` is the most pages that are extracted;
    ``publishes`` lets old pages wait for an edition as if they were new; ``is_dry`` extracts and writes
    nothing.
    """

    outlet: Outlet | None = None
    limit: int | None = None
    publishes: bool = False
    is_dry: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """A record that ended; ``why`` is None of a page that would be extracted, were it not a dry run.

    ``outlet`` is empty of a page that is nobody's.
    """

    file: Path
    offset_bytes: int
    why: Reason | Skip | None
    outlet: str = ""
    url: str = ""
    detail: str = ""


class Importer:
    """Imports files, with a pool of extraction processes that may serve others, too."""

    def __init__(self, db: Database, settings: Settings, pool: ExtractorPool) -> None:
        self._db, self._settings, self._pool = db, settings, pool

    def run(self, cards: Mapping[str, Outlet], files: Sequence[Path], wanted: Wanted) -> Iterator[Ended]:
        """Import files in order; each record's end, pages after those that were passed over meanwhile.

        It may be killed and started again: what is stored of an address and moment is not stored twice.

        Raises:
            StoreError: the database refuses; what was told of is stored.
            ArchiveError: our own archive cannot be written; the same.
            OSError: a file cannot be read.
        """
        settings = self._settings
        with PageArchive(settings.path(settings.pages)) as archive:
            lots = _Lots(self._db, Stages(self._db, settings, self._pool, archive), wanted)
            hosts = Hosts(cards.values())
            for file in files:
                reading = _Reading(file, hosts, wanted.outlet)
                yield from lots.take(reading, settings.crawl.max_page_bytes)
            yield from lots.end()
        while not wanted.is_dry and place_next(self._db):
            pass


@dataclass(frozen=True, slots=True)
class _Page:
    """A page whose outlet is known."""

    file: Path
    outlet: Outlet
    record: RecordedPage

    @property
    def here(self) -> tuple[str, str, datetime]:
        """What tells it from all others: outlet, address, moment."""
        return self.outlet.slug, url_key(self.record.url), self.record.at

    def ended(self, why: Reason | Skip | None, detail: str = "") -> Ended:
        """Its end."""
        record = self.record
        return Ended(self.file, record.offset_bytes, why, self.outlet.slug, record.url, detail)

    def fetched(self) -> FetchedPage:
        """It as fetched when its record says, for an entry that tells nothing but its URL."""
        record = self.record
        entry = Entry(record.url, Seed(SeedKind.SECTION, record.url))
        charset = charsets.of_content_type(dict(record.headers).get("content-type", ""))
        return FetchedPage(
            self.outlet.slug, entry, record.url, 200, record.headers, charset, record.body, record.at
        )


@dataclass(frozen=True, slots=True)
class _Reading:
    """A file that is read, and whose its pages are."""

    file: Path
    hosts: Hosts
    of_others: Outlet | None

    def records(self, largest_bytes: int) -> Iterator[_Page | Ended]:
        """Its pages, and the ends of all other records."""
        for record in warc.records(self.file, largest_bytes, self._objection):
            outlet = self._outlet(record.url)
            if isinstance(record, RecordedPage) and outlet is not None:
                yield _Page(self.file, outlet, record)
            elif isinstance(record, SkippedRecord):
                slug = outlet.slug if outlet else ""
                yield Ended(self.file, record.offset_bytes, record.why, slug, record.url, record.detail)

    def _outlet(self, url: str) -> Outlet | None:
        return self.hosts.outlet_of(url) or self.of_others

    def _objection(self, url: str) -> Skip | None:
        """Why a page is passed over, as far as its address tells."""
        outlet = self._outlet(url)
        if outlet is None:
            return Skip.NO_OUTLET
        if not is_wanted(outlet, url):
            return Skip.NOT_WANTED
        parts = urlsplit(url)
        is_root = parts.path in {"", "/"} and not parts.query
        return Skip.HOME_PAGE if is_root or url_key(url) == url_key(outlet.homepage) else None


class _Lots:
    """The pages of an import, a lot at a time: one is extracted while the one before it is stored."""

    def __init__(self, db: Database, stages: Stages, wanted: Wanted) -> None:
        self._db, self._stages, self._wanted = db, stages, wanted
        self._taken: set[tuple[str, str, datetime]] = set()
        self._under_way: deque[list[tuple[_Page, Asked]]] = deque()

    @property
    def _is_full(self) -> bool:
        return self._wanted.limit is not None and len(self._taken) >= self._wanted.limit

    def take(self, reading: _Reading, largest_bytes: int) -> Iterator[Ended]:
        """Take a file's pages; the ends of its other records, and of pages as they are stored."""
        lot: list[_Page] = []
        for each in () if self._is_full else reading.records(largest_bytes):
            if isinstance(each, Ended):
                yield each
                continue
            lot.append(each)
            if len(lot) == LOT or sum(len(page.record.body) for page in lot) >= LOT_BYTES:
                yield from self._push(lot)
                lot = []
            if self._is_full:
                return
        yield from self._push(lot)

    def end(self) -> Iterator[Ended]:
        """Store what is under way."""
        while self._under_way:
            yield from self._store(self._under_way.popleft())

    def _push(self, lot: Sequence[_Page]) -> Iterator[Ended]:
        """Have the pages extracted that are new."""
        known = self._known(lot)
        asked: list[tuple[_Page, Asked]] = []
        for page in lot:
            if page.here in known or page.here in self._taken:
                yield page.ended(Skip.KNOWN)
            elif not self._is_full:
                self._taken.add(page.here)
                if self._wanted.is_dry:
                    yield page.ended(None)
                else:
                    asked.append((page, self._stages.ask(page.outlet, page.fetched())))
        if asked:
            self._under_way.append(asked)
        if len(self._under_way) > 1:
            yield from self._store(self._under_way.popleft())

    def _known(self, lot: Sequence[_Page]) -> set[tuple[str, str, datetime]]:
        found = set()
        for slug in {page.outlet.slug for page in lot}:
            keys = [page.here[1] for page in lot if page.outlet.slug == slug]
            found |= {(slug, key, at) for key, at in fetched(self._db, slug, keys)}
        return found

    def _store(self, lot: Sequence[tuple[_Page, Asked]]) -> Iterator[Ended]:
        done = self._stages.store([asked for _, asked in lot], publishes=self._wanted.publishes)
        for (page, _), (reason, detail) in zip(lot, done, strict=True):
            yield page.ended(reason, detail)
