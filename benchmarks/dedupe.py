"""Near-duplicates in the store: what finding them costs as the store grows, on SQLite or PostgreSQL.

  python benchmarks/dedupe.py [--articles 10000,1000000] [--database URL,URL] [--peers 10000]

Articles are generated: words by Zipf's law over 60,000, phrases that many texts share, a footer for each of
200 outlets, and a share of copies that are edited, cut or wrapped; 10,000 a day.

For each number of articles a process fills a store: for all but the last 4,000 with rows alone (article,
text, and as many shingles as the program keeps, hashes drawn at random but for those of footers and phrases,
over as many days as they would have taken), then by the program itself. The last 2,000 are measured, the same
texts whatever the number, each store in a process of its own, a batch here and a batch there: what else the
machine does slows all alike. Per article the client's CPU milliseconds of words, sample, hash, look-up,
comparison, choice and writing of shingles, of all this (near) and of the whole save (all); recall, the share
of copies that are hidden, false merges, the bytes of the shingles' table, and the process's highest memory.
Other libraries get the same texts in memory, as far as they are installed.

A database that is named must be empty: one for each number of articles.
"""

import argparse
import multiprocessing
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from multiprocessing.connection import Connection
from pathlib import Path

from duplicates.filling import filled
from duplicates.measuring import ROUNDS, measured
from duplicates.peers import peers

_NEW = multiprocessing.get_context("spawn")
"""A process that has none of its parent's memory."""


def compare(stores: Sequence[tuple[int, str]]) -> None:
    """Fill all stores, then measure them in turns; print a line for each."""
    for articles, url in stores:
        filler = _NEW.Process(target=filled, args=(url, articles))
        filler.start()
        filler.join()
    ways: list[Connection] = []
    for articles, url in stores:
        ours, theirs = _NEW.Pipe()
        _NEW.Process(target=measured, args=(url, articles, theirs), daemon=True).start()
        ours.recv()
        ways.append(ours)
    for turn in range(ROUNDS):
        for way in ways if turn % 2 else reversed(ways):
            way.send(turn)
            way.recv()
    for way in ways:
        way.send(None)
        print(way.recv(), flush=True)


def main() -> None:
    """Run it all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", default="10000", help="how many the store shall hold, a list")
    parser.add_argument("--database", help="URLs, a list; a fresh SQLite file for each number if not given")
    parser.add_argument("--peers", type=int, default=10_000, help="texts for other libraries; 0 for none")
    arguments = parser.parse_args()
    numbers = [int(number) for number in arguments.articles.split(",")]
    with ExitStack() as stack:
        if arguments.database:
            urls = arguments.database.split(",")
        else:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            urls = [f"sqlite:///{folder / str(number)}.sqlite3" for number in numbers]
        print(
            "store       articles    words  sample    hash look up compare  choose   write   near    all"
            "  recall hidden false bytes   MiB"
        )
        compare(list(zip(numbers, urls, strict=True)))
    if arguments.peers:
        peers(arguments.peers)


if __name__ == "__main__":
    main()
