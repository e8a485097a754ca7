"""Quality and CPU of extraction on recorded pages, ours beside its peers, page by page in one run.

Usage: python benchmarks/extract.py [--pages 60] [--programs ours,trafilatura] [--markdown table.md]

Each program has a process of its own, warm before the first page; each page is given to one program after
the other, and only one works at a time, so that noise of the machine hits all alike. The cost is the CPU time
of that process for body, metadata and (ours) language. A page that takes over --page-seconds is stopped and
counts as that long; one that kills the process counts as empty. Quality is by the corpus's own score.py, a
page without output as empty. Peers that are not installed are left out (`make bench` installs them).
"""

import argparse
import importlib.util
import os
import platform
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from extraction.contest import Contestant, live_blog, turns
from extraction.corpus import Corpus, Row
from extraction.programs import PEER, PROGRAMS
from extraction.tables import Results, report

from aggregator.clock import now


def run(names: Sequence[str], rows: Sequence[Row], corpus: Corpus, page_seconds: float) -> dict[str, Results]:
    """Give each page to each program in turn."""
    score = corpus.scorer()
    contestants = [Contestant(name, page_seconds) for name in names]
    results = {name: Results() for name in names}
    for number, row in enumerate(rows):
        body = corpus.html(row)
        for contestant in turns(contestants, number):
            results[contestant.name].take(row, contestant.ask(row["url"], body), score)
        if sys.stderr.isatty():
            print(f"\r{number + 1} of {len(rows)} pages", end="", file=sys.stderr, flush=True)
    for contestant in contestants:
        results[contestant.name].live_cost = contestant.ask("https://example.org/live", live_blog()).cost
        contestant.close()
    return results


def about(names: Sequence[str], pages: int) -> str:
    """When, on what, and which versions."""
    packages = dict.fromkeys(PROGRAMS[name][1] for name in names if name != "ours")
    versions = ", ".join(f"{package} {version(package)}" for package in packages)
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    return f"{now():%Y-%m-%d}, {pages} pages, {machine}; {versions}. Gap and ratios: to {PEER}."


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=0, help="how many pages, evenly spread; 0 means all 777")
    parser.add_argument("--programs", help="only these, parted by commas")
    parser.add_argument("--page-seconds", type=float, default=30.0, help="longest time of a page")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the tables into this file, too")
    parser.add_argument("--shared", type=Path, default=os.environ.get("AGGREGATOR_SHARED", "../shared"))
    arguments = parser.parse_args()
    corpus = Corpus(arguments.shared)
    wanted = arguments.programs.split(",") if arguments.programs else list(PROGRAMS)
    if unknown := [name for name in wanted if name not in PROGRAMS]:
        sys.exit(f"{', '.join(unknown)}: no such program; there are {', '.join(PROGRAMS)}")
    names = [name for name in wanted if importlib.util.find_spec(PROGRAMS[name][0])]
    for name in wanted:
        if name not in names:
            print(f"{name}: not installed, left out", file=sys.stderr)
    rows = corpus.rows()
    if 0 < arguments.pages < len(rows):
        rows = [rows[number * len(rows) // arguments.pages] for number in range(arguments.pages)]
    results = run(names, rows, corpus, arguments.page_seconds)
    text = f"{about(names, len(rows))}\n\n{report(results, corpus.scorer())}\n"
    print(text)
    if arguments.markdown:
        arguments.markdown.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
