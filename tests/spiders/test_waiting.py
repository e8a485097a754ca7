"""Requests that wait for a busy host or a Crawl-delay, and what becomes of them when the crawl must end."""

import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from newsstand import answers
from newsstand.server import Habits, habits

from aggregator import outlets as cards
from aggregator.config import CrawlSettings, Settings
from aggregator.crawling import CrawlReport, crawl
from aggregator.model.crawl import Reason, RunState
from aggregator.model.outlet import Outlet
from aggregator.store import crawls
from aggregator.store.engine import Database

pytestmark = pytest.mark.slow
__all__ = ["habits"]


@pytest.fixture(autouse=True)
def _store(tmp_path: Path, migrated_sqlite: bytes) -> None:
    (tmp_path / "a.sqlite3").write_bytes(migrated_sqlite)


def page_of_8_mb(number: int) -> answers.Answer:
    filler = f"<!-- {'x' * 1000} -->" * 8000
    return replace(answers.good(number), body=answers.good(number).body + filler.encode())


def outlet_of(habits: Habits, concurrency: int) -> Outlet:
    outlet = habits.outlet()
    return replace(outlet, politeness=replace(outlet.politeness, concurrency=concurrency))


def run(
    home: Path, outlet: Outlet, stop: threading.Event | None = None, **crawl_settings: object
) -> tuple[CrawlReport, dict[str, Reason]]:
    (home / "outlets").mkdir(exist_ok=True)
    cards.write(outlet, home / "outlets")
    settings = Settings(
        database=f"sqlite:///{home}/a.sqlite3",
        outlets=home / "outlets",
        pages=home / "pages",
        crawl=CrawlSettings(**{"retries": 1, "processes": 1} | crawl_settings),
    )
    seen: dict[str, Reason] = {}
    report = crawl(
        settings, [outlet.slug], stop=stop, on_progress=lambda page: seen.update({page.url: page.reason})
    )
    return report, seen


def test_a_busy_host_does_not_keep_others_waiting(habits: Habits, tmp_path: Path) -> None:
    busy = [f"/busy/{number}.html" for number in range(12)]
    for number, path in enumerate(busy):
        habits.play(path, answers.busy(429, "3"), answers.good(number))
    other = [f"http://localhost:{habits.server.server_address[1]}/good/{n}.html" for n in range(20, 32)]
    habits.play("/feed.xml", answers.feed([habits.url(path) for path in busy] + other))
    _, seen = run(tmp_path, outlet_of(habits, 2), concurrency=4)
    assert set(seen.values()) == {Reason.STORED}
    assert sorted(list(seen)[:12]) == other


def test_a_host_that_wants_hours_of_peace_is_asked_nothing_more(habits: Habits, tmp_path: Path) -> None:
    paths = [f"/busy/{number}.html" for number in range(10)]
    for path in paths:
        habits.play(path, answers.busy(429, "7200"))
    habits.feed(*paths)
    outlet = outlet_of(habits, 1)
    # Without a delay Scrapy sends at once whatever is queued, and all of it is under way.
    outlet = replace(outlet, politeness=replace(outlet.politeness, delay_seconds=0.1))
    _, seen = run(tmp_path, outlet)
    assert list(seen.values()) == [Reason.FAILED_BUSY] * 10
    assert sum(habits.count(path) for path in paths) == 1


@pytest.mark.parametrize("slow", ["a busy host", "a Crawl-delay"])
def test_a_crawl_that_must_end_does_not_wait_its_turn(habits: Habits, tmp_path: Path, slow: str) -> None:
    paths = [f"/p/{number}.html" for number in range(6)]
    busy = (answers.busy(503, "25"),) if slow == "a busy host" else ()
    for number, path in enumerate(paths):
        habits.play(path, *busy, answers.good(number))
    if not busy:
        habits.play("/robots.txt", answers.robots("User-agent: *\nCrawl-delay: 3\n"))
    habits.feed(*paths)
    stop = threading.Event()
    ending: list[float] = []

    def end_it() -> None:
        while not any(request.path in paths for request in habits.requests):
            time.sleep(0.05)
        ending.append(time.monotonic())
        stop.set()

    threading.Thread(target=end_it, daemon=True).start()
    report, seen = run(tmp_path, outlet_of(habits, 1), stop)
    # Five more turns would take 15 seconds, a busy host 25.
    assert time.monotonic() - ending[0] < 12.0
    assert report.state is RunState.INTERRUPTED
    assert f"{6 - len(seen)} pages left for the next crawl" in (report.detail or "")
    habits.play("/robots.txt", answers.robots())
    _, later = run(tmp_path, outlet_of(habits, 1))
    assert sorted([*seen, *later]) == sorted(map(habits.url, paths))


def test_an_unasked_for_304_is_no_page_that_we_know(habits: Habits, tmp_path: Path) -> None:
    habits.play("/odd.html", answers.Answer(status=304, media_type=None), answers.good(1))
    habits.feed("/odd.html")
    outlet = outlet_of(habits, 1)
    assert list(run(tmp_path, outlet)[1].values()) == [Reason.FAILED_HTTP]
    assert list(run(tmp_path, outlet)[1].values()) == [Reason.STORED]


def test_a_page_that_became_the_home_page_is_no_article(habits: Habits, tmp_path: Path) -> None:
    habits.play("/", answers.good(1))
    habits.play("/removed.html", answers.moved("/"))
    habits.play("/renamed.html", answers.moved("/good/2.html"))
    habits.feed("/removed.html", "/renamed.html")
    _, seen = run(tmp_path, outlet_of(habits, 2))
    assert seen == {
        habits.url("/removed.html"): Reason.DROPPED_HOME_PAGE,
        habits.url("/renamed.html"): Reason.STORED,
    }


def test_many_large_pages_at_once_fit_into_memory(habits: Habits, tmp_path: Path) -> None:
    paths = [f"/large/{number}.html" for number in range(24)]
    for number, path in enumerate(paths):
        habits.play(path, page_of_8_mb(number))
    habits.feed(*paths, "/huge.html", "/huge-chunked.html", "/gzip-bomb.html")
    outlet = outlet_of(habits, 8)
    outlet = replace(outlet, politeness=replace(outlet.politeness, timeout_seconds=60.0))
    report, seen = run(tmp_path, outlet)
    assert len(seen) == 27
    assert Reason.FAILED_TIMEOUT not in seen.values()
    assert report.usage.peak_bytes < 300_000_000


def test_a_crawl_that_nobody_listens_to_can_still_be_ended(habits: Habits, tmp_path: Path) -> None:
    # 60 events of 1.5 KB are more than a pipe holds.
    habits.feed(*(f"/good/{number}.html?{'x' * 1500}=1" for number in range(60)))

    def fail(_: object) -> None:
        while len(habits.requests) < 62:
            time.sleep(0.05)
        time.sleep(2.0)
        raise RuntimeError

    outlet = outlet_of(habits, 8)
    cards.write(outlet, tmp_path)
    settings = Settings(
        database=f"sqlite:///{tmp_path}/a.sqlite3",
        outlets=tmp_path,
        pages=tmp_path / "pages",
        crawl=CrawlSettings(processes=1),
    )
    with pytest.raises(RuntimeError):
        crawl(settings, [outlet.slug], on_progress=fail)
    db = Database.open(settings.database_url, migrate=False)
    assert crawls.runs(db)[0].state is not RunState.RUNNING
    db.close()
