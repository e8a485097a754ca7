"""A store filled with rows of any number of articles, as the program would have left them."""

import importlib
import itertools
import sys
from datetime import timedelta

from duplicates.texts import COPIES, OUTLETS, PER_DAY, START, Sample, Texts, page
from sqlalchemy import text
from sqlalchemy.orm import Session

from aggregator.dedupe.candidates import COMMON_CLUSTERS, period_of
from aggregator.dedupe.shingles import SCHEME
from aggregator.dedupe.shingles import sample as sample_of
from aggregator.dedupe.words import words
from aggregator.store.articles import save
from aggregator.store.buckets import POSTING_BYTES, buckets_of
from aggregator.store.engine import Database
from aggregator.store.schema import (
    ArticleRevisionRow,
    ArticleRow,
    ArticleUrlRow,
    ShingleBucketRow,
)
from aggregator.store.shingles import bucket_id
from aggregator.store.statements import insert_rows
from aggregator.store.tables.base import Base

BATCH = 100
SEEDS = 500
WARM = 2_000
MEASURED = 2_000
CHUNK = 50_000


def _multiplied(table: type[Base], changed: dict[str, str], number: str) -> str:
    """A statement that gives rows of the first articles further numbers: the same on both databases."""
    names = [column.name for column in table.__table__.columns]
    values = ", ".join(changed.get(name, f"a.{name}") for name in names)
    numbered = (
        "WITH RECURSIVE n(i) AS (SELECT CAST(:start AS bigint) + 1 UNION ALL "
        "SELECT i + 1 FROM n WHERE i < CAST(:start AS bigint) + CAST(:count AS bigint))"
    )
    source = f"n JOIN {table.__tablename__} a ON a.{number} = n.i % CAST(:seeds AS bigint) + 1"
    target = f"INSERT INTO {table.__tablename__} ({', '.join(names)})"
    return f"{numbered} {target} SELECT {values} FROM {source}"  # noqa: S608 - names of our own tables


def _multiply(session: Session, start: int, count: int, seeds: int) -> None:
    dialect = session.get_bind().dialect.name
    key = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "md5(random()::text || n.i)"}[dialect]
    keys = {"url_key": key, "text_hash": key}
    for table, changed, number in (
        (ArticleRow, {"id": "n.i", **keys}, "id"),
        (ArticleRevisionRow, {"article_id": "n.i", **keys}, "article_id"),
        (ArticleUrlRow, {"article_id": "n.i", **keys}, "article_id"),
    ):
        statement = text(_multiplied(table, changed, number))
        session.execute(statement, {"start": start, "count": count, "seeds": seeds})


def filled(url: str, articles: int) -> None:
    """Fill an empty database with all but the articles that are measured."""
    db = Database.open(url)
    if (filling := articles - WARM - MEASURED) > 0:
        fill(db, filling)
    save_all(db, list(itertools.islice(Texts(1, COPIES), WARM)), 0)
    db.close()


def fill(db: Database, articles: int) -> None:
    """Fill the store with rows of so many articles, over the days before the first.

    Texts and articles are those that the program stored first, again and again under other addresses. The
    buckets of shingles are written as they would stand in the end.
    """
    seeds = save_all(db, list(itertools.islice(Texts(7, 0), SEEDS)), -1000)
    for start in range(seeds, articles, CHUNK):
        with db.session() as session:
            _multiply(session, start, min(CHUNK, articles - start), seeds)
        print(f"  filled {start}", end="\r", file=sys.stderr, flush=True)
    numbers = range(seeds, articles)
    for period, of_period in itertools.groupby(numbers, lambda number: _filled_period(articles - number)):
        held = list(of_period)
        with db.session() as session:
            insert_rows(session, ShingleBucketRow, filled_buckets(period, held[0] + 1, len(held)))
    if db.dialect == "postgresql":
        with db.session() as session:
            query = text("SELECT setval(pg_get_serial_sequence('article', 'id'), :last)")
            session.execute(query, {"last": articles})
            session.execute(text("ANALYZE"))


def _filled_period(before: int) -> int:
    return period_of(START - timedelta(days=before / PER_DAY))


def filled_buckets(period: int, first: int, count: int) -> list[dict[str, object]]:
    """The rows of a period's buckets, for so many articles from the number ``first`` on.

    An article keeps 24 rows of its lead and up to 16 others, a copy a few. Their hashes are drawn at random,
    but for those of footers and phrases, each of which four articles hold at most: of a footer's an article
    keeps one in five, and a phrase it has three times in 2,000.
    """
    numpy = importlib.import_module("numpy")
    chance = numpy.random.default_rng(period)
    kept = numpy.where(
        chance.random(count) < COPIES, chance.integers(2, 13, count), chance.integers(34, 44, count)
    )
    ids = numpy.repeat(numpy.arange(first, first + count), kept)
    hashes = chance.integers(0, 1 << 40, len(ids))
    texts = Texts(1, COPIES)
    for pieces, often in ((texts.footers, 0.2 / OUTLETS), (texts.phrases, 0.0007)):
        rows = sorted({row for piece in pieces for row in sample_of(words(piece)).probes})
        for _ in range(min(COMMON_CLUSTERS, round(often * count))):
            hashes = numpy.concatenate((hashes, rows))
            ids = numpy.concatenate((ids, chance.integers(first, first + count, len(rows))))
    buckets = max(len(ids) // 25, 1)
    places = buckets_of(hashes.astype(numpy.uint64), buckets)
    order = numpy.argsort(places, kind="stable")
    columns = [column[order].astype(">u8").view("u1").reshape(-1, 8)[:, 3:] for column in (hashes, ids)]
    postings = numpy.concatenate(columns, axis=1).tobytes()
    ends = (numpy.searchsorted(places[order], numpy.arange(buckets + 1)) * POSTING_BYTES).tolist()
    return [
        {"id": bucket_id(SCHEME, period, bucket), "postings": postings[start:end]}
        for bucket, (start, end) in enumerate(itertools.pairwise(ends))
    ]


def save_all(db: Database, samples: list[Sample], day: float) -> int:
    """Save texts by the program itself; how many they were."""
    for start in range(0, len(samples), BATCH):
        save(db, None, [page(sample, day) for sample in samples[start : start + BATCH]])
    return len(samples)
