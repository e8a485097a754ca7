"""Extraction on recorded pages of real outlets never falls below what it has reached."""

import json
import subprocess
import sys
from pathlib import Path

import paced
import pytest

from aggregator.extract import bulk, language
from aggregator.extract.pool import ExtractorPool, core_count

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
NEWS = {"scrapinghub", "fundus-eval", "fundus-tests"}
Scores = dict[str, float]


@pytest.fixture(scope="module")
def scores(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Scores:
    """What the corpus's own scorer says about our output for its news pages."""
    corpus, folder = shared / "corpus", tmp_path_factory.mktemp("floor")
    lines = (corpus / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    pages = [row for row in map(json.loads, lines) if row["source_benchmark"] in NEWS]
    manifest, out, summary = folder / "pages.jsonl", folder / "ours.jsonl", folder / "scores.json"
    rows = ({"id": row["id"], "url": row["url"], "html": str(corpus / row["html"])} for row in pages)
    manifest.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    processes = core_count()
    with ExtractorPool(processes, page_seconds=30) as pool, bulk.output(out) as file:
        report = bulk.run(manifest, file.write, pool, bulk.window(processes), lambda: None)
    arguments = [corpus / "score.py", corpus / "truth.jsonl", out, "--boot", "0", "--json", summary]
    subprocess.run([sys.executable, *map(str, arguments)], check=True, capture_output=True)
    found: Scores = json.loads(summary.read_text())["ours"]["ALL"]
    return {**found, "pages": len(pages), "errors": report.errors, "cpu": report.cpu_seconds / len(pages)}


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


def test_cost_stays_below_its_ceiling(scores: Scores) -> None:
    assert scores["cpu"] <= CPU_SECONDS_A_PAGE * paced.slowness()


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
