"""kill -9 in the middle of a crawl, again and again: nothing acknowledged is lost, nothing stands twice."""

import os
import random
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from replayed import replaying, slug
from warcio.archiveiterator import ArchiveIterator

from aggregator import archive, launching
from aggregator.config import Settings, environment
from aggregator.crawling import crawl
from aggregator.model.crawl import RunState
from aggregator.store import articles, crawls
from aggregator.store.engine import Database

pytestmark = pytest.mark.slow

KILLS = 10
OUTLETS = 80  # of 141
NO_ARTICLES = 3  # of all pages


def kill_in_the_middle(settings: Settings, slugs: list[str], after_pages: int, warm: launching.Warm) -> int:
    """Start a crawl, kill its process when so many pages ended, and tell how many did."""
    variables = os.environ | environment(settings) | {"http_proxy": settings.http_proxy or ""}
    process = launching.start(["batch", "-a", f"outlets={','.join(slugs)}"], variables)
    assert process.stdout is not None
    ended, killed = 0, set[int]()
    with process.stdout:
        for line in process.stdout:
            ended += '"event": "page"' in line
            if ended >= after_pages:
                killed = family(warm.pid or 0)
                process.kill()
                break
    process.wait()
    wait_for_the_end_of(killed)
    return ended


def wait_for_the_end_of(killed: set[int]) -> None:
    """Nobody of a killed crawl's family may stay behind."""
    assert len(killed) >= 2  # the crawl and its extraction server; workers come with the first page
    end = time.monotonic() + 30
    while left := killed & warm_ones().keys():
        assert time.monotonic() < end, left
        time.sleep(0.05)


def warm_ones() -> dict[int, int]:
    """Of each process that was forked from a warm one, and is no zombie, its parent."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if b"spiders.warm" in (folder / "cmdline").read_bytes():
                parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    return parents


def family(pid: int) -> set[int]:
    """A process's descendants: a crawl, its extraction server, the workers."""
    parents = warm_ones()
    found = {pid}
    while more := {each for each, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def test_ten_kills_cost_nothing(shared: Path, tmp_path: Path, warm: launching.Warm) -> None:
    rnd = random.Random(5)  # noqa: S311 - moments to kill at
    with replaying(shared) as replay:
        replay.write_cards(tmp_path / "outlets")
        hosts = list(replay.pages)[:OUTLETS]
        settings, slugs = replay.settings(tmp_path), [slug(host) for host in hosts]
        acknowledged = 0
        for _ in range(KILLS):
            acknowledged += kill_in_the_middle(settings, slugs, rnd.randint(1, 5), warm)
            db = Database.open(settings.database_url)
            assert db.integrity() == "ok"
            assert len(list(articles.every(db))) >= acknowledged - NO_ARTICLES
            db.close()
        report = crawl(settings, slugs)
        assert report.state is RunState.FINISHED
        check({url for host in hosts for url in replay.pages[host]}, settings)


def check(pages: set[str], settings: Settings) -> None:
    db = Database.open(settings.database_url)
    try:
        assert db.integrity() == "ok"
        urls = Counter(stored.article.url for stored in articles.every(db))
        assert len(urls) >= len(pages) - NO_ARTICLES
        assert set(urls) <= pages
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
