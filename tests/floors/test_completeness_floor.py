"""Completeness on recorded pages of real outlets never falls below what it has reached.

The labels (``completeness_labels.tsv``) and how they were found are told in
docs/decisions/0016-what-a-page-is-instead-of-an-article.md.
"""

import csv
import json
from pathlib import Path

import pytest

from aggregator.extract import bulk
from aggregator.extract.pool import ExtractorPool, core_count

pytestmark = pytest.mark.slow
LABELS = Path(__file__).with_name("completeness_labels.tsv")
# Measured on the 777 pages: 38 of 38 paywalled, 1 of 739 others called so, 2 full ones called teaser.
MOST_FALSE_ALARMS = 0.005
MOST_FULL_CALLED_LESS = 0.006
MOST_PARTS_CALLED_FULL = 3  # two rows of pictures without a figure, one film without a player
Answers = dict[str, tuple[str, str]]


@pytest.fixture(scope="module")
def labels() -> dict[str, str]:
    """What each page is, by its id."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row["label"] for row in csv.DictReader(file, delimiter="\t")}


@pytest.fixture(scope="module")
def answers(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """What extraction calls each page, and by which evidence."""
    corpus, manifest = shared / "corpus", tmp_path_factory.mktemp("floor") / "pages.jsonl"
    rows = map(json.loads, (corpus / "truth.jsonl").read_text(encoding="utf-8").splitlines())
    pages = ({"id": row["id"], "url": row["url"], "html": str(corpus / row["html"])} for row in rows)
    manifest.write_text("".join(json.dumps(page) + "\n" for page in pages), encoding="utf-8")
    found: list[str] = []
    processes = core_count()
    with ExtractorPool(processes, page_seconds=30) as pool:
        bulk.run(manifest, found.append, pool, bulk.window(processes), lambda: None)
    read = map(json.loads, found)
    return {row["id"]: (row["completeness"], row["origins"]["completeness"]) for row in read}


def test_every_page_has_a_label_and_an_answer(labels: dict[str, str], answers: Answers) -> None:
    assert len(labels) == len(answers) == 777
    assert labels.keys() == answers.keys()


def test_every_paywalled_page_is_found(labels: dict[str, str], answers: Answers) -> None:
    sold = [name for name, label in labels.items() if label == "paywalled"]
    assert len(sold) == 38
    assert [name for name in sold if answers[name][0] != "paywalled"] == []


def test_false_alarms_stay_below_their_ceiling(labels: dict[str, str], answers: Answers) -> None:
    others = [name for name, label in labels.items() if label != "paywalled"]
    alarms = [name for name in others if answers[name][0] == "paywalled"]
    assert len(alarms) <= MOST_FALSE_ALARMS * len(others), alarms


def test_whole_articles_are_called_so(labels: dict[str, str], answers: Answers) -> None:
    whole = [name for name, label in labels.items() if label == "full"]
    wrong = [name for name in whole if answers[name][0] != "full"]
    assert len(wrong) <= MOST_FULL_CALLED_LESS * len(whole), wrong


def test_hardly_a_part_is_called_full(labels: dict[str, str], answers: Answers) -> None:
    wrong = [name for name, label in labels.items() if label != "full" and answers[name][0] == "full"]
    assert len(wrong) <= MOST_PARTS_CALLED_FULL, wrong


def test_every_answer_but_full_names_its_evidence(answers: Answers) -> None:
    assert not [
        name for name, (answer, source) in answers.items() if answer != "full" and source == "default"
    ]
