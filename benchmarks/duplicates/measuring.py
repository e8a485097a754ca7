"""One store measured, in a process of its own that is told when to take its turn."""

import itertools
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from duplicates.filling import BATCH, MEASURED, WARM
from duplicates.texts import COPIES, Sample, Texts, page
from machine.memory import peak_mib
from sqlalchemy import text

from aggregator.model.crawl import Reason
from aggregator.store import incoming, near
from aggregator.store.articles import save
from aggregator.store.engine import Database

ROUNDS = MEASURED // BATCH


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


def measured(url: str, articles: int, way: Connection) -> None:
    """Save a batch for each message, until None comes; then send the line that tells what it cost."""
    db = Database.open(url)
    watches = [
        Stopwatch(holder, name)
        for holder, name in (
            (incoming, "words"),
            (incoming, "sample"),
            (incoming, "fingerprint_of"),
            (near.Near, "_load"),
            (near.Near, "verdict"),
            (near.Near, "put"),
            (near.Near, "write"),
        )
    ]
    before, found, seconds = alike(db), Found(), 0.0
    samples = list(itertools.islice(Texts(1, COPIES), WARM, WARM + MEASURED))
    way.send("ready")
    while (turn := way.recv()) is not None:
        seconds += _saved(db, samples[turn * BATCH : (turn + 1) * BATCH], found)
        way.send(turn)
    parts = [watch.seconds / MEASURED * 1000 for watch in watches]
    way.send(
        f"{db.dialect:10} {articles:9}  "
        + " ".join(f"{part:7.3f}" for part in parts)
        + f" {sum(parts):6.2f} {seconds / MEASURED * 1000:6.2f}"
        f"  {(alike(db) - before) / max(found.copies, 1):6.4f} {found.hidden / max(found.copies, 1):6.4f}"
        f" {found.falsely:5} {table_bytes(db) / articles:5.0f} {peak_mib():5.0f}"
    )
    db.close()


def _saved(db: Database, samples: list[Sample], found: Found) -> float:
    """Save a batch; the CPU seconds that it took."""
    pages = [page(sample, 0) for sample in samples]
    begun = time.process_time()
    reasons = save(db, None, pages)
    seconds = time.process_time() - begun
    for sample, reason in zip(samples, reasons, strict=True):
        found.count(is_copy=sample.copy_of is not None, is_hidden=reason is Reason.COPY)
    return seconds


def alike(db: Database) -> int:
    """How many articles were found to share text with an earlier one, hidden or not."""
    with db.reading() as session:
        return int(session.execute(text("SELECT count(*) FROM duplicate")).scalar() or 0)


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
