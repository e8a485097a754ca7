"""Looks at home pages, kept beside the cards: an import that was cut off does not ask them again."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from aggregator import outlets
from aggregator.errors import CardError
from aggregator.interchange.batch import FOLDER
from aggregator.model.outlet import Outlet

FRESH: Final = timedelta(days=7)
"""How long what was seen counts: an import is gone on with the same day or the next week."""

NAME: Final = "looks.jsonl"


@dataclass(frozen=True, slots=True)
class Looked:
    """What a home page showed: the outlet that can be drawn up from it; None, and a ``problem``, if none can.

    ``known`` are the facts that the page itself tells: language, country, name, licence.
    """

    homepage: str
    at: datetime
    outlet: Outlet | None = None
    known: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    problem: str = ""


@dataclass(slots=True)
class Notebook:
    """The looks in a folder of cards; safe to use from several threads."""

    folder: Path
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def path(self) -> Path:
        """The file, a line for each look."""
        return self.folder / FOLDER / NAME

    def read(self, now: datetime) -> Mapping[str, Looked]:
        """The fresh ones that showed something, by home page; a line that cannot be read is none."""
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return {}
        found = [looked for line in lines if (looked := _read(line))]
        return {one.homepage: one for one in found if one.outlet and timedelta() <= now - one.at < FRESH}

    def add(self, looked: Looked) -> None:
        """Note one."""
        facts: dict[str, Any] = {
            "homepage": looked.homepage,
            "at": looked.at.isoformat(),
            "card": outlets.dumps(looked.outlet) if looked.outlet else None,
            "slug": looked.outlet.slug if looked.outlet else None,
            "known": looked.known,
            "findings": looked.findings,
            "doubts": looked.doubts,
            "problem": looked.problem,
        }
        with self._lock:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(facts, ensure_ascii=False) + "\n")

    def forget(self) -> None:
        """Let all of them go: their import is whole."""
        self.path.unlink(missing_ok=True)


def _read(line: str) -> Looked | None:
    try:
        facts = json.loads(line)
        card, slug = facts["card"], facts["slug"]
        return Looked(
            str(facts["homepage"]),
            datetime.fromisoformat(facts["at"]),
            outlets.loads(card, Path(f"{slug}.toml")) if card else None,
            tuple(map(str, facts["known"])),
            tuple(map(str, facts["findings"])),
            tuple(map(str, facts["doubts"])),
            str(facts["problem"]),
        )
    except (ValueError, KeyError, TypeError, CardError):
        return None
