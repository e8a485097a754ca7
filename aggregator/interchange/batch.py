"""Batches: the cards that one import wrote, noted beside them so that it can be undone."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from aggregator import outlets
from aggregator.errors import CardError, ListError
from aggregator.interchange.merging import New
from aggregator.outlets import checks

FOLDER: Final = ".imports"


@dataclass(frozen=True, slots=True)
class Batch:
    """An import: its name, when, from which file, and the SHA-256 of each card by slug."""

    name: str
    at: datetime
    origin: str
    cards: Mapping[str, str]
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Undone:
    """What became of the cards of a batch: removed, changed since and left alone, gone before."""

    batch: Batch
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]


def write(
    new: Sequence[New], folder: Path, origin: str, at: datetime, on_card: Callable[[], object] = lambda: None
) -> Batch:
    """Write cards, each whole or not at all; a card that came meanwhile stays.

    The batch is noted first: what a kill leaves can be undone, and the same list adds the rest.

    Raises:
        ConfigError: the folder cannot be written.
    """
    batch = Batch(_free_name(folder, at), at, origin, {one.outlet.slug: _hash(one.text) for one in new})
    _note(folder, batch)
    for one in new:
        path = folder / f"{one.outlet.slug}.toml"
        if not path.exists():
            outlets.put(path, one.text)
        on_card()
    return batch


def batches(folder: Path) -> tuple[Batch, ...]:
    """The imports into a folder, oldest first; a note that cannot be read is none."""
    found = (_read(path) for path in sorted((folder / FOLDER).glob("*.json"), key=lambda each: each.stem))
    return tuple(batch for batch in found if batch)


def undo(folder: Path, name: str | None, at: datetime) -> Undone:
    """Remove the cards of an import, of the last one without a name; those that were changed since stay.

    Raises:
        ListError: there is no such import, or it is undone already.
    """
    known = {batch.name: batch for batch in batches(folder)}
    open_ones = [batch for batch in known.values() if batch.undone_at is None]
    if name is None and not open_ones:
        raise ListError(f"{folder}: there is no import that could be undone")
    batch = open_ones[-1] if name is None else known.get(name)
    if batch is None:
        raise ListError(f"{name}: there is no such import; `aggregator outlet imports` shows them")
    if batch.undone_at is not None:
        raise ListError(
            f"{batch.name}: this import is undone already, since {batch.undone_at:%Y-%m-%d %H:%M}"
        )
    states = {slug: _state(folder / f"{slug}.toml", mark) for slug, mark in batch.cards.items()}
    for slug, state in states.items():
        if state == "same":
            (folder / f"{slug}.toml").unlink(missing_ok=True)
    _note(folder, replace(batch, undone_at=at))

    def those(wanted: str) -> tuple[str, ...]:
        return tuple(slug for slug, state in states.items() if state == wanted)

    return Undone(batch, those("same"), those("changed"), those("gone"))


def _state(path: Path, mark: str) -> str:
    try:
        return "same" if _hash(outlets.text_of(path)) == mark else "changed"
    except CardError:
        return "gone" if not path.exists() else "changed"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _free_name(folder: Path, at: datetime) -> str:
    stem, number = f"{at:%Y%m%dT%H%M%SZ}", 1
    name = stem
    while (folder / FOLDER / f"{name}.json").exists():
        number += 1
        name = f"{stem}-{number}"
    return name


def _note(folder: Path, batch: Batch) -> None:
    facts: dict[str, Any] = {
        "at": batch.at.isoformat(),
        "from": batch.origin,
        "undone_at": batch.undone_at.isoformat() if batch.undone_at else None,
        "cards": dict(batch.cards),
    }
    outlets.put(
        folder / FOLDER / f"{batch.name}.json", json.dumps(facts, ensure_ascii=False, indent=1) + "\n"
    )


def _read(path: Path) -> Batch | None:
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        undone = facts["undone_at"]
        return Batch(
            path.name.removesuffix(".json"),
            datetime.fromisoformat(facts["at"]),
            str(facts["from"]),
            {checks.slug(slug): str(mark) for slug, mark in facts["cards"].items()},
            datetime.fromisoformat(undone) if undone else None,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
