"""Pairs of URLs: how many are told right, beside other libraries, and what a key costs.

  python benchmarks/urls.py [FILE.tsv ...]

Without files: tests/url_pairs.tsv and, if it is there, the shared url_cases.tsv. Libraries that are not
installed are left out.
"""

import importlib
import sys
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "tests"), str(HERE.parent)]

from replayed import find_shared  # noqa: E402 - found by the line above

from aggregator.urls import url_key  # noqa: E402 - found by the line above

PEERS = (
    ("w3lib", "w3lib.url", lambda library: library.canonicalize_url),
    ("courlan", "courlan", lambda library: lambda url: library.normalize_url(url, strict=True)),
    ("ural", "ural", lambda library: library.normalize_url),
    ("url-normalize", "url_normalize", lambda library: library.url_normalize),
)
_ESCAPES = (("\\n", "\n"), ("\\t", "\t"))
Row = tuple[str, str, bool]


def rows(path: Path) -> list[Row]:
    """The pairs of a file."""
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    found = []
    for line in lines:
        for escape, character in _ESCAPES:
            line = line.replace(escape, character)  # noqa: PLW2901 - the same line, unescaped
        one, other, same = line.split("\t")[:3]
        found.append((one, other, same == "yes"))
    return found


def measure(name: str, key: Callable[[str], object], pairs: list[Row]) -> None:
    """Print one library's line."""
    right = lost = 0
    start = time.process_time()
    for one, other, is_same in pairs:
        try:
            said = key(one) == key(other)
        except ValueError:
            said = False
        right += said == is_same
        lost += said and not is_same
    micro = (time.process_time() - start) / len(pairs) / 2 * 1e6
    print(f"{name:14} {right:3} of {len(pairs)} right, {lost:2} falsely one, {micro:5.0f} µs a URL")


def main() -> None:
    """Print a table for each file."""
    shared = find_shared()
    files = [Path(name) for name in sys.argv[1:]] or [HERE.parent / "tests" / "url_pairs.tsv"]
    if not sys.argv[1:] and shared is not None:
        files.append(shared / "dedupe" / "url_cases.tsv")
    for file in files:
        pairs = rows(file)
        print(file.name)
        url_key("https://warm.example/")
        measure("ours", url_key, pairs)
        for name, module, get in PEERS:
            try:
                measure(name, get(importlib.import_module(module)), pairs)
            except ImportError:
                print(f"{name:14} not installed")


if __name__ == "__main__":
    main()
