"""The site for readers: how long its pages take, at the demo's size and with a million articles.

    python benchmarks/site.py --articles 2000,1000000 [--aims] [--folder /var/tmp/site]

Each store is filled with invented articles of 1 kB (words by Zipf's law, 200 outlets, 10 languages, stories
of 1 to 30 reports, copies, revisions, withdrawals) and its search index, and read through a site of its own:
`aggregator site`, one process. A process beside them asks at 20 requests a second, at moments fixed before
the first is sent, the stores in turns, without any validator: nothing is answered by 304. Pages that many
readers share are made once a minute or when something changes; `--remade` asks with a cookie that no two
requests share, so that every page is made anew. ``--aims`` asks for the kinds of page that have an aim and no
others, so that these share the 20 requests a second.

Printed are milliseconds (p50, p95) a kind, the larger store beside the smaller, then the milliseconds of CPU
that the site took for one (asked for one kind after the other, every page made anew): those hold on a busy
machine, too. At last the bytes of the front page with its style sheet as they travel. With `--folder` the
stores stay there for the next run.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from sites.filling import fill  # noqa: E402
from sites.reading import Reading  # noqa: E402

from aggregator.store.engine import Database  # noqa: E402

FLOORS: Final = {
    "front page": 40,
    "article": 15,
    "outlet": 40,
    "story": 40,
    "search, common word": 120,
    "search, rare word": 120,
    "feed": 40,
}
"""Milliseconds that 95 of 100 requests may take at a million articles, on an idle machine."""
ROUNDS: Final = 4
OK: Final = 200


def filled(folder: Path, articles: int) -> Path:
    """The store of so many articles in a folder, made if it is not there."""
    path = folder / f"{articles}.sqlite3"
    if path.exists():
        return path
    start, busy = time.perf_counter(), time.process_time()
    half = folder / f"{articles}.half"
    for old in folder.glob(f"{half.name}*"):
        old.unlink()
    fill(half, articles, lambda done: print(f"  {done:,}", end="\r", file=sys.stderr, flush=True))
    half.rename(path)
    took, cpu = time.perf_counter() - start, time.process_time() - busy
    print(f"{articles:,} articles with their index: {took:.0f} s ({cpu:.0f} s of CPU)", flush=True)
    return path


@dataclass
class Site:
    """A site that runs: how many articles it has, its address, its process, its store."""

    articles: int
    base: str
    process: int
    db: Database
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    busy: dict[str, float] = field(default_factory=dict)

    def cpu_ms(self) -> float:
        """Milliseconds of CPU that it has taken."""
        stat = Path(f"/proc/{self.process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(stat[11]) + int(stat[12])) * 1000 / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(articles: int, store: Path) -> Iterator[Site]:
    """The site over a store, in a process of its own."""
    settings = {
        "AGGREGATOR_DATABASE": f"sqlite:///{store}",
        "AGGREGATOR_API__REQUESTS_PER_MINUTE": "0",
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
    }
    with tempfile.TemporaryDirectory() as home, closing(Database.open(f"sqlite:///{store}")) as db:
        command = [sys.executable, "-m", "aggregator.cli.main", "site", "--port", "0"]
        environment = os.environ | settings | {"AGGREGATOR_HOME": home}
        site = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, cwd=home)
        try:
            line = site.stdout.readline() if site.stdout else ""
            base = next(word.rstrip("/") for word in line.split() if word.startswith("http"))
            yield Site(articles, base, site.pid, db)
        finally:
            site.terminate()
            site.wait()


def ask(base: str, paths: Sequence[str], *, remade: bool) -> list[tuple[float, int, int]]:
    """Milliseconds, status and bytes of each, from a process that only asks."""
    # Each reader hides another outlet, one that is not there.
    told = json.dumps({"base": base, "paths": paths, "cookie": "reader=hidden=x{}" if remade else ""})
    command = [sys.executable, str(ROOT / "benchmarks" / "sites" / "asking.py")]
    done = subprocess.run(command, input=told, capture_output=True, text=True, check=True)
    found = [tuple(each) for each in json.loads(done.stdout)]
    wrong = [f"{path}: {status}" for path, (_, status, _) in zip(paths, found, strict=True) if status != OK]
    if wrong:
        raise SystemExit("\n".join(wrong))
    return found


def drawn(reading: Reading, kinds: Sequence[str], each: int) -> list[tuple[str, str]]:
    """So many addresses of each of these kinds with their kinds, shuffled."""
    found = [(kind, reading.kinds[kind]()) for kind in kinds for _ in range(each)]
    random.Random(len(found)).shuffle(found)
    return found


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of all does not pass."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def compare(stores: Sequence[tuple[int, Path]], kinds: Sequence[str], each: int, *, remade: bool) -> None:
    """Ask all sites in turns for these kinds of page (all for none), and print their times side by side."""
    with ExitStack() as stack:
        sites = [stack.enter_context(served(count, path)) for count, path in stores]
        for turn in range(ROUNDS + 1):
            for site in sites if turn % 2 else reversed(sites):
                # The first turn warms up: templates, connections, what the system keeps of the file.
                reading = Reading(site.db, turn)
                asked = drawn(reading, kinds or list(reading.kinds), -(-each // ROUNDS) if turn else 2)
                got = ask(site.base, [path for _, path in asked], remade=remade)
                for (kind, _), (milliseconds, _, _) in zip(asked, got, strict=True):
                    site.times[kind] += [milliseconds] if turn else []
        for site in sites:
            reading = Reading(site.db, ROUNDS + 1)
            for kind in kinds or reading.kinds:
                paths = [reading.kinds[kind]() for _ in range(-(-each // ROUNDS))]
                before = site.cpu_ms()
                ask(site.base, paths, remade=True)
                site.busy[kind] = (site.cpu_ms() - before) / len(paths)
        show(sites)
        for site in sites:
            got = ask(site.base, ["/", "/static/site.css"], remade=False)
            size = sum(size for _, _, size in got)
            print(f"{site.articles:,}: front page and style sheet {size:,} bytes compressed")


def show(sites: Sequence[Site]) -> None:
    """A table: a row for each kind, p50, p95 and CPU for each store."""
    print("| kind | " + " | ".join(f"{site.articles:,}: p50 | p95 | CPU" for site in sites) + " | floor |")
    print("| --- |" + " ---: |" * (3 * len(sites) + 1))
    for kind in sites[0].times:
        row = [
            f"{percentile(site.times[kind], 0.5):.1f} | {percentile(site.times[kind], 0.95):.1f} | "
            f"{site.busy[kind]:.1f}"
            for site in sites
        ]
        print(f"| {kind} | {' | '.join(row)} | {FLOORS.get(kind, '')} |")
    print(flush=True)


def main() -> None:
    """Fill, serve, ask, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", default="2000,50000", help="how many the stores shall hold, a list")
    parser.add_argument("--each", type=int, default=100, help="requests of each kind to each store")
    parser.add_argument("--folder", type=Path, help="where the stores stay; a temporary one if not given")
    parser.add_argument("--aims", action="store_true", help="only the kinds of page that have an aim")
    parser.add_argument("--remade", action="store_true", help="every page is made anew")
    arguments = parser.parse_args()
    with ExitStack() as stack:
        folder = arguments.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        stores = [(number, filled(folder, number)) for number in map(int, arguments.articles.split(","))]
        kinds = list(FLOORS) if arguments.aims else []
        compare(stores, kinds, arguments.each, remade=arguments.remade)


if __name__ == "__main__":
    main()
