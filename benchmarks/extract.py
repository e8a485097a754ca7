"""CPU and quality of extraction on recorded news pages, ours beside trafilatura and newspaper4k, in one run.

Usage: python benchmarks/extract.py [--pages 80] [--shared ../shared]

Each page is extracted by each program in turn, body, metadata and (ours) language, in this process; the cost
is process CPU time, so other load on the machine hardly counts. Quality is by the corpus's own score.py.
"""

import argparse
import gzip
import importlib.util
import json
import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import trafilatura

from aggregator.clock import now
from aggregator.extract.errors import PageError
from aggregator.extract.page import extract
from aggregator.extract.warm import warm
from aggregator.model.outlet import Rules, Seed, SeedKind
from aggregator.model.page import Entry, FetchedPage

NEWS = {"scrapinghub", "fundus-eval", "fundus-tests"}
Row = dict[str, Any]
Program = Callable[[str, bytes], Row]


def ours(url: str, body: bytes) -> Row:
    """Our extraction with all its steps."""
    page = FetchedPage("bench", Entry(url, Seed(SeedKind.SECTION, url)), url, 200, (), None, body, now())
    try:
        article = extract(page, Rules())
    except PageError:
        return {}
    published = article.published.isoformat() if article.published else None
    return {
        "title": article.headline,
        "authors": article.byline,
        "published": published,
        "lang": article.language,
        "body": article.body,
    }


def bare_trafilatura(url: str, body: bytes) -> Row:
    """Trafilatura with its defaults and its metadata; it tells no language."""
    found: Any = trafilatura.bare_extraction(body, url=url, with_metadata=True)
    if found is None:
        return {}
    authors = found.author.split("; ") if found.author else []
    return {"title": found.title, "authors": authors, "published": found.date, "body": found.text}


def newspaper4k(url: str, body: bytes) -> Row:
    """newspaper4k without its looking up of pictures; nothing for languages it lacks a tokenizer for."""
    import newspaper

    html = body.decode("utf-8", "replace")
    try:
        article = newspaper.article(url, input_html=html, fetch_images=False)
    except (ImportError, newspaper.ArticleException, ValueError, AttributeError):
        return {}
    published = article.publish_date.isoformat() if article.publish_date else None
    return {"title": article.title, "authors": article.authors, "published": published, "body": article.text}


def programs() -> dict[str, Program]:
    """The programs that are installed, by name."""
    found: dict[str, Program] = {"ours": ours, "trafilatura": bare_trafilatura}
    if importlib.util.find_spec("newspaper"):
        found["newspaper4k"] = newspaper4k
    return found


def measure(program: Program, pages: list[tuple[Row, bytes]], out: Path) -> list[float]:
    """CPU milliseconds of each page; writes the predictions for score.py."""
    costs = []
    with out.open("w", encoding="utf-8") as file:
        for row, body in pages:
            started = time.process_time()
            found = program(row["url"], body)
            costs.append(1000 * (time.process_time() - started))
            file.write(json.dumps({"id": row["id"], **found}) + "\n")
    return costs


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=80, help="how many of the 239 news pages, evenly spread")
    parser.add_argument("--shared", type=Path, default=os.environ.get("AGGREGATOR_SHARED", "../shared"))
    arguments = parser.parse_args()
    corpus = Path(arguments.shared) / "corpus"
    if not corpus.is_dir():
        sys.exit(f"{corpus}: no such folder; name the folder with the recorded pages by --shared")
    rows = [json.loads(line) for line in (corpus / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    news = [row for row in rows if row["source_benchmark"] in NEWS]
    sample = news[:: max(1, len(news) // arguments.pages)][: arguments.pages]
    pages = [(row, gzip.decompress((corpus / row["html"]).read_bytes())) for row in sample]
    logging.disable(logging.CRITICAL)
    warm()
    with tempfile.TemporaryDirectory() as folder:
        for name, program in programs().items():
            measure(program, pages[:3], Path(folder) / "warm.jsonl")
            out = Path(folder) / f"{name}.jsonl"
            costs = measure(program, pages, out)
            median, mean = statistics.median(costs), statistics.mean(costs)
            print(f"{name}: CPU ms a page median {median:.0f} mean {mean:.0f}")
            files = (corpus / "score.py", corpus / "truth.jsonl", out)
            command = [sys.executable, *map(str, files), "--boot", "0"]
            scored = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            print("  " + next(line for line in scored.splitlines() if " ALL " in line), flush=True)


if __name__ == "__main__":
    main()
