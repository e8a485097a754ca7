"""An OPML with 500 feeds becomes cards: how long the whole command takes, and what it tells.

  python benchmarks/import_opml.py

The list holds 420 outlets, second feeds, feeds that stand twice, and entries that are none. Beside it stands
what `listparser` takes to read the same list, if it is installed: reading alone, without cards.
"""

import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "tests"), str(HERE.parent)]

from interchange.lists import five_hundred  # noqa: E402 - found by the line above

RUNS = 3


def run(home: Path, *arguments: str) -> tuple[float, dict[str, object]]:
    """Seconds of a command, and its report."""
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "aggregator.cli.main", "outlet", "import", *arguments, "--json"],
        env=os.environ | {"AGGREGATOR_HOME": str(home), "PYTHONPATH": str(HERE.parent)},
        cwd=home,
        capture_output=True,
        check=True,
    )
    return time.perf_counter() - begun, json.loads(done.stdout)


def peer(data: bytes) -> str:
    """What listparser takes to read the list."""
    try:
        library = importlib.import_module("listparser")
    except ImportError:
        return "not installed"
    begun = time.perf_counter()
    found = library.parse(data)
    return f"{time.perf_counter() - begun:.2f} s, {len(found.feeds)} feeds, reading alone"


def main() -> None:
    """Import three times into empty folders, then once more into a full one."""
    data = five_hundred()
    for number in range(RUNS):
        with tempfile.TemporaryDirectory() as name:
            home = Path(name)
            (home / "list.opml").write_bytes(data)
            seconds, told = run(home, "list.opml")
            print(f"import {number + 1}: {seconds:.2f} s (at most 60), {told['counts']}")
            if number == RUNS - 1:
                seconds, told = run(home, "list.opml")
                print(f"the same again: {seconds:.2f} s, {told['counts']}")
    print(f"listparser: {peer(data)}")


if __name__ == "__main__":
    main()
