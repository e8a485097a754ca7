"""The recorded pages and their truth, for the benchmarks that read them."""

import gzip
import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from aggregator.clock import now
from aggregator.model.outlet import Seed, SeedKind
from aggregator.model.page import Entry, FetchedPage

NEWS = ("scrapinghub", "fundus-eval", "fundus-tests")
GENERAL = "wcxb-article"
Row = dict[str, Any]


class Corpus:
    """The folder ``corpus`` of the shared data; without it the program ends and says what to do."""

    def __init__(self, shared: str | Path) -> None:
        self.folder = Path(shared) / "corpus"
        if not (self.folder / "truth.jsonl").is_file():
            sys.exit(f"{self.folder}: no such folder; name the folder with the recorded pages by --shared")

    def rows(self) -> list[Row]:
        """The truth, a row a page."""
        lines = (self.folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    def html(self, row: Row) -> bytes:
        """A page as it was recorded."""
        return gzip.decompress((self.folder / row["html"]).read_bytes())

    def scorer(self) -> ModuleType:
        """The corpus's own score.py."""
        path = self.folder / "score.py"
        spec = importlib.util.spec_from_file_location("score", path)
        if spec is None or spec.loader is None:
            sys.exit(f"{path}: cannot be read")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module


def fetched(url: str, html: bytes) -> FetchedPage:
    """A page as if it had just been fetched."""
    entry = Entry(url, Seed(SeedKind.SECTION, url))
    return FetchedPage("bench", entry, url, 200, (), None, html, now())
