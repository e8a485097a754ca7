"""kill -9 in the middle of a crawl, again and again: nothing acknowledged is lost, nothing stands twice."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from replayed import Replay, replaying, slug
from warcio.archiveiterator import ArchiveIterator

from aggregator import archive
from aggregator.config import Settings, environment
from aggregator.crawling import crawl
from aggregator.model.crawl import RunState
from aggregator.store import articles, crawls
from aggregator.store.engine import Database

pytestmark = pytest.mark.slow

KILLS = 10


def kill_in_the_middle(settings: Settings, slugs: list[str], after_pages: int) -> int:
    """Start a crawl, kill its process when so many pages ended, and tell how many did."""
    from aggregator import project

    with subprocess.Popen(
        [sys.executable, "-m", "scrapy", "crawl", "batch", "-a", f"outlets={','.join(slugs)}"],
        cwd=project.root(),
        env=os.environ
        | environment(settings)
        | {"http_proxy": settings.http_proxy or "", "PYTHONPATH": str(project.root())},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        ended = 0
        for line in process.stdout:
            ended += '"event": "page"' in line
            if ended >= after_pages:
                process.send_signal(signal.SIGKILL)
                break
        process.wait()
    return ended


def orphans() -> list[int]:
    """Extraction workers whose crawl is gone."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == 1 and b"multiprocessing" in command:
            found.append(int(folder.name))
    return found


def test_ten_kills_cost_nothing(shared: Path, tmp_path: Path) -> None:
    rnd = random.Random(5)  # noqa: S311 - moments to kill at
    with replaying(shared) as replay:
        replay.write_cards(tmp_path / "outlets")
        settings, slugs = replay.settings(tmp_path), [slug(host) for host in replay.pages]
        before = set(orphans())
        acknowledged = 0
        for _ in range(KILLS):
            acknowledged += kill_in_the_middle(settings, slugs, rnd.randint(1, 20))
            db = Database.open(settings.database_url)
            assert db.integrity() == "ok"
            assert len(list(articles.every(db))) >= acknowledged - 3  # three pages are no articles
            db.close()
        report = crawl(settings, slugs)
        assert report.state is RunState.FINISHED
        check(replay, settings)
    deadline = time.monotonic() + 10
    while set(orphans()) - before and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not set(orphans()) - before


def check(replay: Replay, settings: Settings) -> None:
    db = Database.open(settings.database_url)
    try:
        assert db.integrity() == "ok"
        urls = Counter(stored.article.url for stored in articles.every(db))
        assert len(urls) >= 236
        assert set(urls) <= set(replay.ids)
        assert set(urls.values()) == {1}
        crawls.interrupt_stale(db)
        states = [run.state for run in crawls.runs(db)]
        assert states.count(RunState.INTERRUPTED) == KILLS
        assert states.count(RunState.FINISHED) == 1
    finally:
        db.close()
    kept = set()
    for path in settings.pages.rglob("*.warc.gz"):
        archive.repair(path)
        with path.open("rb") as file:
            kept |= {
                record.rec_headers.get_header("WARC-Target-URI")
                for record in ArchiveIterator(file)
                if record.rec_type == "response"
            }
    assert kept >= set(urls)
