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
import itertools
import resource
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from duplicates.filling import BATCH, fill, save_all
from duplicates.peers import peers
from duplicates.texts import COPIES, Texts, page
from sqlalchemy import text

from aggregator.model.crawl import Reason
from aggregator.store import batch, incoming, near
from aggregator.store.articles import save
from aggregator.store.engine import Database

WARM, MEASURED = 2_000, 2_000


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
