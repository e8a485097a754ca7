"""Pace: a long work rests while a crawl is under way, and a dump that does so is as whole as any."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from store.samples import outlet, pages

from aggregator.model.crawl import RunState
from aggregator.store import articles, crawls, living, outlets
from aggregator.store.dump import dump
from aggregator.store.engine import Database
from aggregator.store.pace import LOOKS_SECONDS, RESTS, WORKS_SECONDS, Pace


class Work:
    """A processor's clock that goes on by what is worked, and the rests."""

    def __init__(self) -> None:
        self.seconds = 100.0
        self.rests: list[float] = []
        self.is_crawling = False
        self.looks = 0

    def pace(self) -> Pace:
        return Pace(self.look, busy_seconds=lambda: self.seconds, sleep=self.rests.append)

    def look(self) -> bool:
        self.looks += 1
        return self.is_crawling

    def on(self, pace: Pace, seconds: float, step: float = 0.01) -> None:
        for _ in range(round(seconds / step)):
            self.seconds += step
            pace.rest()


def test_without_a_crawl_it_never_rests() -> None:
    work = Work()
    work.on(work.pace(), 10)
    assert work.rests == []


def test_beside_a_crawl_it_rests_in_proportion_to_its_work() -> None:
    work = Work()
    work.is_crawling = True
    work.on(work.pace(), 10)
    assert sum(work.rests) == pytest.approx(10 * RESTS, abs=WORKS_SECONDS)
    assert max(work.rests) < 2 * WORKS_SECONDS * RESTS


def test_a_long_step_is_rested_for_at_its_end() -> None:
    work = Work()
    work.is_crawling = True
    work.on(work.pace(), 6, step=3)
    assert [round(rest, 6) for rest in work.rests] == [3 * RESTS, 3 * RESTS]


def test_the_store_is_asked_once_a_second_and_a_crawl_that_comes_or_ends_is_seen() -> None:
    work = Work()
    pace = work.pace()
    work.on(pace, 5)
    assert 4 <= work.looks <= 5 / LOOKS_SECONDS
    work.is_crawling = True
    work.on(pace, 5)
    assert sum(work.rests) >= (5 - 1.1 * LOOKS_SECONDS) * RESTS
    work.is_crawling = False
    work.on(pace, 1.1 * LOOKS_SECONDS)
    rested = len(work.rests)
    work.on(pace, 5)
    assert len(work.rests) == rested


def test_a_dump_that_rests_while_a_crawl_stores_shows_one_moment(
    db: Database, database_url: str, tmp_path: Path
) -> None:
    outlets.sync(db, [outlet()])
    run = crawls.start_run(db, ["harbour"], os.getpid())
    articles.save(db, run, pages(3))
    starts = iter(range(50, 10_000, 10))
    work = Work()
    with closing(Database.open(database_url)) as writer:

        def crawl_on(seconds: float) -> None:
            work.rests.append(seconds)
            articles.save(writer, run, pages(2, start=next(starts)))
            if len(work.rests) == 5:
                crawls.end_run(writer, run, RunState.FINISHED)

        pace = Pace(lambda: bool(living.under_way(db)), busy_seconds=lambda: work.seconds, sleep=crawl_on)

        def progress(_what: str, _count: int) -> None:
            work.seconds += LOOKS_SECONDS
            pace.rest()

        report = dump(db, tmp_path / "news.sqlite3", progress=progress)
    assert report.rows["article"] == report.rows["fetch"] == 3
    assert work.rests == [LOOKS_SECONDS * RESTS] * 5
    assert len(list(articles.every(db))) == 3 + 2 * 5
    with closing(sqlite3.connect(report.path)) as file:
        assert file.execute("SELECT count(*) FROM article_text").fetchone() == (3,)
