"""What a warm process forks, crawls and extraction, is as from nothing, and leaves nothing behind."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from handmade import article_html, make_page
from newsstand import answers
from newsstand.server import Habits, habits

from aggregator import launching
from aggregator import outlets as cards
from aggregator.config import CrawlSettings, Settings
from aggregator.crawling import CrawlReport, Trial, crawl, trial
from aggregator.extract.pool import ExtractorPool
from aggregator.model.crawl import Reason, RunState
from aggregator.model.outlet import Rules

__all__ = ["habits"]

GULL = b"<p>Quoth the gull of Wrenley</p>"
PATHS = [f"/good/{number}.html" for number in range(4)]


def settings(home: Path, **changed: object) -> Settings:
    return Settings(
        database=f"sqlite:///{home}/a.sqlite3",
        outlets=home / "outlets",
        pages=home / "pages",
        phrases=home / "phrases",
        crawl=CrawlSettings(processes=1, **changed),
    )


@pytest.fixture
def home(tmp_path: Path, habits: Habits, migrated_sqlite: bytes) -> Path:
    """A folder with the card of an outlet that has four good pages."""
    (tmp_path / "a.sqlite3").write_bytes(migrated_sqlite)
    for number, path in enumerate(PATHS):
        habits.play(path, answers.good(number))
    habits.feed(*PATHS)
    (tmp_path / "outlets").mkdir()
    cards.write(habits.outlet(), tmp_path / "outlets")
    return tmp_path


def pid_of(warm: launching.Warm) -> int:
    assert warm.pid is not None
    return warm.pid


def children(pid: int) -> list[str]:
    """The states of a process's children, as ps has them."""
    done = subprocess.run(
        ["ps", "-o", "stat=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return done.stdout.split()


def wait_for(truth: Callable[[], object]) -> None:
    end = time.monotonic() + 30
    while not truth():
        assert time.monotonic() < end
        time.sleep(0.02)


def try_out(home: Path, habits: Habits) -> list[Trial]:
    return sorted(trial(settings(home), habits.outlet(), len(PATHS)), key=lambda each: each.page_url)


def parent_of(pid: int) -> int:
    """The number of a process's parent, as Linux has it behind the name and the state."""
    return int(Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[1])


def test_where_no_warm_process_can_be_started_crawls_start_from_nothing_and_bring_the_same(
    warm: launching.Warm, home: Path, habits: Habits, monkeypatch: pytest.MonkeyPatch
) -> None:
    forked = try_out(home, habits)
    assert warm.pid is not None
    with launching.kept_warm() as broken:
        assert broken is not None
        monkeypatch.setattr(launching, "MODULE", "spiders.nothing")
        started = try_out(home, habits)
        assert broken.pid is None
    assert [each.reason for each in forked] == [Reason.STORED] * len(PATHS)
    assert [each.article and each.article.body for each in forked] == [
        each.article and each.article.body for each in started
    ]


def test_a_patient_one_is_made_ready_beside_the_second_crawl(home: Path, habits: Habits) -> None:
    with launching.kept_warm(is_patient=True) as made:
        assert made is not None
        try_out(home, habits)
        assert made.pid is None
        try_out(home, habits)
        wait_for(lambda: made.is_ready)
        assert children(pid_of(made)) == []  # the second one started from nothing
        assert len(try_out(home, habits)) == len(PATHS)
    assert made.pid is None


def test_each_crawl_has_its_own_settings_and_the_operators_phrases_of_its_day(
    warm: launching.Warm, home: Path, habits: Habits
) -> None:
    page = answers.good(0)
    habits.play(PATHS[0], replace(page, body=page.body.replace(b"</article>", GULL + b"</article>")))
    first = try_out(home, habits)[0].article
    (home / "phrases").mkdir()
    own = home / "phrases" / "own.toml"
    own.write_text('[share]\nhas = ["quoth the gull"]\n', encoding="utf-8")
    cut = try_out(home, habits)[0].article
    assert first is not None
    assert cut is not None
    assert "Quoth the gull" in first.body
    assert "Quoth the gull" not in cut.body
    own.unlink()
    again = try_out(home, habits)[0].article
    assert again is not None
    assert again.body == first.body
    report = crawl(settings(home, max_page_bytes=1024), [habits.outlet().slug])
    assert set(report.counts[habits.outlet().slug]) == {Reason.FAILED_TOO_LARGE}


def test_a_crawl_that_has_ended_is_seen_off_with_its_workers(
    warm: launching.Warm, home: Path, habits: Habits
) -> None:
    handles = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(2):
        try_out(home, habits)
    wait_for(lambda: children(pid_of(warm)) == [])
    assert len(list(Path("/proc/self/fd").iterdir())) <= handles + 1  # the line to the warm process


@pytest.fixture
def pool() -> Iterator[ExtractorPool]:
    with ExtractorPool(1, page_seconds=20) as made:
        yield made


def test_when_the_warm_process_is_killed_its_crawls_end_as_if_asked_to_and_what_comes_next_has_a_new_one(
    warm: launching.Warm, home: Path, habits: Habits, pool: ExtractorPool
) -> None:
    assert pool.submit(make_page(article_html()), Rules()).result(60).headline == "Bridge opens"
    (worker,) = pool.worker_pids
    habits.play("/robots.txt", answers.robots("User-agent: *\nCrawl-delay: 1\n"))
    killed: list[int] = []

    def kill() -> None:
        wait_for(lambda: any(habits.count(path) for path in PATHS))
        killed.append(pid_of(warm))
        os.kill(killed[0], signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    report: CrawlReport = crawl(settings(home), [habits.outlet().slug])
    killer.join()
    assert report.state is RunState.INTERRUPTED
    assert "its parent ended" in (report.detail or "")
    wait_for(lambda: not Path(f"/proc/{worker}").exists())
    report = crawl(settings(home), [habits.outlet().slug])
    assert report.state is RunState.FINISHED
    assert pid_of(warm) not in killed
    assert pool.submit(make_page(article_html()), Rules()).result(60).headline == "Bridge opens"
    assert parent_of(parent_of(pool.worker_pids[0])) == pid_of(warm)


def body_and_server() -> tuple[str, int]:
    """What a pool makes of a page that ends with the gull's line, and the parent of its worker's server."""
    page = make_page(article_html().replace("</article>", f"{GULL.decode()}</article>"))
    with ExtractorPool(1, page_seconds=20) as pool:
        article = pool.submit(page, Rules()).result(60)
        (worker,) = pool.worker_pids
        return article.body, parent_of(parent_of(worker))


def test_extraction_is_forked_from_the_warm_process_or_starts_from_nothing_and_says_the_same(
    warm: launching.Warm, monkeypatch: pytest.MonkeyPatch
) -> None:
    forked, parent = body_and_server()
    assert parent == pid_of(warm)
    wait_for(lambda: children(parent) == [])
    with launching.kept_warm() as broken:
        assert broken is not None
        monkeypatch.setattr(launching, "MODULE", "spiders.nothing")
        assert body_and_server() == (forked, os.getpid())
    assert "Quoth the gull" in forked


def test_extraction_reads_the_operators_phrases_of_its_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own.toml").write_text('[share]\nhas = ["quoth the gull"]\n', encoding="utf-8")
    monkeypatch.setenv("AGGREGATOR_PHRASES", str(tmp_path))
    body, parent = body_and_server()
    assert "Quoth the gull" not in body
    assert parent == os.getpid()
