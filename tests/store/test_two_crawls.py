"""Two processes that store copies of the same texts at once, and kill -9 of either, again and again."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest
from sqlalchemy import text
from store.test_near import postings, rows

from aggregator.store import articles
from aggregator.store.engine import Database

pytestmark = pytest.mark.slow
STORIES = 16
KILLS = 4

WRITER = """
import sys
from zlib import crc32
sys.path[:0] = sys.argv[3:]
from store.test_near import carried
from dedupe.prose import edited, article
from aggregator.store import articles
from aggregator.store.engine import Database
url, name = sys.argv[1:3]
db = Database.open(url)
seed = crc32(name.encode()) % 99
pages = [carried(name, edited(article(100 + n, 20), 0.08, seed + n), 100 + n) for n in range(16)]
print("ready", flush=True)
sys.stdin.readline()
for n in range(0, 16, 2):
    articles.save(db, None, pages[n : n + 2])
    print(n, flush=True)
"""


def start(url: str, name: str) -> "subprocess.Popen[str]":
    paths = [path for path in sys.path if path]
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, url, name, *paths],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ,
    )


def go(*writers: "subprocess.Popen[str]") -> None:
    """Have writers begin at the same moment."""
    for writer in writers:
        assert writer.stdout
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin
        writer.stdin.write("go\n")
        writer.stdin.flush()


def killed(writer: "subprocess.Popen[str]", after: int, seconds: float) -> int:
    """Kill a writer some time after so many acknowledged batches; how many articles it acknowledged."""
    assert writer.stdout
    seen = [line for line in (writer.stdout.readline() for _ in range(after)) if line]
    time.sleep(seconds)
    writer.send_signal(signal.SIGKILL)
    rest, _ = writer.communicate()
    return 2 * len([*seen, *rest.splitlines()])


def test_kills_leave_one_cluster_for_each_text_and_lose_nothing(database_url: str) -> None:
    chance = random.Random(11)  # noqa: S311 - moments to kill at
    Database.open(database_url).close()
    for turn in range(KILLS):
        writers = {name: start(database_url, name) for name in ("left", "right")}
        go(*writers.values())
        victim = ("left", "right")[turn % 2]
        acknowledged = killed(writers.pop(victim), chance.randint(0, 4), chance.uniform(0, 0.06))
        for other in writers.values():
            other.communicate(timeout=60)
            assert other.returncode == 0
        check(database_url, {victim: acknowledged} | dict.fromkeys(writers, STORIES))
    last = [start(database_url, name) for name in ("left", "right")]
    go(*last)
    for writer in last:
        writer.communicate(timeout=60)
    check(database_url, {"left": STORIES, "right": STORIES})


def check(url: str, at_least: dict[str, int]) -> None:
    """Everything acknowledged stands once, and of each text at most one article is no copy."""
    db = Database.open(url)
    assert db.integrity() == "ok"
    found = list(articles.every(db))
    addresses = Counter((one.article.outlet, one.article.url) for one in found)
    assert set(addresses.values()) == {1}
    for name, number in at_least.items():
        assert sum(outlet == name for outlet, _ in addresses) >= number
    by_id = {one.id: one for one in found}
    originals = Counter(one.article.url.rpartition("/")[2] for one in found if one.copy_of is None)
    assert set(originals.values()) == {1}
    copies = {one.id: one.copy_of for one in found if one.copy_of is not None}
    assert all(by_id[of].copy_of is None for of in copies.values())
    assert all(by_id[one].article.url[-3:] == by_id[of].article.url[-3:] for one, of in copies.items())
    assert dict(rows(db, "SELECT copy_id, original_id FROM duplicate")) == copies
    held = postings(db)
    assert len(held) == len(set(held))
    assert {article_id for _, article_id in held} <= set(by_id)
    db.close()


def test_two_transactions_that_do_not_see_one_another_do_not_both_store_an_original(db: Database) -> None:
    """While one process holds the writers' lock, another one's save waits, and then sees its article."""
    with db.session() as session:
        from aggregator.store.statements import be_only_writer

        be_only_writer(session)
        session.execute(text("SELECT 1"))
        writer = start(db.url.render_as_string(hide_password=False), "left")
        go(writer)
        time.sleep(1)
        assert writer.poll() is None
        with db.reading() as reader:
            assert reader.execute(text("SELECT count(*) FROM article")).scalar() == 0
    writer.communicate(timeout=60)
    assert writer.returncode == 0
    assert len(list(articles.every(db))) == STORIES
