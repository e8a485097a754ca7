"""What a crawled page costs: ours beside bare Scrapy with trafilatura inline and newspaper4k, in one run.

  python benchmarks/crawl.py [--rounds 3] [--pages N] [--shared DIR]

All crawl the same recorded news pages through the same proxy on loopback. CPU is user + system time of every
process of a crawl (also of those that outlive it, which are awaited), divided by the pages fetched; memory is
the peak of the process that crawls. The machine is noisy: compare ratios, take medians.
"""

import argparse
import ctypes
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "tests"), str(HERE.parent)]

from replayed import Replay, find_shared, replaying  # noqa: E402 - found by the line above

PR_SET_CHILD_SUBREAPER = 36
LIMITS = {"cpu_ms": 100.0, "peak_mb": 300.0, "blocked_s": 0.5}


@dataclass(frozen=True)
class Run:
    """One crawl: pages with a text, CPU milliseconds a page in all processes, peak memory, wall seconds."""

    pages: int
    cpu_ms: float
    peak_mb: float
    seconds: float
    blocked_s: float | None


def children() -> set[int]:
    """The processes whose parent we are, by birth or by adoption."""
    return {int(pid) for pid in Path("/proc/thread-self/children").read_text(encoding="ascii").split()}


def measure(command: list[str], environment: dict[str, str], home: Path) -> Run:
    """Run a crawl program to its end; it prints one JSON line with ``pages`` and ``peak_bytes``."""
    others = children()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    done = subprocess.run(
        command, env=os.environ | environment, cwd=home, stdout=subprocess.PIPE, text=True, check=True
    )
    seconds = time.monotonic() - started
    for orphan in children() - others:  # a fork server ends after its crawl; as its reaper we wait for it
        os.waitpid(orphan, 0)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = json.loads(done.stdout.strip().splitlines()[-1])
    cpu = (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)
    return Run(
        told["pages"],
        1000 * cpu / max(1, told["pages"]),
        told["peak_bytes"] / 2**20,
        seconds,
        told.get("loop_blocked"),
    )


def crawl_with(name: str, replay: Replay, urls: list[str]) -> Run:
    """One crawl by a peer (or us), in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "urls.json").write_text(json.dumps(urls), encoding="utf-8")
        if name == "ours":
            replay.write_cards(home / "outlets")
        environment = {"http_proxy": replay.proxy, "https_proxy": replay.proxy, "BENCH_HOME": folder}
        return measure([sys.executable, str(HERE / "peers" / f"{name}.py")], environment, home)


def main() -> int:
    """Print the table; exit code 1 if ours breaks a limit."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--shared", type=Path, default=find_shared())
    arguments = parser.parse_args()
    if arguments.shared is None:
        parser.error("no folder with recorded pages: give --shared or set AGGREGATOR_SHARED")
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    runs: dict[str, list[Run]] = {"ours": [], "scrapy_trafilatura": [], "newspaper4k": []}
    for turn in range(arguments.rounds):
        for name, rows in runs.items():
            with replaying(arguments.shared) as replay:
                rows.append(crawl_with(name, replay, list(replay.ids)))
            print(f"round {turn + 1}: {name}: {rows[-1]}", file=sys.stderr, flush=True)
    print(
        f"{'crawler':20} {'pages':>5} {'CPU ms/page':>12} {'peak MB':>8} {'wall s':>7} {'loop blocked s':>15}"
    )
    base = statistics.median(run.cpu_ms for run in runs["ours"])
    for name, rows in runs.items():
        cpu = statistics.median(run.cpu_ms for run in rows)
        peak = statistics.median(run.peak_mb for run in rows)
        wall = statistics.median(run.seconds for run in rows)
        blocked = [run.blocked_s for run in rows if run.blocked_s is not None]
        print(
            f"{name:20} {rows[0].pages:5} {cpu:12.1f} {peak:8.0f} {wall:7.1f} "
            f"{f'{max(blocked):.3f}' if blocked else '-':>15}   ({cpu / base:.2f} x ours)"
        )
    ours = runs["ours"]
    worst = {
        "cpu_ms": base,
        "peak_mb": max(run.peak_mb for run in ours),
        "blocked_s": max(run.blocked_s or 0.0 for run in ours),
    }
    broken = [f"{key} {value:.2f} > {LIMITS[key]}" for key, value in worst.items() if value > LIMITS[key]]
    print("limits: " + ("; ".join(broken) if broken else "kept"))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
