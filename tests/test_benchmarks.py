"""The benchmark of extraction: what it measures, and that no page and no peer can stop it."""

import gzip
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from handmade import SENTENCES, article_html

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def corpus(shared: Path, tmp_path: Path) -> Path:
    """Three pages of our own, laid out as the recorded ones."""
    folder = tmp_path / "shared" / "corpus"
    folder.mkdir(parents=True)
    shutil.copy(shared / "corpus" / "score.py", folder)
    rows = []
    for number, benchmark in enumerate(("scrapinghub", "fundus-eval", "wcxb-article")):
        (folder / f"{number}.html.gz").write_bytes(gzip.compress(article_html().encode()))
        rows.append(
            {
                "id": str(number),
                "url": f"https://harbour.example/2026/{number}",
                "html": f"{number}.html.gz",
                "source_benchmark": benchmark,
                "body": "\n".join(SENTENCES),
                "title": "Bridge opens",
                "authors": None,
                "published": None,
                "lang": "en",
            }
        )
    (folder / "truth.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return folder.parent


def run(shared: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "benchmarks/extract.py", "--shared", str(shared), *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def rows(text: str, program: str) -> list[list[str]]:
    """A program's cells in each table."""
    lines = (line.strip("| ").split("|") for line in text.splitlines() if line.startswith(f"| {program} "))
    return [[cell.strip() for cell in line[1:]] for line in lines]


def test_every_program_gets_every_page_and_is_compared_in_the_same_run(corpus: Path, tmp_path: Path) -> None:
    table = tmp_path / "table.md"
    done = run(corpus, "--programs", "ours,trafilatura-no-comments", "--markdown", str(table))
    assert done.returncode == 0, done.stderr
    body, told, cost = rows(done.stdout, "ours")
    assert body[:7] == ["1.000", "1.000", "-", "1.000", "1.000", "1.000", "1.000"]
    assert float(body[7]) >= 0
    assert body[8] == "-"
    assert (told[0], told[5]) == ("1.000", "1.000")
    assert float(cost[6]) > 0
    assert rows(done.stdout, "trafilatura-no-comments")[2][-2:] == ["1.00", "1.00"]
    assert rows(done.stdout, "trafilatura-no-comments")[1][5] == "-"
    assert table.read_text(encoding="utf-8").strip() == done.stdout.strip()


def test_a_page_that_takes_too_long_is_stopped_and_counted(corpus: Path) -> None:
    done = run(corpus, "--programs", "ours", "--page-seconds", "0.0001", "--pages", "2")
    assert done.returncode == 0, done.stderr
    body, _, cost = rows(done.stdout, "ours")
    # On a machine that is busy elsewhere, the second answer may be there before it is waited for.
    assert body[-1] in {"1 stopped", "2 stopped"}
    assert float(cost[0]) > 0


def test_an_unknown_program_is_told_with_the_known_ones(corpus: Path) -> None:
    done = run(corpus, "--programs", "theirs")
    assert done.returncode == 1
    assert "theirs: no such program; there are ours, trafilatura," in done.stderr
