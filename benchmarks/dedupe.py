"""Near-duplicates in the store: what finding them costs as the store grows, on SQLite or PostgreSQL.

  python benchmarks/dedupe.py [--articles 10000,1000000] [--database URL] [--peers 10000]

Articles are generated: words by Zipf's law over 60,000, phrases that many texts share, a footer for each of
200 outlets, and a share of copies that are edited, cut or wrapped; 10,000 a day.

For each number of articles a store is filled: for all but the last 4,000 with rows alone (article, text, and
as many shingles as the program keeps, hashes drawn at random but for those of footers and phrases, over as
many days as they would have taken), then by the program itself. The last 2,000 are measured, the same texts
whatever the number: per article the client's CPU milliseconds of words, sample, hash, look-up, comparison,
choice and writing of shingles, of all this (near) and of the whole save (all); recall, the share of copies
that are hidden, false merges, the bytes of the shingles' table, peak memory. Other libraries get the same
texts in memory, as far as they are installed.

A database that is named must be empty, and is for one number of articles.
"""

import argparse
import importlib
import itertools
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from sqlalchemy import text  # noqa: E402 - found by the line above
from sqlalchemy.orm import Session  # noqa: E402 - the same

from aggregator.dedupe.candidates import COMMON_CLUSTERS, period_of  # noqa: E402 - the same
from aggregator.dedupe.shingles import SCHEME  # noqa: E402
from aggregator.dedupe.shingles import sample as sample_of  # noqa: E402
from aggregator.dedupe.words import words  # noqa: E402
from aggregator.model.article import Article, Block, BlockKind  # noqa: E402
from aggregator.model.crawl import PageArticle, Reason  # noqa: E402
from aggregator.model.outlet import Seed, SeedKind  # noqa: E402
from aggregator.model.page import Entry  # noqa: E402
from aggregator.store import batch, incoming, near  # noqa: E402
from aggregator.store.articles import save  # noqa: E402
from aggregator.store.buckets import POSTING_BYTES, buckets_of  # noqa: E402
from aggregator.store.engine import Database  # noqa: E402
from aggregator.store.schema import (  # noqa: E402
    ArticleRevisionRow,
    ArticleRow,
    ArticleUrlRow,
    ShingleBucketRow,
)
from aggregator.store.shingles import bucket_id  # noqa: E402
from aggregator.store.statements import insert_rows  # noqa: E402
from aggregator.store.tables.base import Base  # noqa: E402

OUTLETS = 200
BATCH = 100
VOCABULARY = 60_000
PHRASES = 4_000
REMEMBERED = 5_000
EDITED = 0.06
COPIES = 0.15
PER_DAY = 10_000
WARM, MEASURED = 2_000, 2_000
SEEDS = 500
CHUNK = 50_000
START = datetime(2031, 1, 1, tzinfo=UTC)


Ask = Callable[[int, str], Iterable[int]]
"""Given a text's number and the text, the numbers of earlier ones that it is like; it remembers the text."""


@dataclass(frozen=True)
class Sample:
    """A generated text, and the number of the one it was copied from."""

    number: int
    outlet: int
    body: str
    copy_of: int | None


class Texts:
    """Articles without end: about 450 words, of which some are phrases that others have, too."""

    def __init__(self, seed: int, copies: float) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - texts, no secrets
        self._copies = copies
        weights = [1 / (rank + 8) for rank in range(VOCABULARY)]
        self._sums = list(itertools.accumulate(weights))
        self._words = [self._spelled(rank) for rank in range(VOCABULARY)]
        self.phrases = [" ".join(self._drawn(6)) for _ in range(PHRASES)]
        self.footers = [" ".join(self._drawn(45)) + "." for _ in range(OUTLETS)]

    def __iter__(self) -> Iterator[Sample]:
        """Texts by number; a copy is made of one of the last few thousand."""
        chance = self._chance
        recent: list[tuple[int, str]] = []
        for number in itertools.count():
            outlet = chance.randrange(OUTLETS)
            source = None
            if recent and chance.random() < self._copies:
                source, body = chance.choice(recent)
                body = self._copied(body)
            else:
                body = self._written()
                recent.append((number, body))
                if len(recent) > REMEMBERED:
                    recent.pop(0)
            yield Sample(number, outlet, f"{body}\n{self.footers[outlet]}", source)

    def _spelled(self, rank: int) -> str:
        letters = "etaoinshrdlucmfwypvbgk"
        out, rest = "", rank + 22
        while rest:
            rest, digit = divmod(rest, len(letters))
            out += letters[digit]
        return out.capitalize() if rank % 9 == 0 else out

    def _drawn(self, count: int) -> list[str]:
        return self._chance.choices(self._words, cum_weights=self._sums, k=count)

    def _written(self) -> str:
        chance, out = self._chance, []
        for _ in range(chance.randint(8, 40)):
            sentence = self._drawn(chance.randint(6, 18))
            if chance.random() < 0.3:  # noqa: PLR2004 - a third of sentences hold a phrase
                sentence.insert(chance.randrange(len(sentence)), chance.choice(self.phrases))
            if chance.random() < 0.4:  # noqa: PLR2004 - numbers are common in news
                sentence.append(str(chance.randint(2, 2031)))
            out.append(" ".join(sentence).capitalize() + ".")
        return " ".join(out)

    def _copied(self, body: str) -> str:
        chance = self._chance
        words = [word for word in body.split(" ") if chance.random() > EDITED]
        kind = chance.randrange(3)
        if kind == 0:
            words = words[: max(40, int(len(words) * chance.uniform(0.25, 0.6)))]
        elif kind == 1:
            words = [*self._drawn(chance.randint(5, 40)), *words]
        return " ".join(words)


def _datasketch(permutations: int, threshold: float) -> Ask:
    """MinHash LSH of datasketch over shingles of five words."""
    library = importlib.import_module("datasketch")
    lsh = library.MinHashLSH(threshold=threshold, num_perm=permutations)

    def ask(number: int, body: str) -> list[int]:
        made = library.MinHash(num_perm=permutations)
        made.update_batch([shingle.encode() for shingle in shingled(body)])
        like: list[int] = lsh.query(made)
        lsh.insert(number, made)
        return like

    return ask


def _rensa(permutations: int, threshold: float, bands: int) -> Ask:
    """MinHash LSH of rensa over the same, each candidate's estimate checked against the threshold."""
    library = importlib.import_module("rensa")
    lsh = library.RMinHashLSH(threshold=threshold, num_perm=permutations, num_bands=bands)
    known = {}

    def ask(number: int, body: str) -> list[int]:
        made = library.RMinHash(num_perm=permutations, seed=42)
        made.update(shingled(body))
        like = [one for one in lsh.query(made) if made.jaccard(known[one]) >= threshold]
        lsh.insert(number, made)
        known[number] = made
        return like

    return ask


def _simhash(bits: int) -> Ask:
    """SimHash of 64 bits over the same: alike are those that differ in so many bits."""
    library = importlib.import_module("simhash")
    index = library.SimhashIndex([], k=bits)

    def ask(number: int, body: str) -> list[int]:
        made = library.Simhash(shingled(body))
        like = [int(one) for one in index.get_near_dups(made)]
        index.add(str(number), made)
        return like

    return ask


def shingled(body: str) -> list[str]:
    """Runs of five words."""
    tokens = body.lower().split()
    return [" ".join(tokens[i : i + 5]) for i in range(max(len(tokens) - 4, 1))]


PEERS: tuple[tuple[str, Callable[[], Ask]], ...] = (
    ("datasketch 128/0.9 (default)", lambda: _datasketch(128, 0.9)),
    ("datasketch 256/0.3 (best)", lambda: _datasketch(256, 0.3)),
    ("rensa 128/0.8", lambda: _rensa(128, 0.8, 16)),
    ("rensa 256/0.3", lambda: _rensa(256, 0.3, 64)),
    ("simhash 64, 3 bits (default)", lambda: _simhash(3)),
    ("simhash 64, 8 bits", lambda: _simhash(8)),
)


class Stopwatch:
    """CPU seconds spent in a function, summed."""

    def __init__(self, holder: Any, name: str) -> None:
        self.seconds = 0.0
        function: Callable[..., Any] = getattr(holder, name)

        def timed(*args: Any, **named: Any) -> Any:
            start = time.process_time()
            try:
                return function(*args, **named)
            finally:
                self.seconds += time.process_time() - start

        setattr(holder, name, timed)

    def taken(self) -> float:
        """The seconds since it was asked last."""
        seconds, self.seconds = self.seconds, 0.0
        return seconds


def page(sample: Sample, day: float) -> PageArticle:
    """A generated text as the crawl hands it over."""
    at = START + timedelta(days=day + sample.number / PER_DAY)
    url = f"https://o{sample.outlet}.example/{day:g}/{sample.number}"
    blocks = tuple(Block(BlockKind.PARAGRAPH, line) for line in sample.body.split("\n"))
    made = Article(
        outlet=f"o{sample.outlet}",
        url=url,
        canonical_url=url,
        source_link=url,
        headline=f"Report {sample.number}",
        blocks=blocks,
        language="en",
        fetched_at=at,
        published=at,
    )
    entry = Entry(url, Seed(SeedKind.FEED, f"https://o{sample.outlet}.example/feed"))
    return PageArticle(entry, made, 200)


def table_bytes(db: Database) -> int:
    """What the shingles' table takes, its index included."""
    query = (
        "SELECT sum(pgsize) FROM dbstat WHERE name = 'shingle_bucket'"
        if db.dialect == "sqlite"
        else "SELECT pg_total_relation_size('shingle_bucket')"
    )
    with suppress(Exception), db.reading() as session:  # dbstat is an option of SQLite's build
        return int(session.execute(text(query)).scalar() or 0)
    return 0


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
    places = numpy.array(buckets_of(hashes.tolist(), buckets))
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


def measure(db: Database, articles: int) -> None:
    """Fill a store up to so many articles, and print what the last of them cost."""
    started = time.monotonic()
    samples = list(itertools.islice(Texts(1, COPIES), WARM + MEASURED))
    if (filling := articles - len(samples)) > 0:
        fill(db, filling)
    save_all(db, samples[:WARM], 0)
    watches = {
        "words": Stopwatch(incoming, "words"),
        "sample": Stopwatch(incoming, "sample"),
        "hash": Stopwatch(incoming, "fingerprint_of"),
        "look up": Stopwatch(near.Near, "_load"),
        "compare": Stopwatch(near.Near, "verdict"),
        "choose": Stopwatch(near.Near, "put"),
        "write": Stopwatch(near.Near, "write"),
    }
    before = alike(db)
    found = Found()
    seconds = 0.0
    for start in range(WARM, len(samples), BATCH):
        batch_ = samples[start : start + BATCH]
        pages = [page(sample, 0) for sample in batch_]
        begun = time.process_time()
        reasons = save(db, None, pages)
        seconds += time.process_time() - begun
        for sample, reason in zip(batch_, reasons, strict=True):
            found.count(is_copy=sample.copy_of is not None, is_hidden=reason is Reason.COPY)
    parts = {name: watch.taken() / MEASURED * 1000 for name, watch in watches.items()}
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{db.dialect:10} {articles:9}  "
        + " ".join(f"{part:7.3f}" for part in parts.values())
        + f" {sum(parts.values()):6.2f} {seconds / MEASURED * 1000:6.2f}"
        f"  {(alike(db) - before) / max(found.copies, 1):6.4f} {found.hidden / max(found.copies, 1):6.4f}"
        f" {found.falsely:5} {table_bytes(db) / articles:5.0f} {memory:5.0f}"
        f" {time.monotonic() - started:6.0f}",
        flush=True,
    )


@dataclass
class Found:
    """What became of the copies among the texts, and of the others."""

    copies: int = 0
    hidden: int = 0
    falsely: int = 0

    def count(self, *, is_copy: bool, is_hidden: bool) -> None:
        """Count one text."""
        self.copies += is_copy
        self.hidden += is_copy and is_hidden
        self.falsely += is_hidden and not is_copy


def alike(db: Database) -> int:
    """How many articles were found to share text with an earlier one, hidden or not."""
    with db.reading() as session:
        return int(session.execute(text("SELECT count(*) FROM duplicate")).scalar() or 0)


def peers(count: int) -> None:
    """Other libraries on the same texts, in memory."""
    print(f"{'in memory':28} {'recall':>7} {'falsely':>8} {'ms an article':>14} {'MiB':>6}")
    for name, make in PEERS:
        try:
            peer = make()
        except ImportError:
            print(f"{name:28} not installed")
            continue
        compared(name, peer, count)


def compared(name: str, ask: Ask, count: int) -> None:
    """Print one library's line: ``ask`` says which earlier texts one is like, and remembers it."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    roots: dict[int, int] = {}
    copies = found = falsely = 0
    seconds = 0.0
    for sample in itertools.islice(Texts(1, COPIES), count):
        roots[sample.number] = sample.number if sample.copy_of is None else sample.copy_of
        begun = time.process_time()
        like = {roots[number] for number in ask(sample.number, sample.body)}
        seconds += time.process_time() - begun
        copies += sample.copy_of is not None
        found += sample.copy_of is not None and sample.copy_of in like
        falsely += bool(like - {roots[sample.number]})
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(
        f"{name:28} {found / max(copies, 1):7.4f} {falsely:8} {seconds / count * 1000:14.2f} {memory:6.0f}",
        flush=True,
    )


def main() -> None:
    """Run it all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", default="10000", help="how many the store shall hold, a list")
    parser.add_argument("--database", help="URL; a fresh SQLite file for each number if not given")
    parser.add_argument("--peers", type=int, default=10_000, help="texts for other libraries; 0 for none")
    arguments = parser.parse_args()
    assert batch.Near is near.Near  # noqa: S101 - the stopwatches stand at the right door
    print(
        "store       articles    words  sample    hash look up compare  choose   write   near    all"
        "  recall hidden false bytes   MiB  seconds"
    )
    for articles in map(int, arguments.articles.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            db = Database.open(arguments.database or f"sqlite:///{folder}/bench.sqlite3")
            measure(db, articles)
            db.close()
    if arguments.peers:
        peers(arguments.peers)


if __name__ == "__main__":
    main()
