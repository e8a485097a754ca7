"""Archives of others, imported: as a crawl would have stored them, once, however often it is killed."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cli.program import begun
from store.samples import outlet
from warcs import MADE, html, packed, page, record

from aggregator import archive, outlets
from aggregator.clock import now
from aggregator.config import CrawlSettings, Settings
from aggregator.extract.pool import ExtractorPool
from aggregator.importing import Ended, Importer, Wanted
from aggregator.model.crawl import Reason
from aggregator.model.outlet import Outlet
from aggregator.model.record import Skip
from aggregator.store import articles, crawls
from aggregator.store.engine import Database

HARBOUR = replace(outlet(), homepage="https://www.harbour.example/")
QUAY = replace(outlet("quay"), homepage="https://quay.example/")
CARDS = {each.slug: each for each in (HARBOUR, QUAY)}


def settings(home: Path, **changes: object) -> Settings:
    return Settings(pages=home / "pages", crawl=CrawlSettings(processes=1, page_seconds=20), **changes)


def write(folder: Path, *records: bytes, name: str = "theirs.warc.gz") -> Path:
    path = folder / name
    path.write_bytes(packed(*records))
    return path


Imports = Callable[..., list[Ended]]


@pytest.fixture(scope="module")
def pool() -> Iterator[ExtractorPool]:
    with ExtractorPool(2, 20) as made:
        yield made


@pytest.fixture
def imported(pool: ExtractorPool, tmp_path: Path) -> Imports:
    """Imports files into a store, with the home of its test."""

    def run(
        db: Database, *files: Path, wanted: Wanted | None = None, cards: dict[str, Outlet] = CARDS
    ) -> list[Ended]:
        return list(Importer(db, settings(tmp_path), pool).run(cards, files, wanted or Wanted()))

    return run


def sums(ends: list[Ended]) -> Counter[Reason | Skip | None]:
    return Counter(each.why for each in ends)


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with some of everything."""
    signals = (("X-Robots-Tag", "noarchive"), ("Last-Modified", "Sun, 01 Mar 2026 08:00:00 GMT"))
    return write(
        tmp_path_factory.mktemp("archive"),
        record("https://harbour.example/", b"software: x", kind="warcinfo"),
        page(1),
        record("https://news.harbour.example/2", html(2), headers=signals, at=MADE + timedelta(minutes=2)),
        page(1, host="quay.example"),
        page(1, at=MADE + timedelta(hours=3)),
        page(1, words="And then it rained for nine days on all of the piers.", at=MADE + timedelta(hours=4)),
        page(1, words="An older version, which nobody needs any more.", at=MADE - timedelta(hours=4)),
        record("https://harbour.example/gone", status="404 Not Found"),
        record("https://harbour.example/", html(9)),
        record("https://harbour.example/empty", b"<html><title>Nothing</title></html>"),
        page(5, host="elsewhere.example"),
        page(6, host="elsewhere.example"),
        page(5, host="www.another.example"),
    )


def test_pages_come_as_from_a_crawl_at_their_own_moment(
    db: Database, tmp_path: Path, theirs: Path, imported: Imports
) -> None:
    ends = imported(db, theirs)
    counted = sums(ends)
    assert counted.pop(Reason.DROPPED_NO_TEXT, 0) + counted.pop(Reason.DROPPED_NOT_ARTICLE, 0) == 1
    assert counted == {
        Reason.STORED: 2,
        Reason.COPY: 1,
        Reason.UNCHANGED: 1,
        Reason.REVISION: 1,
        Reason.DROPPED_OLDER: 1,
        Skip.WARCINFO: 1,
        Skip.STATUS: 1,
        Skip.HOME_PAGE: 1,
        Skip.NO_OUTLET: 3,
    }
    first = articles.find(db, "https://harbour.example/news/1")
    other = articles.find(db, "https://news.harbour.example/2")
    assert first is not None
    assert other is not None
    assert (first.revision, first.article.fetched_at) == (2, MADE + timedelta(hours=4))
    assert "rained" in first.article.body
    assert (other.article.outlet, other.article.robots) == ("harbour", ("noarchive",))
    # Each leads back to its own record, in our own archive.
    assert first.archived is not None
    url, status, _, body = archive.read(tmp_path / "pages", first.archived)
    assert (url, status) == ("https://harbour.example/news/1", 200)
    assert b"rained" in body
    assert other.archived is not None
    assert ("x-robots-tag", "noarchive") in archive.read(tmp_path / "pages", other.archived)[2]
    # An import is no crawl: outlets are due as before.
    assert crawls.runs(db) == []

    again = sums(imported(db, theirs))
    assert again.pop(Skip.KNOWN) == 7
    assert again == {Skip.WARCINFO: 1, Skip.STATUS: 1, Skip.HOME_PAGE: 1, Skip.NO_OUTLET: 3}
    assert len(list(articles.every(db))) == 3


def test_a_card_that_comes_later_has_its_pages_with_the_next_import(
    tmp_path: Path, db: Database, theirs: Path, imported: Imports
) -> None:
    imported(db, theirs)
    late = replace(outlet("late"), homepage="https://elsewhere.example/")
    counted = sums(imported(db, theirs, cards={**CARDS, "late": late}))
    assert (counted[Reason.STORED], counted[Skip.NO_OUTLET], counted[Skip.KNOWN]) == (2, 1, 7)


@pytest.fixture
def store(tmp_path: Path, migrated_sqlite: bytes) -> "Database":
    """An empty store on SQLite, for what does not differ."""
    (tmp_path / "one.sqlite3").write_bytes(migrated_sqlite)
    return Database.open(f"sqlite:///{tmp_path / 'one.sqlite3'}")


def test_a_dry_run_tells_and_writes_nothing(
    store: Database, tmp_path: Path, theirs: Path, imported: Imports
) -> None:
    counted = sums(imported(store, theirs, wanted=Wanted(is_dry=True)))
    assert (counted[None], counted[Skip.NO_OUTLET]) == (7, 3)
    assert not (tmp_path / "pages").exists()
    assert list(articles.every(store)) == []
    store.close()


def test_a_limit_stops_and_the_next_import_goes_on(
    store: Database, tmp_path: Path, imported: Imports
) -> None:
    file = write(tmp_path, *(page(number) for number in range(1, 6)))
    assert sums(imported(store, file, wanted=Wanted(limit=2))) == {Reason.STORED: 2}
    assert sums(imported(store, file)) == {Skip.KNOWN: 2, Reason.STORED: 3}
    store.close()


def test_hosts_without_a_card_are_an_outlets_if_so_asked(
    store: Database, tmp_path: Path, imported: Imports
) -> None:
    file = write(tmp_path, page(1), page(2, host="mirror.example"))
    ends = imported(store, file, wanted=Wanted(outlet=QUAY))
    assert {(each.url, each.outlet) for each in ends} == {
        ("https://harbour.example/news/1", "harbour"),
        ("https://mirror.example/news/2", "quay"),
    }
    store.close()


def test_old_pages_wait_for_no_edition_and_fresh_ones_do(
    store: Database, tmp_path: Path, imported: Imports
) -> None:
    fresh = page(3, at=now() - timedelta(hours=1))
    imported(store, write(tmp_path, page(1), fresh))
    imported(store, write(tmp_path, page(2), name="b.warc.gz"), wanted=Wanted(publishes=True))
    waiting = {each.article.url.rpartition("/")[2] for each in articles.unpublished(store, 10)}
    assert waiting == {"2", "3"}
    store.close()


def test_broken_stretches_are_counted_and_the_rest_is_stored(
    store: Database, tmp_path: Path, imported: Imports
) -> None:
    file = tmp_path / "x.warc.gz"
    file.write_bytes(packed(page(1)) + b"\0garbage" + packed(page(2), page(3))[:-60])
    counted = sums(imported(store, file))
    assert counted == {Reason.STORED: 2, Skip.DAMAGED: 1, Skip.TRUNCATED: 1}
    store.close()


def test_hostile_characters_and_pages_of_5_mb_are_stored(
    store: Database, tmp_path: Path, imported: Imports
) -> None:
    odd = html(1).replace(b"sorry", b"sor\0ry &#xD800; \xed\xa0\x80")
    long = b"<script>" + b"crate = 'ashore';\n" * 300_000 + b"</script></article>"
    file = write(
        tmp_path,
        record("https://harbour.example/a%00b", odd),
        record("https://harbour.example/long", html(2).replace(b"</article>", long)),
    )
    assert sums(imported(store, file)) == {Reason.STORED: 2}
    assert all(each.archived is not None for each in articles.every(store))
    store.close()


def test_kill_9_in_the_import_costs_nothing(database_url: str, tmp_path: Path, imported: Imports) -> None:
    pages = 80
    file = write(tmp_path, *(page(number) for number in range(1, pages + 1)))
    for card in CARDS.values():
        outlets.write(card, tmp_path / "data" / "outlets")
    wanted = {
        "AGGREGATOR_DATABASE": database_url,
        "AGGREGATOR_PAGES": "pages",
        "AGGREGATOR_CRAWL__PROCESSES": "1",
    }
    db = Database.open(database_url)
    for more in (1, 20):
        enough = len(list(articles.every(db))) + more
        with begun(tmp_path, "archive", "import", str(file), **wanted) as one:
            while len(list(articles.every(db))) < enough:
                assert one.process.poll() is None, one.errors
            one.process.kill()
    before = len(list(articles.every(db)))
    assert 0 < before < pages
    counted = sums(imported(db, file))
    assert counted == {Skip.KNOWN: before, Reason.STORED: pages - before}
    assert Counter(each.article.url for each in articles.every(db)).most_common(1)[0][1] == 1
    assert len(list(articles.every(db))) == pages
    db.close()
