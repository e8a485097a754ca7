"""Buckets of postings: whatever was put in is found again, however often they split."""

import random
from contextlib import closing
from typing import Any

import numpy as np
import pytest
from alembic.command import downgrade, upgrade
from dedupe.prose import article as prose
from dedupe.prose import edited
from sqlalchemy import text
from store.samples import article, lines, page

from aggregator.dedupe.shingles import sample
from aggregator.dedupe.words import words
from aggregator.model.crawl import Reason
from aggregator.store import articles
from aggregator.store.buckets import (
    MOST_BYTES,
    POSTING_BYTES,
    Numbers,
    buckets_of,
    grouped,
    growth,
    holders,
    packed,
    parent_of,
    split,
    unpacked,
)
from aggregator.store.engine import Database
from aggregator.store.migrations import alembic_config
from aggregator.store.shingles import Kept, Shingles

CHANCE = random.Random(4)  # noqa: S311 - hashes to place


def hashes(*numbers: int) -> Numbers:
    return np.array(numbers, np.uint64)


def posting(row: int, article_id: int) -> bytes:
    return packed(hashes(row), hashes(article_id))


def test_a_posting_is_found_whatever_its_neighbours_bytes_look_like() -> None:
    inside = posting(0x0102030405, 0x0607080900)
    postings = inside + posting(0x0405060708, 7) + posting(0x0607080900, 9)
    assert inside == bytes(range(1, 10)) + b"\0"
    assert holders(postings, hashes(0x0405060708)) == [(0x0405060708, 7)]
    assert holders(postings, hashes(0x0607080900)) == [(0x0607080900, 9)]
    assert holders(postings, hashes(0x0203040506)) == []
    assert [column.tolist() for column in unpacked(inside)] == [[0x0102030405], [0x0607080900]]
    highest = 2**40 - 1
    assert holders(posting(highest, highest) * 2, hashes(highest, 5)) == [(highest, highest)] * 2
    assert holders(b"", hashes(5)) == holders(postings, hashes()) == []


def test_new_postings_lie_in_their_buckets_in_the_order_in_which_they_came() -> None:
    rows = [CHANCE.getrandbits(40) for _ in range(200)] * 2
    parts = grouped(hashes(*rows), hashes(*range(400)), 7)
    assert sum(map(len, parts.values())) == 400 * POSTING_BYTES
    for number, (row, bucket) in enumerate(zip(rows, buckets_of(hashes(*rows), 7).tolist(), strict=True)):
        assert holders(parts[bucket], hashes(row)) == [(row, number % 200), (row, number % 200 + 200)]


def test_a_batch_of_texts_without_shingles_changes_no_bucket(db: Database) -> None:
    none = hashes()
    assert grouped(none, none, 1) == {}
    short = [page(article(number, blocks=lines("Too short."), dek=None)) for number in (1, 2)]
    assert articles.save(db, None, short) == [Reason.STORED, Reason.STORED]


def test_a_new_bucket_takes_its_share_of_one_older_and_nothing_else_moves() -> None:
    rows = [CHANCE.getrandbits(40) for _ in range(2000)]
    for count in range(1, 70):
        before, after = (buckets_of(hashes(*rows), some).tolist() for some in (count, count + 1))
        moved = {(a, b) for a, b in zip(before, after, strict=True) if a != b}
        assert moved == {(parent_of(count), count)}
        assert set(after) <= set(range(count + 1))


def test_splitting_keeps_every_posting_where_it_is_looked_for() -> None:
    held: dict[int, bytes] = {0: b""}
    known = []
    for number in range(300):
        for row in (CHANCE.getrandbits(40) for _ in range(40)):
            [bucket] = buckets_of(hashes(row), len(held)).tolist()
            held[bucket] += posting(row, number)
            known.append((row, number))
        more = growth(held.values())
        held |= split(held, len(held), more)
    assert sorted(held) == list(range(len(held)))
    assert sum(map(len, held.values())) == POSTING_BYTES * len(known)
    for row, number in known:
        [bucket] = buckets_of(hashes(row), len(held)).tolist()
        assert (row, number) in holders(held[bucket], hashes(row))
    assert max(map(len, held.values())) < 2 * MOST_BYTES


def test_what_is_added_is_found_by_its_period_and_scheme(db: Database) -> None:
    rows = sorted(
        {
            (period, CHANCE.getrandbits(40), n)
            for n in range(1, 60)
            for period in (-400, 7, 8)
            for _ in "abcdef"
        }
    )
    for start in range(0, len(rows), 70):
        with db.session() as session:
            Shingles(session).add(Kept(period, n, [row]) for period, row, n in rows[start : start + 70])
    with db.reading() as session:
        for period in (-400, 7, 8, 9):
            wanted = {row for _, row, _ in rows}
            found = sorted(Shingles(session).find({period: wanted}))
            assert found == [one for one in rows if one[0] == period]
        assert list(Shingles(session, scheme=2).find({7: {row for _, row, _ in rows}})) == []


@pytest.mark.postgres
def test_shingles_take_less_than_a_kilobyte_an_article_on_postgresql(postgres: Any) -> None:
    name = postgres.create(postgres.template)
    with closing(Database.open(postgres.url(name))) as db:
        for start in range(0, 3000, 100):
            kept = [Kept(7, start + n, [CHANCE.getrandbits(40) for _ in range(34)]) for n in range(1, 101)]
            with db.session() as session:
                Shingles(session).add(kept)
            if start % 500 == 0:
                with db.connection() as connection:
                    clean = connection.execution_options(isolation_level="AUTOCOMMIT")
                    clean.execute(text("VACUUM shingle_bucket"))  # as the server does by itself in time
        with db.reading() as session:
            size = session.execute(text("SELECT pg_total_relation_size('shingle_bucket')")).scalar_one()
    postgres.drop(name)
    assert size <= 3000 * 1024


@pytest.mark.parametrize("count", [1, 40])
def test_shingles_that_stood_in_rows_of_their_own_move_into_buckets(
    empty_database_url: str, count: int
) -> None:
    with closing(Database.open(empty_database_url)) as db:
        bodies = [prose(number, 24) for number in range(count)]
        pages = [page(article(n, outlet="a", blocks=lines(body))) for n, body in enumerate(bodies)]
        assert articles.save(db, None, pages) == [Reason.STORED] * count
        with db.reading() as session:
            [id_] = session.execute(text("SELECT id FROM shingle_bucket ORDER BY id LIMIT 1")).scalars()
        period = (id_ >> 31) - (1 << 18) - (1 << 17)
        with db.connection() as connection, connection.begin():
            downgrade(alembic_config(connection), "0011")
            for number, body in enumerate(bodies, 1):
                for row in sample(words(body)).rows:
                    values = {"p": period, "h": row << 7 | number, "a": number}
                    connection.execute(text("INSERT INTO shingle VALUES (:p, :h, :a)"), values)
        with db.connection() as connection, connection.begin():
            upgrade(alembic_config(connection), "head")
        copy = page(article(900, outlet="b", blocks=lines(edited(bodies[-1], 0.05))))
        assert articles.save(db, None, [copy]) == [Reason.COPY]
