"""Two processes that store copies of the same texts at once, and kill -9 of either, again and again."""

import random
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import pytest
from processes import PROCESSES
from sqlalchemy import text
from store import writer
from store.test_near import postings, rows
from store.writer import STORIES

from aggregator.store import articles
from aggregator.store.engine import Database

pytestmark = pytest.mark.slow
KILLS = 4


@dataclass(frozen=True)
class Writer:
    process: BaseProcess
    line: Connection

    def end(self) -> list[int]:
        """The batches that it still acknowledges until its end."""
        self.process.join(60)
        told = []
        with suppress(EOFError, OSError):
            while self.line.poll():
                told.append(self.line.recv())
        self.line.close()
        return told


def start(url: str, name: str) -> Writer:
    ours, theirs = PROCESSES.Pipe()
    process = PROCESSES.Process(target=writer.write, args=(url, name, theirs), daemon=True)
    process.start()
    theirs.close()
    return Writer(process, ours)


def go(*writers: Writer) -> None:
    """Have writers begin at the same moment."""
    for each in writers:
        assert each.line.recv() == "ready"
    for each in writers:
        each.line.send("go")


def killed(victim: Writer, after: int, seconds: float) -> int:
    """Kill a writer some time after so many acknowledged batches; how many articles it acknowledged."""
    seen = [victim.line.recv() for _ in range(after)]
    time.sleep(seconds)
    victim.process.kill()
    return 2 * len([*seen, *victim.end()])


def test_kills_leave_one_cluster_for_each_text_and_lose_nothing(database_url: str) -> None:
    chance = random.Random(11)  # noqa: S311 - moments to kill at
    Database.open(database_url).close()
    for turn in range(KILLS):
        writers = {name: start(database_url, name) for name in ("left", "right")}
        go(*writers.values())
        victim = ("left", "right")[turn % 2]
        acknowledged = killed(writers.pop(victim), chance.randint(0, 4), chance.uniform(0, 0.06))
        for other in writers.values():
            other.end()
            assert other.process.exitcode == 0
        check(database_url, {victim: acknowledged} | dict.fromkeys(writers, STORIES))
    last = [start(database_url, name) for name in ("left", "right")]
    go(*last)
    for each in last:
        each.end()
        assert each.process.exitcode == 0
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
        other = start(db.url.render_as_string(hide_password=False), "left")
        go(other)
        time.sleep(1)
        assert other.process.is_alive()
        with db.reading() as reader:
            assert reader.execute(text("SELECT count(*) FROM article")).scalar() == 0
    other.end()
    assert other.process.exitcode == 0
    assert len(list(articles.every(db))) == STORIES
