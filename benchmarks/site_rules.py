"""What rules for single sites (ftr-site-config) bring on recorded pages, per host and pooled, in four uses.

Usage: python benchmarks/site_rules.py [--shared ../shared] [--hosts]

Each page of the corpus whose host has a rule file is extracted without rules, then with the file's rules used
as cuts alone, as the import uses them (the body's element is where the body is looked for, and rules that
lose the text are not followed), the same without that guard, and with the body's element taken as a whole.
"""

import argparse
import gzip
import importlib.util
import json
import logging
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from aggregator.clock import now
from aggregator.extract.errors import PageError
from aggregator.extract.page import extract
from aggregator.extract.warm import warm
from aggregator.model.outlet import Rules, Seed, SeedKind
from aggregator.model.page import Entry, FetchedPage
from aggregator.outlets import ftr, ftr_files

Row = dict[str, Any]
# Below this two scores of a page are the same.
SAME = 0.005


@dataclass(frozen=True)
class Scored:
    """A page's scores and the CPU seconds they cost."""

    row: Row
    seconds: float


def ways(rules: Rules) -> dict[str, Rules]:
    """The ways to use a file's rules, by name."""
    return {
        "no rules": Rules(),
        "cuts alone": Rules(cuts=rules.cuts),
        "as imported": rules,
        "without guard": replace(rules, least_share=0.0),
        "body as a whole": replace(rules, body=rules.within, within=(), least_share=0.0),
    }


def scored(score: ModuleType, truth: Row, body: bytes, rules: Rules) -> Scored:
    """A page extracted with these rules, and scored."""
    url = truth["url"]
    page = FetchedPage("bench", Entry(url, Seed(SeedKind.SECTION, url)), url, 200, (), None, body, now())
    started = time.process_time()
    try:
        article = extract(page, rules)
    except PageError:
        return Scored(score.page(truth, {}), time.process_time() - started)
    seconds = time.process_time() - started
    published = article.published.isoformat() if article.published else None
    said = {
        "body": article.body,
        "title": article.headline,
        "authors": article.byline,
        "published": published,
    }
    return Scored(score.page(truth, said), seconds)


def pooled(score: ModuleType, name: str, pages: list[Scored], base: list[Scored]) -> str:
    """One line: the pooled scores of a way, and how many pages it makes better or worse."""
    found = score.summary([page.row for page in pages])
    pairs = [(page.row["F"], usual.row["F"]) for page, usual in zip(pages, base, strict=True)]
    better, worse = count(pairs)
    lost = sum(usual >= 0.5 > ruled for ruled, usual in pairs)
    cpu = 1000 * sum(page.seconds for page in pages) / len(pages)
    keys = ("F1", "P", "R", "pageF1", "title_norm", "author", "day", "exact")
    values = " ".join(f"{key}={found[key]:.4f}" for key in keys if key in found)
    return f"{name:16} {values} better={better} worse={worse} lost={lost} cpu_ms={cpu:.0f}"


def count(pairs: Iterable[tuple[float, float]]) -> tuple[int, int]:
    """How many pages are better than they were, and how many worse."""
    known = list(pairs)
    return sum(new > old + SAME for new, old in known), sum(new < old - SAME for new, old in known)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=os.environ.get("AGGREGATOR_SHARED", "../shared"))
    parser.add_argument(
        "--hosts", action="store_true", help="a line for each host, also those without change"
    )
    arguments = parser.parse_args()
    corpus = Path(arguments.shared) / "corpus"
    archive = Path(arguments.shared) / "rules" / "ftr-site-config.tar.gz"
    if not (corpus.is_dir() and archive.is_file()):
        sys.exit(f"{corpus} or {archive} is missing; name the folder that holds them by --shared")
    score = load(corpus / "score.py")
    files = ftr_files.read(archive)
    rules = {name: ftr.parse(text) for name, text in files.items()}
    extents = Counter(one.extent.value for one in rules.values())
    print(f"{len(files)} files: " + ", ".join(f"{extents[extent]} {extent}" for extent in ftr.Extent))
    logging.disable(logging.CRITICAL)
    warm()
    measured: dict[str, dict[str, list[Scored]]] = defaultdict(lambda: defaultdict(list))
    for line in (corpus / "truth.jsonl").read_text(encoding="utf-8").splitlines():
        truth = json.loads(line)
        name = ftr_files.find(files, urlsplit(truth["url"]).hostname or "")
        if name is not None and rules[name].extent is not ftr.Extent.NOTHING:
            body = gzip.decompress((corpus / truth["html"]).read_bytes())
            for way, used in ways(rules[name].rules).items():
                measured[name][way].append(scored(score, truth, body, used))
    report(score, measured, shows_all=arguments.hosts)


def load(path: Path) -> ModuleType:
    """The corpus's own scorer."""
    spec = importlib.util.spec_from_file_location("score", path)
    if spec is None or spec.loader is None:
        sys.exit(f"{path}: cannot be read")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def report(score: ModuleType, measured: dict[str, dict[str, list[Scored]]], *, shows_all: bool) -> None:
    """Print each host that the import changes, then the pooled figures."""
    fates: Counter[str] = Counter()
    for name, found in sorted(measured.items()):
        usual, ruled = found["no rules"], found["as imported"]
        better, worse = count((new.row["F"], old.row["F"]) for new, old in zip(ruled, usual, strict=True))
        means = [sum(page.row["F"] for page in pages) / len(pages) for pages in (usual, ruled)]
        fate = "helped" if means[1] > means[0] + SAME else "hurt" if means[1] < means[0] - SAME else "same"
        fates[fate] += 1
        if shows_all or fate != "same":
            print(
                f"  {name.removesuffix(ftr_files.SUFFIX):28} {fate:6} pages={len(usual)} better={better}"
                f" worse={worse} pageF1 {means[0]:.3f} -> {means[1]:.3f}"
            )
    print(
        f"{len(measured)} hosts' files: " + ", ".join(f"{fates[f]} {f}" for f in ("helped", "hurt", "same"))
    )
    base = [page for found in measured.values() for page in found["no rules"]]
    for way in ways(Rules()):
        print(pooled(score, way, [page for found in measured.values() for page in found[way]], base))


if __name__ == "__main__":
    main()
