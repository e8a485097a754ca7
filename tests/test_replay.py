"""The whole crawl over recorded pages of real outlets, through a proxy, scored against truth."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import polars as pl
import pytest
from replayed import Replay, replaying, slug
from roundtrip import assert_same

from aggregator.crawling import CrawlReport, crawl
from aggregator.model.crawl import Reason, RunState
from aggregator.store import articles, crawls
from aggregator.store.dump import Format, Wanted, dump
from aggregator.store.engine import Database

pytestmark = pytest.mark.slow

PAGES = 239
LEAST_STORED = 236
LEAST_F1 = 0.950


@pytest.fixture(scope="module")
def first(
    shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Replay, Path, CrawlReport]]:
    home = tmp_path_factory.mktemp("replay")
    with replaying(shared) as replay:
        replay.write_cards(home / "outlets")
        report = crawl(replay.settings(home), [slug(host) for host in replay.pages])
        yield replay, home, report


def test_every_page_ends_counted_and_almost_all_are_stored(first: tuple[Replay, Path, CrawlReport]) -> None:
    replay, home, report = first
    assert report.state is RunState.FINISHED
    counted = Counter[Reason]()
    for reasons in report.counts.values():
        counted.update(reasons)
    assert counted.total() == PAGES
    db = Database.open(replay.settings(home).database_url)
    stored = list(articles.every(db))
    # The counts of the run's row, made from the pages' own rows, agree with what the crawl told.
    assert crawls.runs(db)[0].counts == report.counts
    assert counted[Reason.STORED] + counted[Reason.COPY] == len(stored) >= LEAST_STORED
    assert all(article.article.source_link.startswith("http") for article in stored)
    db.close()


def test_stored_bodies_reach_the_floor(first: tuple[Replay, Path, CrawlReport], tmp_path: Path) -> None:
    replay, home, _ = first
    db = Database.open(replay.settings(home).database_url)
    score = replay.score(db, tmp_path / "stored.jsonl")
    db.close()
    assert score["F1"] >= LEAST_F1, score


def test_analysts_get_every_row_text_and_link_of_it(
    first: tuple[Replay, Path, CrawlReport], tmp_path: Path
) -> None:
    replay, home, _ = first
    with closing(Database.open(replay.settings(home).database_url)) as db:
        whole = dump(db, tmp_path / "news.sqlite3").path
        assert_same(db, whole)
        folder = dump(db, tmp_path / "news", Wanted(format=Format.PARQUET)).path
        words = {one.id: one.article.body for one in articles.every(db)}
    with closing(sqlite3.connect(whole)) as file:
        frame = pl.read_database("SELECT id, text FROM v_article", file)
    assert dict(frame.iter_rows()) == words
    with duckdb.connect() as duck:
        asked = f"SELECT article_id, text FROM '{folder}/article_text.parquet'"  # noqa: S608 - our own path
        assert dict(duck.execute(asked).fetchall()) == words


def test_a_second_crawl_downloads_no_article_page(first: tuple[Replay, Path, CrawlReport]) -> None:
    replay, home, _ = first
    before = replay.stats()
    report = crawl(replay.settings(home), [slug(host) for host in replay.pages])
    after = replay.stats()
    assert report.state is RunState.FINISHED
    assert after["page"] == before["page"]
    assert after["feed.xml"] > before["feed.xml"]  # it did look


def test_the_crawls_own_process_stays_small(first: tuple[Replay, Path, CrawlReport]) -> None:
    assert first[2].usage.peak_bytes < 300 * 1024 * 1024


def test_pages_that_fail_come_with_later_crawls(shared: Path, tmp_path: Path) -> None:
    with replaying(shared, "--fail", "0.1", only="fundus-tests") as replay:
        replay.write_cards(tmp_path / "outlets")
        settings = replay.settings(tmp_path)
        for _ in range(3):
            crawl(settings, [slug(host) for host in replay.pages])
        assert replay.stats()["failed on purpose"] > 0
        db = Database.open(settings.database_url)
        missing = [url for url in replay.ids if articles.find(db, url) is None]
        db.close()
        assert not missing
