"""Near-duplicates in the store: found in the transaction, kept with their evidence, on both databases."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from typing import Any

from dedupe.prose import article as prose
from dedupe.prose import edited
from sqlalchemy import text
from store.samples import NOON, article, lines, page

from aggregator.model.article import Article
from aggregator.model.crawl import PageArticle, Reason
from aggregator.store import articles
from aggregator.store.engine import Database


def carried(outlet: str, body: str, number: int = 1, **changes: Any) -> PageArticle:
    made: Article = article(number, outlet=outlet, blocks=lines(body), **changes)
    return page(made)


def save(db: Database, *pages: PageArticle) -> list[Reason]:
    return articles.save(db, None, pages)


def rows(db: Database, query: str) -> list[tuple[Any, ...]]:
    with db.reading() as session:
        return [tuple(row) for row in session.execute(text(query))]


TEXT = prose(1, 24)


def test_an_edited_copy_is_found_in_its_batch_and_after_it(db: Database) -> None:
    first, second, third = (carried(name, edited(TEXT, 0.1, n)) for n, name in enumerate(("a", "b", "c")))
    assert save(db, first, second) == [Reason.STORED, Reason.COPY]
    assert save(db, third, carried("d", prose(2, 24))) == [Reason.COPY, Reason.STORED]
    a, b, c, d = articles.every(db)
    assert [one.copy_of for one in (a, b, c, d)] == [None, a.id, a.id, None]
    assert [one.id for one in articles.unpublished(db, 9)] == [a.id, d.id]


def test_evidence_is_kept_with_the_copy(db: Database) -> None:
    quarter = TEXT[: len(TEXT) // 4]
    save(db, carried("a", TEXT), carried("b", quarter), carried("c", TEXT))
    with db.reading() as session:
        found = session.execute(text("SELECT kind, score, evidence FROM duplicate ORDER BY copy_id")).all()
    assert [row.kind for row in found] == ["excerpt", "syndicated"]
    assert found[1].evidence in {None, "null"}
    evidence = found[0].evidence
    if isinstance(evidence, str):
        import json

        evidence = json.loads(evidence)
    assert evidence["of_newer"] > 0.95
    assert evidence["of_older"] < 0.3
    assert evidence["shared_shingles"] >= 2


def test_forty_copies_are_one_cluster_and_keep_few_shingles(db: Database) -> None:
    copies = [carried(f"o{n}", edited(TEXT, 0.1, n)) for n in range(40)]
    for start in range(0, 40, 8):
        save(db, *copies[start : start + 8])
    assert {one.copy_of for one in articles.every(db)} == {None, 1}
    [(of_first,)] = rows(db, "SELECT count(*) FROM shingle WHERE article_id = 1")
    assert rows(db, "SELECT max(n) FROM (SELECT count(*) n FROM shingle GROUP BY period, hash) x") == [(1,)]
    [(of_all,)] = rows(db, "SELECT count(*) FROM shingle")
    assert of_all < 40 * of_first / 2


def test_an_original_that_nearly_equals_its_copy_takes_over(db: Database) -> None:
    source = "https://harbour.example/news/1"
    save(db, carried("echo", edited(TEXT, 0.1), source_link=source))
    assert save(db, carried("harbour", TEXT)) == [Reason.STORED]
    echo, harbour = articles.every(db)
    assert (echo.copy_of, harbour.copy_of) == (harbour.id, None)


def test_a_copy_that_is_corrected_stays_one_and_one_with_other_words_does_not(db: Database) -> None:
    save(db, carried("a", TEXT), carried("b", edited(TEXT, 0.1)))
    assert save(db, carried("b", edited(TEXT, 0.12, 7))) == [Reason.REVISION]
    assert [one.copy_of for one in articles.every(db)] == [None, 1]
    assert save(db, carried("b", prose(5, 24))) == [Reason.REVISION]
    assert [one.copy_of for one in articles.every(db)] == [None, None]


def test_copies_are_looked_for_in_the_periods_beside_the_articles_own(db: Database) -> None:
    save(db, carried("a", TEXT))
    later = {"published": NOON + timedelta(days=100), "fetched_at": NOON + timedelta(days=100)}
    assert save(db, carried("b", edited(TEXT, 0.1), **later)) == [Reason.STORED]
    soon = {"published": NOON + timedelta(days=20), "fetched_at": NOON + timedelta(days=20)}
    earlier = {"published": NOON - timedelta(days=20)}
    assert save(db, carried("c", edited(TEXT, 0.1, 3), **soon)) == [Reason.COPY]
    assert save(db, carried("d", edited(TEXT, 0.1, 4), **earlier)) == [Reason.COPY]


WRITER = """
import sys
from dataclasses import replace
sys.path[:0] = sys.argv[3:]
from store.test_near import TEXT, carried
from dedupe.prose import edited, article
from aggregator.store import articles
from aggregator.store.engine import Database
db = Database.open(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
for n in range(12):
    story = article(100 + n, 20)
    articles.save(db, None, [carried(sys.argv[2], edited(story, 0.08, hash(sys.argv[2]) % 99), 100 + n)])
    print(n, flush=True)
"""


def test_two_writers_at_once_and_one_killed_leave_one_cluster_for_each_text(database_url: str) -> None:
    Database.open(database_url).close()
    paths = [path for path in sys.path if path]
    env = {**os.environ, "PYTHONHASHSEED": "3"}
    start = lambda name: subprocess.Popen(  # noqa: E731 - one call, thrice
        [sys.executable, "-c", WRITER, database_url, name, *paths],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env,
    )  # fmt: skip
    writers = [start("left"), start("right")]
    for writer in writers:
        assert writer.stdout
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin
        writer.stdin.write("go\n")
        writer.stdin.flush()
    victim, other = writers
    assert victim.stdout
    for _ in range(4):
        victim.stdout.readline()
    victim.send_signal(signal.SIGKILL)
    victim.communicate()
    other.communicate(timeout=60)
    again = start("left")
    again.communicate("go\n", timeout=60)
    assert (other.returncode, again.returncode) == (0, 0)
    db = Database.open(database_url)
    found = list(articles.every(db))
    assert len(found) == 24
    assert sum(one.copy_of is None for one in found) == 12
    assert all(one.copy_of is None or found[one.copy_of - found[0].id].copy_of is None for one in found)
    db.close()
