"""Schemathesis asks the running API what its description allows and forbids, and finds nothing wrong."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from published import fill
from reading import Reader, site_over
from site_stories import told

from aggregator.store import editions
from aggregator.store.engine import Database

SECONDS = 240  # a run takes 20 to 40; a busy machine may be slower
# "Gone" answers a number that is as good as any: it is no refusal of the request.
CONFIG = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", 404, 410]
"""
CASES = 10  # of each address and phase, beside the borders of every parameter


@pytest.fixture
def varied(tmp_path: Path, migrated_sqlite: bytes) -> Database:
    """Every kind of thing that an address can lead to: the examples' numbers are 1."""
    path = tmp_path / "varied.sqlite3"
    path.write_bytes(migrated_sqlite)
    db = Database.open(f"sqlite:///{path}")
    fill(db)
    told(Reader(0, db))
    editions.withdraw(db, 2, "the outlet asked", datetime.now(UTC))
    return db


@pytest.mark.slow
def test_the_api_keeps_to_its_description(varied: Database, tmp_path: Path) -> None:
    (tmp_path / "schemathesis.toml").write_text(CONFIG)
    with site_over(varied) as reader:
        run = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli", "run", f"{reader.base}/api/v1/openapi.json"),
                *("--checks", "all", "--phases", "examples,coverage,fuzzing", "--no-color"),
                *("--max-examples", str(CASES), "--seed", "1", "--generation-database", "none"),
            ],
            cwd=tmp_path,
            check=False,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
    varied.close()
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Operations:       10 selected" in run.stdout
