"""What a dump costs a crawl beside it: the same pages crawled with and without dumps being made, in turns.

    python benchmarks/dump_while_crawling.py [--rounds 3] [--articles 20000] [--only NAMES] [--shared DIR]

The store holds so many invented articles before, and dumps are made one after another as long as a crawl
runs. What any other program as busy would cost is measured in the same rounds: one that counts. Of each dump
that was whole in time the sums are checked: as many articles as pages that became one. Exit code 1 if the
crawl slows by 20 % or more, or a sum is wrong.
"""

import argparse
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT), str(ROOT / "benchmarks")]

from dumps.filling import fill  # noqa: E402 - found by the line above
from replayed import NEWS, Replay, find_shared, replaying, slug  # noqa: E402

from aggregator.crawling import crawl  # noqa: E402

LIMIT: Final = 0.2
WAYS: Final = ("alone", "with dumps", "with a busy program")
SUMS: Final = (
    "SELECT (SELECT count(*) FROM article), (SELECT count(*) FROM fetch WHERE reason IN ('stored', 'copy')), "
    "(SELECT count(DISTINCT article_id) FROM article_text WHERE article_id IN (SELECT id FROM article))"
)
BUSY: Final = "while True: sum(range(100_000))"


@contextmanager
def beside(way: str, home: Path, database: str) -> Iterator[list[Path]]:
    """What runs beside a crawl; the dumps that were whole in time."""
    done: list[Path] = []
    stop = threading.Event()

    def work() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            out = home / f"dump-{number}.sqlite3"
            dump = [sys.executable, "-m", "aggregator.cli.main", "--quiet", "dump", "--out", str(out)]
            command = dump if way == "with dumps" else [sys.executable, "-c", BUSY]
            environment = {"PYTHONPATH": str(ROOT), "AGGREGATOR_DATABASE": database, "PATH": "/usr/bin"}
            with subprocess.Popen(command, env=environment, cwd=home, stdout=subprocess.DEVNULL) as process:
                while process.poll() is None and not stop.wait(0.1):
                    pass
                process.terminate()
                if process.wait() == 0 and out.exists():
                    done.append(out)

    worker = threading.Thread(target=work)
    if way != "alone":
        worker.start()
    try:
        yield done
    finally:
        stop.set()
        if way != "alone":
            worker.join()


def round_of(way: str, replay: Replay, filled: Path) -> tuple[float, int, list[tuple[int, ...]]]:
    """One crawl: pages a second, dumps that were whole in time, and the sums of each."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        shutil.copy(filled, home / "replay.sqlite3")
        replay.write_cards(home / "outlets")
        settings = replay.settings(home)
        with beside(way, home, settings.database_url) as dumps:
            start = time.monotonic()
            report = crawl(settings, [slug(host) for host in replay.pages])
            seconds = time.monotonic() - start
        pages = sum(sum(each.values()) for each in report.counts.values())
        sums = []
        for path in dumps:
            with closing(sqlite3.connect(path)) as file:
                sums.append(tuple(file.execute(SUMS).fetchone()))
        return pages / seconds, len(dumps), sums


def main() -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--only", default=NEWS, help="benchmarks whose recorded pages are crawled")
    parser.add_argument("--shared", type=Path, default=find_shared())
    asked = parser.parse_args()
    if asked.shared is None:
        parser.error("no folder with recorded pages: give --shared or set AGGREGATOR_SHARED")
    speeds: dict[str, list[float]] = {way: [] for way in WAYS}
    made, wrong = 0, 0
    with tempfile.TemporaryDirectory() as folder:
        filled = Path(folder) / "filled.sqlite3"
        fill(filled, asked.articles)
        for turn in range(asked.rounds):
            for way in WAYS:
                with replaying(asked.shared, only=asked.only) as replay:
                    speed, dumps, sums = round_of(way, replay, filled)
                speeds[way].append(speed)
                made += dumps
                wrong += sum(len(set(each)) > 1 for each in sums)
                print(f"round {turn + 1}, {way}: {speed:.2f} pages/s, {dumps} dumps", flush=True)
    middle = {way: statistics.median(each) for way, each in speeds.items()}
    for way in WAYS:
        slower = 1 - middle[way] / middle["alone"]
        print(f"{way:20} {middle[way]:6.2f} pages/s   {slower:+.1%} slower")
    print(f"{made} dumps were whole in time; the sums of {wrong} are wrong")
    return int(wrong > 0 or middle["with dumps"] < (1 - LIMIT) * middle["alone"])


if __name__ == "__main__":
    sys.exit(main())
