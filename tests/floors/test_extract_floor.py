"""Extraction on recorded pages of real outlets never falls below what it has reached.

The labels of completeness (``completeness_labels.tsv``) and how they were found are told in
docs/decisions/0016-what-a-page-is-instead-of-an-article.md.
"""

import csv
import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import paced
import pytest

from aggregator.extract import bulk, language
from aggregator.extract.bulk import BulkReport
from aggregator.extract.pool import ExtractorPool, core_count

pytestmark = pytest.mark.slow
# Measured on the 239 news pages, November 2026: body .980 (.970 on outlets that the classifier has not seen,
# benchmarks/train_body.py; the shipped one has seen all of these), title .876, day .982, exact time .929,
# author .916, language 1, of headlines alone 1. Of the eight wrong times, the truth has day and month changed
# in two, and lacks the offset that the page has in three, the time that it shows in three.
# Floors lie a little below, for libraries' point releases.
BODY_F1 = 0.977
TITLE_NORM = 0.865
DAY = 0.980
EXACT_TIME = 0.924
AUTHOR_F1 = 0.908
LANGUAGE = 0.995
HEADLINE_LANGUAGE = 0.990
CPU_SECONDS_A_PAGE = 0.100
# Measured on all 777 pages: 38 of 38 paywalled, 1 of 739 others called so, 2 full ones called teaser.
MOST_FALSE_ALARMS = 0.005
MOST_FULL_CALLED_LESS = 0.006
MOST_PARTS_CALLED_FULL = 3  # two rows of pictures without a figure, one film without a player
NEWS = {"scrapinghub", "fundus-eval", "fundus-tests"}
LABELS = Path(__file__).with_name("completeness_labels.tsv")
Scores = dict[str, float]
Rows = Iterable[Mapping[str, str]]


@dataclass(frozen=True)
class Corpus:
    """What extraction makes of all pages; ``news`` is the file of the news pages, ``report`` theirs."""

    news: Path
    report: BulkReport
    slowness: float
    """The machine's, when the news pages were read."""
    answers: dict[str, tuple[str, str]]
    """What each page's completeness is called, and by which evidence."""


@pytest.fixture(scope="module")
def corpus(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder, out = shared / "corpus", tmp_path_factory.mktemp("floor") / "ours.jsonl"
    pages = list(map(json.loads, (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()))
    news = [row for row in pages if row["source_benchmark"] in NEWS]
    found: list[str] = []
    processes = core_count()
    with ExtractorPool(processes, page_seconds=30) as pool:

        def extract(rows: Rows, write: Callable[[str], object]) -> BulkReport:
            lines = ({"id": row["id"], "url": row["url"], "html": str(folder / row["html"])} for row in rows)
            manifest = out.with_name("pages.jsonl")
            manifest.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
            return bulk.run(manifest, write, pool, bulk.window(processes), lambda: None)

        with bulk.output(out) as file:
            report = extract(news, file.write)
        slowness = paced.slowness()
        extract((row for row in pages if row["source_benchmark"] not in NEWS), found.append)
    rows = map(json.loads, [*out.read_text(encoding="utf-8").splitlines(), *found])
    answers = {row["id"]: (row["completeness"], row["origins"]["completeness"]) for row in rows}
    return Corpus(out, report, slowness, answers)


@pytest.fixture(scope="module")
def scores(shared: Path, corpus: Corpus) -> Scores:
    """What the corpus's own scorer says about our output for its news pages."""
    folder, summary = shared / "corpus", corpus.news.with_name("scores.json")
    arguments = (folder / "score.py", folder / "truth.jsonl", corpus.news, "--boot", "0", "--json", summary)
    subprocess.run([sys.executable, *map(str, arguments)], check=True, capture_output=True)
    found: Scores = json.loads(summary.read_text())["ours"]["ALL"]
    return {**found, "pages": corpus.report.pages, "errors": corpus.report.errors}


def test_every_page_gives_an_article(scores: Scores) -> None:
    assert (scores["pages"], scores["errors"], scores["n"]) == (239, 0, 239)


@pytest.mark.parametrize(
    ("name", "floor"),
    [
        ("F1", BODY_F1),
        ("title_norm", TITLE_NORM),
        ("day", DAY),
        ("exact", EXACT_TIME),
        ("author", AUTHOR_F1),
        ("lang", LANGUAGE),
    ],
)
def test_quality_stays_above_its_floor(scores: Scores, name: str, floor: float) -> None:
    assert scores[name] >= floor


@pytest.mark.parametrize("is_declared", [True, False])
def test_language_of_headlines_alone_stays_above_its_floor(shared: Path, *, is_declared: bool) -> None:
    lines = (shared / "corpus" / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["title"] and row["lang"]]
    found = [language.detect(row["title"], row["html_lang"] if is_declared else None) for row in rows]
    right = [one is not None and one.value == row["lang"] for one, row in zip(found, rows, strict=True)]
    assert sum(right) / len(rows) >= HEADLINE_LANGUAGE


def test_cost_stays_below_its_ceiling(corpus: Corpus) -> None:
    cost = corpus.report.cpu_seconds / corpus.report.pages
    assert cost <= CPU_SECONDS_A_PAGE * corpus.slowness


def test_republished_page_is_told_from_its_original(shared: Path, tmp_path: Path) -> None:
    expected = json.loads((shared / "seed" / "expected.json").read_text(encoding="utf-8"))
    html = shared / "seed" / "republished-page.html"
    (tmp_path / "m.jsonl").write_text(json.dumps({"id": "seed", "url": expected["url"], "html": str(html)}))
    found: list[str] = []
    with ExtractorPool(1, page_seconds=30) as pool:
        bulk.run(tmp_path / "m.jsonl", found.append, pool, 1, lambda: None)
    row = json.loads(found[0])
    for field in ("title", "lang", "source_link", "published", "site_name", "section", "completeness"):
        assert row[field] == expected[field], field
    assert row["authors"] == [expected["byline"]]
    assert "Source link" not in row["body"]
    assert "You may also like" not in row["body"]


@pytest.fixture(scope="module")
def labels() -> dict[str, str]:
    """What each page is, by its id."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row["label"] for row in csv.DictReader(file, delimiter="\t")}


def test_every_page_has_a_label_and_an_answer(labels: dict[str, str], corpus: Corpus) -> None:
    assert len(labels) == len(corpus.answers) == 777
    assert labels.keys() == corpus.answers.keys()


def test_every_paywalled_page_is_found(labels: dict[str, str], corpus: Corpus) -> None:
    sold = [name for name, label in labels.items() if label == "paywalled"]
    assert len(sold) == 38
    assert [name for name in sold if corpus.answers[name][0] != "paywalled"] == []


def test_false_alarms_stay_below_their_ceiling(labels: dict[str, str], corpus: Corpus) -> None:
    others = [name for name, label in labels.items() if label != "paywalled"]
    alarms = [name for name in others if corpus.answers[name][0] == "paywalled"]
    assert len(alarms) <= MOST_FALSE_ALARMS * len(others), alarms


def test_whole_articles_are_called_so(labels: dict[str, str], corpus: Corpus) -> None:
    whole = [name for name, label in labels.items() if label == "full"]
    wrong = [name for name in whole if corpus.answers[name][0] != "full"]
    assert len(wrong) <= MOST_FULL_CALLED_LESS * len(whole), wrong


def test_hardly_a_part_is_called_full(labels: dict[str, str], corpus: Corpus) -> None:
    wrong = [name for name, label in labels.items() if label != "full" and corpus.answers[name][0] == "full"]
    assert len(wrong) <= MOST_PARTS_CALLED_FULL, wrong


def test_every_answer_but_full_names_its_evidence(corpus: Corpus) -> None:
    assert not [
        name for name, (answer, source) in corpus.answers.items() if answer != "full" and source == "default"
    ]
