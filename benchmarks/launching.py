"""What a crawl takes that starts from nothing, and one that a warm process forks.

    python benchmarks/launching.py --rounds 7

Each crawl visits one demo outlet on loopback with a database that is there already. Printed are medians of
the clock's seconds, from the order to the crawl's end, and what the warm process itself costs: the first
crawl, which waits for it, and the memory that it holds while nothing is crawled.
"""

import argparse
import shutil
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from aggregator import launching, newsstand
from aggregator.config import Settings
from aggregator.crawling import crawl
from aggregator.store.engine import Database

FREE_PORTS = dict.fromkeys(
    ("al-mina", "elbtal-kurier", "harbour-post", "minato-shinpo", "phare-armor", "synopsis24"), 0
)


@contextmanager
def fresh(stand: newsstand.Newsstand) -> Iterator[Settings]:
    """Settings of a folder that holds the demo's cards and an empty database."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stand.write_cards(folder / "outlets")
        settings = Settings(
            database=f"sqlite:///{folder}/a.sqlite3", outlets=folder / "outlets", pages=folder / "pages"
        )
        Database.open(settings.database_url).close()
        yield settings


def seconds(stand: newsstand.Newsstand, slug: str) -> float:
    """What a first crawl of an outlet takes."""
    with fresh(stand) as settings:
        began = monotonic()
        crawl(settings, [slug])
        return monotonic() - began


def memory(pid: int) -> dict[str, float]:
    """A process's memory in MB, by kind, as Linux tells it."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    return {name: int(rest.split()[0]) / 1000 for name, rest in (line.split(":") for line in lines)}


def main() -> None:
    """Crawl in turns and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=7)
    rounds: int = parser.parse_args().rounds
    state = Path(tempfile.mkdtemp())
    took: dict[str, list[float]] = {"from nothing": [], "forked": []}
    with newsstand.start(state, ports=FREE_PORTS) as stand:
        slug = min(stand.urls)
        for _ in range(rounds):
            took["from nothing"].append(seconds(stand, slug))
        with launching.kept_warm() as warm:
            first = seconds(stand, slug)
            print(f"the first one, with the start of the warm process: {first:.1f} s")
            for _ in range(rounds):
                took["forked"].append(seconds(stand, slug))
            if warm is not None and warm.pid is not None:
                held = memory(warm.pid)
                print(
                    f"the warm process holds {held['Rss']:.0f} MB, {held['Pss']:.0f} MB of them its own share"
                )
    shutil.rmtree(state)
    for name, times in took.items():
        print(f"{name}: median {statistics.median(times):.2f} s, from {min(times):.2f} to {max(times):.2f}")


if __name__ == "__main__":
    main()
