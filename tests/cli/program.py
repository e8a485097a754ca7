"""The program as people start it: its own process, its own home folder."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

CARD = """
name = "{name}"
homepage = "http://127.0.0.1:9/{name}/"
language = "en"
country = "GB"

[[seeds]]
kind = "feed"
url = "http://127.0.0.1:9/{name}/feed.xml"

[politeness]
allow_addresses = ["127.0.0.1/32"]

[schedule]
every_minutes = 60
"""


def environment(home: Path) -> Mapping[str, str]:
    """This process's variables, with this home and without settings of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AGGREGATOR_")}
    return kept | {"AGGREGATOR_HOME": str(home), "NO_COLOR": "1", "COLUMNS": "160", "PYTHONUTF8": "1"}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "aggregator.cli.main", *arguments]


def aggregator(home: Path, *arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(
        command(*arguments),
        env=dict(environment(home)) | extra,
        cwd=home,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def write_cards(home: Path, *slugs: str) -> None:
    """Cards of outlets that never answer."""
    folder = home / "data" / "outlets"
    folder.mkdir(parents=True, exist_ok=True)
    for slug in slugs:
        (folder / f"{slug}.toml").write_text(CARD.format(name=slug), encoding="utf-8")
