"""Near-duplicates among 6,054 articles: 18 kinds of copies, 8 kinds of look-alikes."""

import json
import subprocess
import sys
import time
from pathlib import Path

import paced
import pytest

# Measured in November 2026: precision 1, recall .9934, F1 .9967, B-cubed .9979, combo_hard .948, first
# quarters 1, no look-alike merged, 2.5 ms CPU an article. Floors lie a little below.
PRECISION = 0.9995
RECALL = 0.990
F1 = 0.995
B_CUBED = 0.996
COMBO_HARD = 0.93
FIRST_QUARTERS = 0.99
CPU_SECONDS_AN_ARTICLE = 0.005
MOST_MERGED = 0.005
Scores = dict[str, float]


@pytest.fixture(scope="module")
def scored(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Scores, dict[str, Scores]]:
    """What the shared scorer says of the command's output, and the CPU time it took."""
    folder, out = shared / "dedupe", tmp_path_factory.mktemp("dedupe") / "clusters.jsonl"
    program = [sys.executable, "-m", "aggregator.cli.main", "--quiet", "dedupe"]
    start = time.monotonic()
    subprocess.run([*program, "--in", folder / "articles.jsonl.gz", "--out", out], check=True)
    seconds = time.monotonic() - start
    score = [sys.executable, folder / "score_dedupe.py", folder / "articles.jsonl.gz", out]
    lines = subprocess.run(score, check=True, capture_output=True, text=True).stdout.splitlines()
    found: Scores = json.loads(lines[0])
    kinds = {name: json.loads(rest) for name, rest in (line.split(maxsplit=1) for line in lines[1:])}
    return found | {"seconds": seconds / found["n"]}, kinds


@pytest.mark.parametrize(
    ("name", "floor"), [("pair_P", PRECISION), ("pair_R", RECALL), ("pair_F1", F1), ("b3_F1", B_CUBED)]
)
def test_quality_stays_above_its_floor(
    scored: tuple[Scores, dict[str, Scores]], name: str, floor: float
) -> None:
    assert scored[0][name] >= floor


def test_hard_copies_and_first_quarters_are_found(scored: tuple[Scores, dict[str, Scores]]) -> None:
    assert scored[1]["combo_hard"]["link"] >= COMBO_HARD
    assert scored[1]["trunc25"]["link"] >= FIRST_QUARTERS
    assert scored[1]["mass"]["link"] == 1


def test_no_kind_of_look_alike_is_merged(scored: tuple[Scores, dict[str, Scores]]) -> None:
    merged = {kind: row["false_merge"] for kind, row in scored[1].items() if "false_merge" in row}
    assert len(merged) == 10
    assert {kind: share for kind, share in merged.items() if share > MOST_MERGED} == {}


def test_cost_stays_below_its_ceiling(scored: tuple[Scores, dict[str, Scores]]) -> None:
    # Elapsed time of a program that never waits: other work on the machine counts, so the ceiling is wide.
    assert scored[0]["seconds"] <= 4 * CPU_SECONDS_AN_ARTICLE * paced.slowness()
