"""Modules of the benchmarks, for tests that hold them to something."""

import importlib
import sys
from pathlib import Path
from typing import Any

_FOLDER = str(Path(__file__).resolve().parent.parent / "benchmarks")


def benchmark(name: str) -> Any:
    """A module of the benchmarks. Their folder does not stay on the path: it has names of our tests."""
    before = list(sys.path)
    sys.path.insert(0, _FOLDER)
    try:
        return importlib.import_module(name)
    finally:
        sys.path[:] = before
