"""Recorded pages through the archive: kept, read back by other programs, imported, once."""

import asyncio
import gzip
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from fastwarc.warc import WarcRecordType
from replayed import slug
from warcio.archiveiterator import ArchiveIterator
from warcs import MADE

from aggregator import archive
from aggregator.config import Settings
from aggregator.extract.pool import ExtractorPool
from aggregator.importing import Importer, Wanted
from aggregator.model.crawl import Reason
from aggregator.model.outlet import Outlet, Rules, Seed, SeedKind
from aggregator.model.page import Entry, FetchedPage
from aggregator.model.record import Skip
from aggregator.store import articles
from aggregator.store.engine import Database
from pipelines.keep import KeepPipeline

pytestmark = pytest.mark.slow

PAGES = 400
IMPORTED = 80
ANEW = 20
"""Every so many-th page is extracted from the archive by itself, too."""


@dataclass(frozen=True)
class Kept:
    """Pages as they were kept, and where."""

    folder: Path
    pages: tuple[FetchedPage, ...]

    @property
    def file(self) -> Path:
        [path] = self.folder.rglob("*.warc.gz")
        return path


@pytest.fixture(scope="module")
def pool() -> Iterator[ExtractorPool]:
    with ExtractorPool(2, 60) as made:
        yield made


@pytest.fixture(scope="module")
def kept(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """The first pages of the recorded corpus, as the pipeline keeps them."""
    folder = tmp_path_factory.mktemp("archive")
    keep = KeepPipeline(archive.PageArchive(folder))

    async def run() -> tuple[FetchedPage, ...]:
        return tuple([page async for page in _kept(keep, shared)])

    pages = asyncio.run(run())
    keep.close_spider()
    return Kept(folder, pages)


async def _kept(keep: KeepPipeline, shared: Path) -> AsyncIterator[FetchedPage]:
    for page in islice(_recorded(shared), PAGES):
        item = await keep.process_item(page)
        assert isinstance(item, FetchedPage)
        yield item


def _recorded(shared: Path) -> Iterator[FetchedPage]:
    lines = (shared / "corpus" / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    for number, row in enumerate(map(json.loads, lines)):
        body = gzip.decompress((shared / "corpus" / "html" / f"{row['id']}.html.gz").read_bytes())
        url, host = row["url"], urlsplit(row["url"]).netloc
        if not host or urlsplit(url).path in {"", "/"}:
            continue
        headers = (("content-type", "text/html"), ("etag", f'"{number}"'), ("last-modified", "yesterday"))
        entry = Entry(url, Seed(SeedKind.SECTION, url))
        at = MADE + timedelta(seconds=number)
        yield FetchedPage(slug(host.removeprefix("www.")), entry, url, 200, headers, None, body, at)


def test_other_programs_read_every_page_as_it_was_kept(kept: Kept) -> None:
    assert len(kept.pages) == PAGES
    expected = [(page.url, page.body) for page in kept.pages]
    with kept.file.open("rb") as file:
        by_warcio = [
            (record.rec_headers.get_header("WARC-Target-URI"), record.content_stream().read())
            for record in ArchiveIterator(file, check_digests="raise")
            if record.rec_type == "response"
        ]
    assert by_warcio == expected
    with kept.file.open("rb") as file:
        by_fastwarc = [
            (record.headers["WARC-Target-URI"], record.reader.read())
            for record in FastIterator(file, record_types=WarcRecordType.response, verify_digests=True)
        ]
    assert by_fastwarc == expected


def test_a_page_from_the_archive_is_the_page_and_gives_the_same_article(
    kept: Kept, pool: ExtractorPool
) -> None:
    back = [
        archive.fetched(kept.folder, page.archived, page.outlet, page.entry, page.fetched_at)
        for page in kept.pages
        if page.archived
    ]
    assert [(each.url, each.charset, each.body) for each in back] == [
        (page.url, page.charset, page.body) for page in kept.pages
    ]
    pairs = list(zip(kept.pages, back, strict=True))[::ANEW]
    asked = [(pool.submit(page, Rules()), pool.submit(again, Rules())) for page, again in pairs]
    for page, again in asked:
        first, second = page.exception() or page.result(), again.exception() or again.result()
        assert first == second or (type(first), str(first)) == (type(second), str(second))


def test_the_same_archive_twice_adds_nothing(
    kept: Kept, pool: ExtractorPool, tmp_path: Path, migrated_sqlite: bytes
) -> None:
    # Extraction is what takes the time: outlets of the first pages have cards.
    hosts = {page.outlet: urlsplit(page.url).netloc for page in kept.pages[:IMPORTED]}
    card = Outlet("", "", "", "en", "US", ())
    cards = {
        name: replace(card, slug=name, name=host, homepage=f"https://{host}/") for name, host in hosts.items()
    }
    (tmp_path / "one.sqlite3").write_bytes(migrated_sqlite)
    db = Database.open(f"sqlite:///{tmp_path / 'one.sqlite3'}")
    importer = Importer(db, Settings(pages=tmp_path / "pages"), pool)
    first = Counter(each.why for each in importer.run(cards, [kept.file], Wanted()))
    stored = {each.id: each.article for each in articles.every(db)}
    assert first[Skip.WARCINFO] == 1
    assert sum(first.values()) == PAGES + 1
    assert PAGES - first[Skip.NO_OUTLET] >= IMPORTED
    assert first[Reason.STORED] + first[Reason.COPY] == len(stored) > IMPORTED * 0.9

    again = Counter(each.why for each in importer.run(cards, [kept.file], Wanted()))
    assert again[Skip.NO_OUTLET] == first[Skip.NO_OUTLET]
    assert again[Skip.KNOWN] + again[Skip.NO_OUTLET] + 1 + _failures(again) == PAGES + 1
    assert {each.id: each.article for each in articles.every(db)} == stored
    db.close()


def _failures(counted: Counter[Reason | Skip | None]) -> int:
    return sum(count for why, count in counted.items() if why and why.value.startswith("failed/"))
