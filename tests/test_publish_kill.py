"""kill -9 in a publish loop, again and again: no article twice, no half edition, no cap exceeded."""

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import DupFd
from typing import BinaryIO

import pytest
from processes import PROCESSES
from publisher import begin
from queued import HURRIED, HURRY_CARDS, MONDAY, ZONE, day
from sqlalchemy import func
from sqlalchemy import select as sql
from store.samples import article, page

from aggregator import wallclock
from aggregator.model.delivery import EventKind
from aggregator.model.edition import PublicationState
from aggregator.store import articles, search
from aggregator.store import outlets as stored_outlets
from aggregator.store.engine import Database
from aggregator.store.schema import EditionRow, EventRow, PublicationRow

pytestmark = pytest.mark.slow

KILLS = 20
STORED = 140


@contextmanager
def publisher(url: str) -> Iterator[tuple[BaseProcess, BinaryIO]]:
    """A process that publishes, and the marks that it makes."""
    source, sink = os.pipe()
    # A server forks each publisher with all modules loaded; it hands the end of the pipe over.
    process = PROCESSES.Process(target=begin, args=(url, DupFd(sink)), daemon=True)
    process.start()
    os.close(sink)
    with os.fdopen(source, "rb", buffering=0) as marks:
        yield process, marks
    process.join()


def killed(url: str, rnd: random.Random) -> bool:
    """Kill a publisher at some moment; whether an edition was half written then."""
    with publisher(url) as (process, marks):
        seen = marks.read(1)
        for _ in range(rnd.randint(1, 4)):  # so many marks of beginnings and ends
            seen += marks.read(1)
        time.sleep(rnd.choice([0, 0.001, 0.003, 0.01, 0.1]))
        process.kill()
        process.join()
        seen += marks.read()
    return seen.endswith(b"W")


def test_twenty_kills_leave_no_article_twice_no_half_edition_and_no_cap_exceeded(database_url: str) -> None:
    rnd = random.Random(7)  # noqa: S311 - moments to kill at
    db = Database.open(database_url)
    stored_outlets.sync(db, list(HURRY_CARDS.values()))
    slugs = tuple(HURRY_CARDS)
    written = [article(number, outlet=slugs[number % 4], published=None) for number in range(1, STORED + 1)]
    articles.save(db, None, [page(each) for each in written])
    torn = 0
    for _ in range(KILLS):
        torn += killed(database_url, rnd)
        check(db)
    assert torn >= 1
    with publisher(database_url) as (last, _):
        last.join(300)
        assert last.exitcode == 0
    check(db)
    with db.reading() as session:
        total = session.execute(sql(func.count()).select_from(PublicationRow)).scalar_one()
        events = session.execute(sql(EventRow.publication_id, EventRow.kind)).all()
    # All but what the month's cap keeps back.
    assert total == STORED - 5
    assert search.search(db, "pier", limit=1).total == total
    # Whoever is told of editions is told of each article once.
    assert len({number for number, _ in events}) == len(events) == total
    assert {kind for _, kind in events} == {EventKind.PUBLISHED}
    assert db.integrity() == "ok"
    db.close()


def check(db: Database) -> None:
    query = sql(PublicationRow).where(PublicationRow.state != PublicationState.REFUSED.value)
    with db.reading() as session:
        rows = session.execute(query).scalars().all()
        editions = {row.id: row for row in session.execute(sql(EditionRow)).scalars()}
    assert len({row.article_id for row in rows}) == len(rows)
    held = Counter(row.edition_id for row in rows)
    assert held == {number: row.article_count for number, row in editions.items()}
    assert max(held.values(), default=0) <= HURRIED.max_articles
    assert all(editions[row.edition_id].closed_at == row.published_at for row in rows)
    assert max(Counter(day(row.published_at) for row in rows).values(), default=0) <= 45
    assert all(row.published_at > MONDAY for row in rows)
    assert not any(wallclock.end_of_hours(HURRIED.quiet_hours, ZONE, row.published_at) for row in rows)
    by_day = Counter((row.outlet, day(row.published_at)) for row in rows)
    assert all(count <= (HURRY_CARDS[slug].publish.daily_cap or 99) for (slug, _), count in by_day.items())
    by_moment = Counter((row.outlet, row.published_at) for row in rows)
    assert all(count <= (HURRY_CARDS[slug].publish.drip or 99) for (slug, _), count in by_moment.items())
    months = Counter((row.outlet, row.published_at.month) for row in rows)
    assert all(count <= (HURRY_CARDS[slug].rights.monthly_cap or 999) for (slug, _), count in months.items())
    wharf = sorted(row.published_at for row in rows if row.outlet == "wharf")
    assert all((later - earlier).total_seconds() >= 35 * 60 for earlier, later in pairwise(wharf))
