"""The whole program over the demo newsstand: it fills, ends cleanly and starts again without doubles."""

import json
import re
import signal
import socket
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from cli.program import Begun, aggregator, begun, write_cards

from aggregator import newsstand
from aggregator.model.crawl import RunState
from aggregator.newsstand import Newsstand
from aggregator.store import articles, crawls, editions
from aggregator.store.engine import Database

pytestmark = pytest.mark.slow
OUTLETS = 6
START_SECONDS = 20.0
FILL_SECONDS = 60.0


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsstand]:
    slugs = ("al-mina", "elbtal-kurier", "harbour-post", "minato-shinpo", "phare-armor", "synopsis24")
    with newsstand.start(tmp_path_factory.mktemp("stand"), ports=dict.fromkeys(slugs, 0)) as running:
        yield running


@pytest.fixture
def home(stand: Newsstand, tmp_path: Path) -> Path:
    """A home folder with the demo outlets' cards, and editions twice a second."""
    stand.write_cards(tmp_path / "data" / "outlets")
    (tmp_path / "aggregator.toml").write_text("[publish]\nevery_minutes = 0.01\n")
    return tmp_path


@dataclass(frozen=True)
class Running:
    begun: Begun
    url: str

    def front(self) -> str:
        with urllib.request.urlopen(self.url, timeout=10) as answer:  # noqa: S310 - our own address
            return answer.read().decode()

    def is_alive(self) -> bool:
        return self.begun.process.poll() is None

    def end(self, number: signal.Signals) -> str:
        """Send the signal; standard error, once the process has ended with 0."""
        self.begun.process.send_signal(number)
        assert self.begun.process.wait(timeout=40) == 0, self.begun.errors
        return self.begun.errors


@contextmanager
def running(home: Path, *arguments: str, is_cold: bool = False) -> Iterator[Running]:
    """``aggregator run``; crawls of a cold one start from nothing, or from a warm process of its own."""
    warm = json.dumps(is_cold)
    with begun(
        home, *arguments, "run", "--port", "0", is_cold=is_cold, AGGREGATOR_CRAWL__WARM=warm
    ) as started:
        found = re.search(r"http://127\.0\.0\.1:\d+/", started.first_line())
        assert found, started.errors
        yield Running(started, found[0])


@contextmanager
def opened(home: Path) -> Iterator[Database]:
    db = Database.open(f"sqlite:///{home / 'data' / 'aggregator.sqlite3'}")
    yield db
    db.close()


def published(home: Path) -> list[tuple[str, str]]:
    """Outlet and source link of everything that readers see."""
    with opened(home) as db:
        return [(item.outlet, item.source_link) for item in editions.front(db, limit=500).items]


def is_filled(home: Path) -> bool:
    """Whether the last crawl came to its end and all that it brought is out."""
    with opened(home) as db:
        last = crawls.runs(db, 1)
        return bool(last) and last[0].state is RunState.FINISHED and not articles.unpublished(db, 1)


def wait_until_filled(home: Path, run: Running) -> None:
    deadline = time.monotonic() + FILL_SECONDS
    while not is_filled(home):
        assert time.monotonic() < deadline, run.front()
        assert run.is_alive()
        time.sleep(0.3)
    assert len({outlet for outlet, _ in published(home)}) == OUTLETS


def test_run_fills_the_site_ends_with_0_and_starts_again_without_doubles(home: Path) -> None:
    with running(home, is_cold=True) as first:
        wait_until_filled(home, first)
        page = first.front()
        errors = first.end(signal.SIGINT)
    assert page.count("<article") > OUTLETS
    assert "6 outlets for the first time" in errors
    assert re.search(r"edition \d+: \d+ published", errors)
    assert "Traceback" not in errors
    before = published(home)
    assert len(before) == len(set(before))
    started = time.monotonic()
    with running(home, is_cold=True) as second:
        assert second.front().count("<article") == page.count("<article")
        assert time.monotonic() - started < START_SECONDS
        second.end(signal.SIGTERM)
    assert published(home) == before


def test_stopping_in_the_middle_of_a_crawl_loses_nothing(home: Path) -> None:
    with running(home) as run:
        time.sleep(1.0)
        assert "Traceback" not in run.end(signal.SIGTERM)
    with running(home) as run:
        wait_until_filled(home, run)
        run.end(signal.SIGINT)
    with opened(home) as db:
        assert db.integrity() == "ok"


def test_json_log_is_one_object_a_line(home: Path) -> None:
    with running(home, "--log", "json") as run:
        wait_until_filled(home, run)
        time.sleep(1.0)
        records = [json.loads(line) for line in run.end(signal.SIGINT).splitlines()]
    assert all({"time", "level", "logger", "message"} <= record.keys() for record in records)
    assert any(record.get("published", 0) > 0 for record in records)


def test_second_scheduler_on_the_same_data_is_refused_with_75(tmp_path: Path) -> None:
    write_cards(tmp_path, "silent")
    with running(tmp_path) as first:
        done = aggregator(tmp_path, "run", "--port", "0")
        assert done.returncode == 75
        assert re.fullmatch(r"aggregator: .*scheduler\.lock: another scheduler .*\n", done.stderr)
        first.end(signal.SIGINT)


def test_run_in_an_empty_folder_answers_and_says_how_to_add_an_outlet(tmp_path: Path) -> None:
    with running(tmp_path) as run:
        assert "<html" in run.front()
        assert "`aggregator outlet new URL` makes one" in run.end(signal.SIGINT)


def test_busy_port_is_refused_with_69(tmp_path: Path) -> None:
    write_cards(tmp_path, "silent")
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = str(busy.getsockname()[1])
        for name in ("run", "site"):
            done = aggregator(tmp_path, name, "--port", port)
            assert done.returncode == 69
            assert done.stderr.startswith(f"aggregator: port {port} on 127.0.0.1 is busy")


def test_run_once_crawls_publishes_and_ends(home: Path) -> None:
    done = aggregator(home, "run", "--once")
    assert done.returncode == 0, done.stderr
    assert {outlet for outlet, _ in published(home)} == set(json_slugs(home))


def json_slugs(home: Path) -> list[str]:
    return [row["outlet"] for row in json.loads(aggregator(home, "schedule", "--json").stdout)]


def test_crawl_by_hand_prints_each_outlets_pages_by_reason(home: Path) -> None:
    done = aggregator(home, "crawl", "harbour-post", "phare-armor")
    assert done.returncode == 0, done.stderr
    table = [[cell.strip() for cell in line.split("│")[1:-1]] for line in done.stdout.splitlines()]
    rows = {cells[0]: cells for cells in table if cells}
    assert int(rows["harbour-post"][1]) > 3
    assert int(rows["phare-armor"][1]) > 3
    assert "al-mina" not in rows
    edition = aggregator(home, "publish", "--now")
    assert re.match(r"edition 1: \d+ published, 0 updated", edition.stdout)


def test_crawl_of_which_everything_failed_says_why_and_ends_with_1(tmp_path: Path) -> None:
    write_cards(tmp_path, "silent")
    done = aggregator(tmp_path, "crawl", "silent")
    assert done.returncode == 1, done.stdout
    assert "silent: feed http://127.0.0.1:9/silent/feed.xml: failed/refused" in done.stdout
