"""Quality and CPU of extraction on recorded pages, ours beside its peers, page by page in one run.

Usage: python benchmarks/extract.py [--pages 60] [--programs ours,trafilatura] [--markdown table.md]

Each program has a process of its own, warm before the first page; each page is given to one program after
the other, and only one works at a time, so that noise of the machine hits all alike. The cost is the CPU time
of that process for body, metadata and (ours) language. A page that takes over --page-seconds is stopped and
counts as that long; one that kills the process counts as empty. Quality is by the corpus's own score.py, a
page without output as empty. Peers that are not installed are left out (`make bench` installs them).
"""

import argparse
import gc
import gzip
import importlib.util
import json
import logging
import multiprocessing
import os
import platform
import statistics
import sys
import time
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType
from typing import Any

from aggregator.clock import now

NEWS = ("scrapinghub", "fundus-eval", "fundus-tests")
GENERAL = "wcxb-article"
PEER = "trafilatura-no-comments"
WARM_SECONDS = 120.0
LIVE_POSTS = 1800
DAY_CHARS = len("2026-01-31")
MISSING = "-"
Row = dict[str, Any]
Program = Callable[[str, bytes], Row]


def ours(url: str, body: bytes) -> Row:
    """Our extraction with all its steps."""
    from aggregator.extract.errors import PageError
    from aggregator.extract.page import extract
    from aggregator.model.outlet import Rules, Seed, SeedKind
    from aggregator.model.page import Entry, FetchedPage

    page = FetchedPage("bench", Entry(url, Seed(SeedKind.SECTION, url)), url, 200, (), None, body, now())
    try:
        article = extract(page, Rules())
    except PageError:
        return {}
    return {
        "title": article.headline,
        "authors": article.byline,
        "published": article.published.isoformat() if article.published else None,
        "lang": article.language,
        "body": article.body,
    }


def trafilatura(url: str, body: bytes, **options: bool) -> Row:
    """Trafilatura with its metadata; it tells no language."""
    from trafilatura import bare_extraction

    found: Any = bare_extraction(body, url=url, with_metadata=True, **options)
    if found is None:
        return {}
    authors = found.author.split("; ") if found.author else []
    return {"title": found.title, "authors": authors, "published": found.date, "body": found.text}


def newspaper4k(url: str, body: bytes) -> Row:
    """newspaper4k without its looking up of pictures; nothing for languages it lacks a tokenizer for."""
    import newspaper

    article = newspaper.article(url, input_html=_text(body), fetch_images=False)
    published = article.publish_date.isoformat() if article.publish_date else None
    return {"title": article.title, "authors": article.authors, "published": published, "body": article.text}


def readability(url: str, body: bytes) -> Row:
    """readability-lxml's summary as text; it tells no authors and no date."""
    from lxml.html import fromstring
    from readability import Document

    page = Document(_text(body), url=url)
    return {"title": page.short_title(), "body": "\n".join(fromstring(page.summary()).itertext())}


def resiliparse(_url: str, body: bytes) -> Row:
    """Resiliparse's main content; it tells nothing else."""
    from resiliparse.extract.html2text import extract_plain_text

    return {"body": extract_plain_text(_text(body), main_content=True, alt_texts=False, comments=False)}


def goose3(_url: str, body: bytes) -> Row:
    """goose3 on the page as it is; it fetches nothing."""
    from goose3 import Goose

    with Goose({"enable_image_fetching": False}) as goose:
        found = goose.extract(raw_html=_text(body))
    return {
        "title": found.title,
        "authors": found.authors,
        "published": found.publish_date,
        "body": found.cleaned_text,
    }


def _text(body: bytes) -> str:
    from aggregator.extract.decode import decode

    return decode(body, None)[0]


PROGRAMS: dict[str, tuple[str, str, Program]] = {
    "ours": ("aggregator", "aggregator", ours),
    "trafilatura": ("trafilatura", "trafilatura", trafilatura),
    PEER: ("trafilatura", "trafilatura", partial(trafilatura, include_comments=False)),
    "trafilatura-no-tables": (
        "trafilatura",
        "trafilatura",
        partial(trafilatura, include_comments=False, include_tables=False),
    ),
    "trafilatura-fast": (
        "trafilatura",
        "trafilatura",
        partial(trafilatura, include_comments=False, fast=True),
    ),
    "trafilatura-precision": (
        "trafilatura",
        "trafilatura",
        partial(trafilatura, include_comments=False, favor_precision=True),
    ),
    "newspaper4k": ("newspaper", "newspaper4k", newspaper4k),
    "readability-lxml": ("readability", "readability-lxml", readability),
    "resiliparse": ("resiliparse", "resiliparse", resiliparse),
    "goose3": ("goose3", "goose3", goose3),
}
"""Each program's module, its package and how it is called."""


@dataclass(frozen=True)
class Answer:
    """What a program made of a page, the CPU milliseconds it took, and what went wrong if anything did."""

    row: Row
    cost: float
    fault: str = ""


def serve(name: str, line: Connection) -> None:
    """A program's process: answers page after page until the other end closes."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    program = PROGRAMS[name][2]
    if name == "ours":
        from aggregator.extract.warm import warm

        warm()
    _answer(program, "https://example.org/2026/warm", live_blog(20))
    gc.collect()
    gc.freeze()
    line.send("ready")
    while True:
        try:
            url, body = line.recv()
        except EOFError:
            return
        line.send(_answer(program, url, body))


def _answer(program: Program, url: str, body: bytes) -> Answer:
    started = time.process_time()
    try:
        row, fault = program(url, body), ""
    except Exception as error:  # noqa: BLE001 - a peer may fail as it likes; it is counted
        row, fault = {}, type(error).__name__
    return Answer(row, 1000 * (time.process_time() - started), fault)


class Contestant:
    """One program in its process, which is started anew when it dies or is stopped."""

    def __init__(self, name: str, page_seconds: float) -> None:
        self.name, self._page_seconds = name, page_seconds
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._line, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(self.name, theirs), daemon=True)
        self._process.start()
        theirs.close()
        try:
            is_ready = self._line.poll(WARM_SECONDS) and bool(self._line.recv())
        except EOFError:
            is_ready = False
        if not is_ready:
            sys.exit(f"{self.name}: does not start")

    def ask(self, url: str, body: bytes) -> Answer:
        """What the program makes of a page."""
        try:
            self._line.send((url, body))
            if self._line.poll(self._page_seconds):
                answer: Answer = self._line.recv()
                return answer
            fault = "stopped"
        except (EOFError, OSError):
            fault = "died"
        self.close()
        self._start()
        return Answer({}, 1000 * self._page_seconds if fault == "stopped" else 0.0, fault)

    def close(self) -> None:
        """End the process."""
        self._line.close()
        self._process.kill()
        self._process.join()


@dataclass
class Results:
    """What a program's pages gave: scores by set, what it told at all, costs, faults."""

    scores: defaultdict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    told: set[str] = field(default_factory=set)
    costs: list[float] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    live_cost: float = 0.0

    def take(self, truth: Row, answer: Answer, score: ModuleType) -> None:
        """Count one page."""
        self.scores[truth["source_benchmark"]].append(score.page(truth, answer.row))
        self.told |= {name for name, value in answer.row.items() if value}
        if len(answer.row.get("published") or "") > DAY_CHARS:
            self.told.add("time")
        self.costs.append(answer.cost)
        if answer.fault:
            self.faults[answer.fault] += 1


def live_blog(posts: int = LIVE_POSTS) -> bytes:
    """A page such as a live blog's: many short posts, each with its time, and JSON-LD that breaks off.

    With all its posts it has 1.3 MB; such a page took an extractor 2 s.
    """
    said = "The council went on to count the ropes, and the ferry did not leave the pier in the rain. "
    updates = json.dumps([{"@type": "BlogPosting", "articleBody": said * 3}] * posts)[:-400]
    made = "".join(
        f"<div class='post'><time datetime='2026-03-03T08:{number % 60:02}:00Z'>08:{number % 60:02}</time>"
        f"<h3>Rope {number} is counted</h3><p>{said * 3}</p><p><a href='/live#{number}'>Share</a></p></div>"
        for number in range(posts)
    )
    return (
        f"<!doctype html><html lang='en'><head><title>Ferry, live</title><script type='application/ld+json'>"
        f'{{"@type": "LiveBlogPosting", "liveBlogUpdate": {updates}</script></head>'
        f"<body><main><article><h1>Ferry, live</h1>{made}</article></main></body></html>"
    ).encode()


def run(names: Sequence[str], rows: Sequence[Row], corpus: Path, page_seconds: float) -> dict[str, Results]:
    """Give each page to each program in turn; who begins changes from page to page."""
    score = _score(corpus)
    contestants = [Contestant(name, page_seconds) for name in names]
    results = {name: Results() for name in names}
    for number, row in enumerate(rows):
        body = gzip.decompress((corpus / row["html"]).read_bytes())
        first = number % len(contestants)
        for contestant in (*contestants[first:], *contestants[:first]):
            results[contestant.name].take(row, contestant.ask(row["url"], body), score)
        if sys.stderr.isatty():
            print(f"\r{number + 1} of {len(rows)} pages", end="", file=sys.stderr, flush=True)
    for contestant in contestants:
        results[contestant.name].live_cost = contestant.ask("https://example.org/live", live_blog()).cost
        contestant.close()
    return results


def _score(corpus: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", corpus / "score.py")
    assert spec is not None  # noqa: S101 - a path with .py has a spec
    assert spec.loader is not None  # noqa: S101 - the same
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def report(results: dict[str, Results], score: ModuleType) -> str:
    """All tables as Markdown."""
    parts = ("### Body: F1 of 4-grams", quality(results, score)), ("### Fields", fields(results, score))
    costs = ("### CPU milliseconds a page", cost(results))
    return "\n\n".join(f"{heading}\n\n{table}" for heading, table in (*parts, costs))


def quality(results: dict[str, Results], score: ModuleType) -> str:
    """F1 of each set, of the news sets together, and how far WCXB is from the peer's."""
    counts = Counter({name: len(rows) for name, rows in next(iter(results.values())).scores.items()})
    general = {name: _summary(score, result, GENERAL).get("F1") for name, result in results.items()}
    rows = []
    for name, result in results.items():
        sets = [_summary(score, result, one).get("F1") for one in NEWS]
        pooled = _summary(score, result, *NEWS)
        faults = ", ".join(f"{count} {word}" for word, count in result.faults.items())
        here, there = general[name], general.get(PEER)
        gap = f"{here - there:+.3f}" if here is not None and there is not None else MISSING
        told = [*sets, pooled.get("F1"), pooled.get("P"), pooled.get("R"), here]
        rows.append([name, *map(_share, told), gap, faults or MISSING])
    heads = [f"{one} ({counts[one]})" for one in NEWS]
    news = sum(counts[one] for one in NEWS)
    heads += [f"news ({news})", "precision", "recall", f"WCXB ({counts[GENERAL]})", "WCXB gap", "failed"]
    return _table(["program", *heads], rows)


FIELDS = {
    "title_exact": ("title", "title"),
    "title_norm": ("title, folded", "title"),
    "day": ("day", "published"),
    "exact": ("time", "time"),
    "author": ("authors F1", "authors"),
    "lang": ("language", "lang"),
}
"""Each score's heading, and what a program must tell at all to have one."""


def fields(results: dict[str, Results], score: ModuleType) -> str:
    """Title, date, authors and language over all pages whose truth tells them."""
    whole = {name: _summary(score, result, *result.scores) for name, result in results.items()}
    counts = next(iter(whole.values()))
    heads = [f"{words} ({counts.get(f'n_{key}', 0)})" for key, (words, _) in FIELDS.items()]
    rows = [
        [
            name,
            *(
                _share(one.get(key) if need in results[name].told else None)
                for key, (_, need) in FIELDS.items()
            ),
        ]
        for name, one in whole.items()
    ]
    return _table(["program", *heads], rows)


def cost(results: dict[str, Results]) -> str:
    """CPU milliseconds, and as ratios to the peer's in the same run."""
    peer = results.get(PEER)
    rows = []
    for name, result in results.items():
        costs = sorted(result.costs)
        median, mean = statistics.median(costs), statistics.mean(costs)
        ratios = [MISSING, MISSING]
        if peer is not None:
            ratios = [
                f"{median / statistics.median(peer.costs):.2f}",
                f"{mean / statistics.mean(peer.costs):.2f}",
            ]
        told = (median, mean, _quantile(costs, 0.95), _quantile(costs, 0.99), costs[-1], result.live_cost)
        rows.append([name, *(f"{one:.1f}" for one in told), *ratios])
    live = f"live blog of {len(live_blog()) / 1e6:.1f} MB"
    heads = ["median", "mean", "p95", "p99", "max", live, "median ratio", "mean ratio"]
    return _table(["program", *heads], rows)


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _summary(score: ModuleType, result: Results, *sets: str) -> Row:
    rows = [row for one in sets for row in result.scores.get(one, ())]
    return dict(score.summary(rows)) if rows else {}


def _share(value: float | None) -> str:
    return MISSING if value is None else f"{value:.3f}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[number]) for row in (heads, *rows)) for number in range(len(heads))]

    def line(cells: Sequence[str]) -> str:
        padded = [
            cells[0].ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True)),
        ]
        return f"| {' | '.join(padded)} |"

    marks = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join((line(heads), f"| {' | '.join(marks)} |", *map(line, rows)))


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
    corpus = Path(arguments.shared) / "corpus"
    if not corpus.is_dir():
        sys.exit(f"{corpus}: no such folder; name the folder with the recorded pages by --shared")
    wanted = arguments.programs.split(",") if arguments.programs else list(PROGRAMS)
    if unknown := [name for name in wanted if name not in PROGRAMS]:
        sys.exit(f"{', '.join(unknown)}: no such program; there are {', '.join(PROGRAMS)}")
    names = [name for name in wanted if importlib.util.find_spec(PROGRAMS[name][0])]
    for name in wanted:
        if name not in names:
            print(f"{name}: not installed, left out", file=sys.stderr)
    rows = [json.loads(line) for line in (corpus / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    if 0 < arguments.pages < len(rows):
        rows = [rows[number * len(rows) // arguments.pages] for number in range(arguments.pages)]
    results = run(names, rows, corpus, arguments.page_seconds)
    text = f"{about(names, len(rows))}\n\n{report(results, _score(corpus))}\n"
    print(text)
    if arguments.markdown:
        arguments.markdown.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
