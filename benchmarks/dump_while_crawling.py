"""What a dump costs a crawl beside it, window by window: with dumps, without, and beside another program.

    python benchmarks/dump_while_crawling.py [--windows 20] [--seconds 8] [--articles 20000]

Invented outlets on loopback are crawled, their pages all of one kind and size, into a store that holds so
many invented articles before. Beside the crawl, in short windows, runs nothing, or dumps of that store (as
``aggregator dump`` makes them, and with ``--full-speed``), or a program that does nothing but count, of the
same niceness; the others stand still meanwhile (SIGSTOP). Rounds of one window each, in random order, are
compared as pairs: whatever else the machine does meets all of them alike. Of each dump that was whole in time
the sums are checked. Exit code 1 if a crawl slows by 20 % or more beside a dump, or a sum is wrong.
"""

import argparse
import bisect
import os
import random
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT), str(ROOT / "benchmarks")]

from dumps.filling import fill  # noqa: E402 - found by the line above
from dumps.press import printing  # noqa: E402
from replayed import Replay, slug  # noqa: E402

from aggregator.crawling import Progress, crawl  # noqa: E402

LIMIT: Final = 0.2
DUMP: Final = (sys.executable, "-m", "aggregator.cli.main", "--quiet", "dump", "--out", "{out}")
COUNT: Final = "import os\nos.nice(10)\nwhile True: sum(range(100_000))"
WAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "alone": (),
    "dump": DUMP,
    "dump --full-speed": (*DUMP, "--full-speed"),
    "a program that counts": (sys.executable, "-c", COUNT),
}
SUMS: Final = (
    "SELECT (SELECT count(*) FROM article), (SELECT count(*) FROM fetch WHERE reason IN ('stored', 'copy')), "
    "(SELECT count(DISTINCT article_id) FROM article_text WHERE article_id IN (SELECT id FROM article))"
)
SETTLES_SECONDS: Final = 1.0
"""What begins a window is not counted: pages that were under way before."""

TAIL: Final = 0.95
"""At a crawl's end only a few outlets are left: windows behind this share of all pages do not count."""

SPARE: Final = 4
"""Rounds that are made beside those asked for: the crawl is not there yet in the first ones."""

SAME_SECONDS: Final = 0.02
"""Pages that end closer together were committed together."""

SAMPLES: Final = 4000


@dataclass
class Beside:
    """A program that runs beside a crawl, again and again, and can be made to stand still."""

    name: str
    home: Path
    environment: Mapping[str, str]
    whole: list[Path] = field(default_factory=list)
    _process: "subprocess.Popen[bytes] | None" = None
    _number: int = 0

    def run(self, until: float) -> None:
        """Let it go on until a moment of the monotonic clock, then stand still."""
        while time.monotonic() < until:
            if self._process is None or self._process.poll() is not None:
                self._begin()
            self._signal(signal.SIGCONT)
            time.sleep(min(0.05, max(0.0, until - time.monotonic())))
        self._signal(signal.SIGSTOP)

    def end(self) -> None:
        """End it, whole or not."""
        self._signal(signal.SIGCONT)
        self._signal(signal.SIGTERM)
        if self._process is not None:
            self._process.wait()

    def _begin(self) -> None:
        self._done()
        if not (command := WAYS[self.name]):
            return
        self._number += 1
        self._process = subprocess.Popen(
            [part.format(out=self._place()) for part in command],
            env=dict(self.environment),
            cwd=self.home,
            stdout=subprocess.DEVNULL,
        )

    def _done(self) -> None:
        if self._process is not None:
            if self._process.wait():
                raise RuntimeError(f"{self.name}: ended with {self._process.returncode}")
            self.whole.append(self._place())

    def _place(self) -> Path:
        return self.home / f"{self.name.replace(' ', '')}-{self._number}.sqlite3"

    def _signal(self, number: int) -> None:
        if self._process is not None and self._process.poll() is None:
            os.kill(self._process.pid, number)


Window = tuple[float, float]
"""A stretch of a crawl by the monotonic clock."""

Round = Mapping[str, float]
"""Pages a second in one window of each kind, one right after another."""


def crawled(
    press: Replay, filled: Path, asked: argparse.Namespace, pick: random.Random
) -> tuple[list[Round], list[tuple[int, ...]]]:
    """One crawl: its whole rounds, and the sums of each dump that was whole."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        shutil.copy(filled, home / "replay.sqlite3")
        press.write_cards(home / "outlets")
        settings = press.settings(home)
        environment = {
            "PYTHONPATH": str(ROOT),
            "AGGREGATOR_DATABASE": settings.database_url,
            "PATH": "/usr/bin",
        }
        programs = {way: Beside(way, home, environment) for way in WAYS}
        slugs, ended = [slug(host) for host in press.pages], list[float]()

        def tell(_page: Progress) -> None:
            ended.append(time.monotonic())

        stop = threading.Event()
        how = {"on_progress": tell, "stop": stop}
        worker = threading.Thread(target=crawl, args=(settings, slugs), kwargs=how)
        worker.start()
        rounds: list[dict[str, Window]] = []
        try:
            while worker.is_alive() and len(rounds) < asked.windows + SPARE:
                rounds.append({})
                for way in pick.sample(list(WAYS), len(WAYS)):
                    start = time.monotonic()
                    programs[way].run(start + asked.seconds)
                    rounds[-1][way] = (start + SETTLES_SECONDS, time.monotonic())
        finally:
            for program in programs.values():
                program.end()
            stop.set()
            worker.join()
        sums = [sums_of(path) for program in programs.values() for path in program.whole]
        return [speeds(each, ended) for each in rounds if is_between(each, ended)], sums


def is_between(windows: Mapping[str, Window], ended: Sequence[float]) -> bool:
    """Whether a round lies between the crawl's first page and its tail."""
    first, last = min(start for start, _ in windows.values()), max(end for _, end in windows.values())
    return ended[0] <= first and last <= ended[int(len(ended) * TAIL)]


def speeds(windows: Mapping[str, Window], ended: Sequence[float]) -> Round:
    """Pages a second in each window of a round.

    Pages end in groups, by the store's commits: those of a group count as spread since the group before.
    """
    return {
        way: (count_at(ended, end) - count_at(ended, start)) / (end - start)
        for way, (start, end) in windows.items()
    }


def count_at(ended: Sequence[float], at: float) -> float:
    """How many pages had ended at a moment between the first and the last, by a line between groups."""
    after = bisect.bisect(ended, at)
    last, following = ended[after - 1], ended[after]
    group = bisect.bisect(ended, following + SAME_SECONDS) - after
    return after + group * (at - last) / (following - last)


def sums_of(path: Path) -> tuple[int, ...]:
    """Numbers of a dump that are one number, if it shows one moment."""
    with closing(sqlite3.connect(path)) as file:
        return tuple(file.execute(SUMS).fetchone())


def slower(rounds: Sequence[Round], way: str, pick: random.Random) -> tuple[float, float, float]:
    """By which share fewer pages ended than alone, and the 95 % interval of that by bootstrap over rounds."""

    def share(these: Sequence[Round]) -> float:
        return 1 - mean(these, way) / mean(these, "alone")

    drawn = sorted(share(pick.choices(rounds, k=len(rounds))) for _ in range(SAMPLES))
    return share(rounds), drawn[int(SAMPLES * 0.025)], drawn[int(SAMPLES * 0.975)]


def mean(rounds: Sequence[Round], way: str) -> float:
    """Pages a second in the windows of a kind."""
    return statistics.mean(each[way] for each in rounds)


def main() -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--windows", type=int, default=20, help="of each kind, at least")
    parser.add_argument("--seconds", type=float, default=8.0, help="length of a window")
    parser.add_argument("--articles", type=int, default=20_000)
    asked = parser.parse_args()
    pick = random.Random(1)
    rounds: list[Round] = []
    sums: list[tuple[int, ...]] = []
    with tempfile.TemporaryDirectory() as folder:
        filled = Path(folder) / "filled.sqlite3"
        fill(filled, asked.articles)
        while len(rounds) < asked.windows:
            with printing() as press:
                more, dumped = crawled(press, filled, asked, pick)
            rounds += more
            sums += dumped
            print(f"{len(rounds)} rounds, {len(sums)} dumps", flush=True)
    return told(rounds, sums, pick)


def told(rounds: Sequence[Round], sums: Sequence[tuple[int, ...]], pick: random.Random) -> int:
    """Print the table; the exit code."""
    print(f"\n| beside the crawl, {len(rounds)} windows each | pages a second | slower by | 95 % |")
    print("| --- | ---: | ---: | --- |")
    print(f"| alone | {mean(rounds, 'alone'):.2f} | | |")
    shares = {way: slower(rounds, way, pick) for way in WAYS if way != "alone"}
    for way, (share, low, high) in shares.items():
        print(f"| {way} | {mean(rounds, way):.2f} | {share:.1%} | {low:.1%} to {high:.1%} |")
    wrong = sum(len(set(each)) > 1 for each in sums)
    print(f"\n{len(sums)} dumps were whole in time; the sums of {wrong} are wrong")
    return int(wrong > 0 or shares["dump"][0] >= LIMIT)


if __name__ == "__main__":
    sys.exit(main())
