"""Near-duplicates in the store: what finding them costs as the store grows, on SQLite or PostgreSQL.

  python benchmarks/dedupe.py [--articles 300000] [--database URL] [--per-day 10000] [--copies 0.15]

Articles are generated: words by Zipf's law over 60,000, phrases that many texts share, a footer for each of
200 outlets, and a share of copies that are edited, cut or wrapped. For the first 10,000 and for each further
step it prints, an article, the client's CPU milliseconds of words, sample, look-up, comparison, choice
and writing of shingles, of all this (near) and of the whole save (all); recall, the share of copies
that are hidden, the bytes of the shingles' table, peak memory. Of other libraries datasketch is measured on
the same texts, if it is installed.
"""

import argparse
import importlib
import itertools
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from sqlalchemy import text  # noqa: E402 - found by the line above

from aggregator.model.article import Article, Block, BlockKind  # noqa: E402
from aggregator.model.crawl import PageArticle, Reason  # noqa: E402
from aggregator.model.outlet import Seed, SeedKind  # noqa: E402
from aggregator.model.page import Entry  # noqa: E402
from aggregator.store import batch, incoming, near  # noqa: E402
from aggregator.store.articles import save  # noqa: E402
from aggregator.store.engine import Database  # noqa: E402

OUTLETS = 200
BATCH = 100
VOCABULARY = 60_000
PHRASES = 4_000
REMEMBERED = 5_000
EDITED = 0.06
START = datetime(2031, 1, 1, tzinfo=UTC)


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
        self._phrases = [" ".join(self._drawn(6)) for _ in range(PHRASES)]
        self._footers = [" ".join(self._drawn(45)) + "." for _ in range(OUTLETS)]

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
            yield Sample(number, outlet, f"{body}\n{self._footers[outlet]}", source)

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
                sentence.insert(chance.randrange(len(sentence)), chance.choice(self._phrases))
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


def page(sample: Sample, per_day: int) -> PageArticle:
    """A generated text as the crawl hands it over."""
    at = START + timedelta(days=sample.number / per_day)
    url = f"https://o{sample.outlet}.example/{sample.number}"
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
        "SELECT sum(pgsize) FROM dbstat WHERE name = 'shingle'"
        if db.dialect == "sqlite"
        else "SELECT pg_total_relation_size('shingle')"
    )
    with suppress(Exception), db.reading() as session:  # dbstat is an option of SQLite's build
        return int(session.execute(text(query)).scalar() or 0)
    return 0


def alike(db: Database) -> int:
    """How many articles were found to share text with an earlier one, hidden or not."""
    with db.reading() as session:
        return int(session.execute(text("SELECT count(*) FROM duplicate")).scalar() or 0)


def measure(db: Database, arguments: argparse.Namespace) -> None:
    """Save articles and print a line for each step."""
    watches = {
        "words": Stopwatch(incoming, "words"),
        "sample": Stopwatch(incoming, "sample"),
        "look up": Stopwatch(near.Near, "_load"),
        "compare": Stopwatch(near.Near, "verdict"),
        "choose": Stopwatch(near.Near, "put"),
        "write": Stopwatch(near.Near, "write"),
    }
    print(
        f"{'articles':>9} "
        + " ".join(f"{name:>8}" for name in watches)
        + "   near     all   recall  hidden bytes  MiB"
    )
    texts = iter(Texts(1, arguments.copies))
    done = copies = hidden = falsely = 0
    start = time.process_time()
    step = 10_000
    while done < arguments.articles:
        samples = list(itertools.islice(texts, BATCH))
        making = time.process_time()
        pages = [page(sample, arguments.per_day) for sample in samples]
        start += time.process_time() - making
        reasons = save(db, None, pages)
        for sample, reason in zip(samples, reasons, strict=True):
            copies += sample.copy_of is not None
            hidden += sample.copy_of is not None and reason is Reason.COPY
            falsely += sample.copy_of is None and reason is Reason.COPY
        done += BATCH
        if done % step == 0 and (done == step or done % arguments.step == 0):
            since = step if done == step else min(arguments.step, done - step)
            parts = [watch.taken() / since * 1000 for watch in watches.values()]
            everything = (time.process_time() - start) / since * 1000
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            line = " ".join(f"{part:8.3f}" for part in parts)
            size = table_bytes(db) / done
            print(
                f"{done:9} {line} {sum(parts):6.2f} {everything:7.2f}  {alike(db) / max(copies, 1):.4f}"
                f"  {hidden / max(copies, 1):.4f}"
                f"  {size:5.0f} {memory:4.0f}  {falsely} falsely",
                flush=True,
            )
            start = time.process_time()


def peers(arguments: argparse.Namespace) -> None:
    """MinHash LSH of datasketch on the same texts, default and best setting, in memory."""
    try:
        library = importlib.import_module("datasketch")
    except ImportError:
        print("datasketch: not installed")
        return
    for width, permutations, threshold in ((5, 128, 0.8), (5, 256, 0.3)):
        lsh = library.MinHashLSH(threshold=threshold, num_perm=permutations)
        copies = found = 0
        start = time.process_time()
        for sample in itertools.islice(Texts(1, arguments.copies), arguments.peers):
            tokens = sample.body.lower().split()
            made = library.MinHash(num_perm=permutations)
            made.update_batch(" ".join(tokens[i : i + width]).encode() for i in range(len(tokens)))
            hits = lsh.query(made)
            lsh.insert(sample.number, made)
            copies += sample.copy_of is not None
            found += sample.copy_of in hits
        cpu = (time.process_time() - start) / arguments.peers * 1000
        recall = found / max(copies, 1)
        print(f"datasketch {permutations}/{threshold}: recall {recall:.4f}, {cpu:.2f} ms with making texts")


def main() -> None:
    """Run it all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=300_000)
    parser.add_argument("--step", type=int, default=50_000)
    parser.add_argument("--per-day", type=int, default=10_000)
    parser.add_argument("--copies", type=float, default=0.15)
    parser.add_argument("--database", help="URL; a fresh SQLite file if not given")
    parser.add_argument("--peers", type=int, default=10_000, help="texts for other libraries; 0 for none")
    arguments = parser.parse_args()
    assert batch.Near is near.Near  # noqa: S101 - the stopwatches stand at the right door
    with tempfile.TemporaryDirectory() as folder:
        db = Database.open(arguments.database or f"sqlite:///{folder}/bench.sqlite3")
        measure(db, arguments)
        db.close()
    if arguments.peers:
        peers(arguments)


if __name__ == "__main__":
    main()
