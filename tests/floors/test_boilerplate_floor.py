"""Floors of learned boilerplate, on generated outlets with known truth in twelve languages."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from aggregator.extract import bulk
from aggregator.extract.pool import ExtractorPool, core_count
from aggregator.extract.teachers import Teachers

MOST_LEAKED = 0.02
MOST_LOST = 0.002
LEAST_DECOYS = 0.99


@pytest.fixture(scope="module")
def after_thirty(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[float, ...]:
    """Leaked, lost and decoys kept, over the pages that came after an outlet's thirtieth."""
    out = tmp_path_factory.mktemp("outlets")
    tools = shared / "boilerplate"
    made = [sys.executable, tools / "make.py", out, "--shared", shared, "--pages", "40"]
    subprocess.run(made, check=True, stdout=subprocess.DEVNULL)
    manifest, predictions = out / "manifest.jsonl", out / "predictions.jsonl"
    with ExtractorPool(core_count(), 10.0) as pool, predictions.open("w", encoding="utf-8") as file:
        bulk.run(manifest, file.write, pool, 8, lambda: None, clean=Teachers().clean)
    scored = subprocess.run(
        [sys.executable, tools / "score.py", manifest, predictions, "--after", "30"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    found = re.search(r"leaked=([\d.]+) lost=(-?[\d.]+) decoys=([\d.]+)", scored)
    assert found, scored
    return tuple(map(float, found.groups()))


def test_little_boilerplate_leaks_after_thirty_pages(after_thirty: tuple[float, ...]) -> None:
    assert after_thirty[0] <= MOST_LEAKED


def test_real_text_and_repeated_real_text_survive(after_thirty: tuple[float, ...]) -> None:
    assert after_thirty[1] <= MOST_LOST
    assert after_thirty[2] >= LEAST_DECOYS
