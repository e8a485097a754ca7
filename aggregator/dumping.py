"""Dumps by schedule: when one is due, where it goes, and which older ones go for it."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from aggregator import errand
from aggregator.config import Settings
from aggregator.store.dump.manifest import DATASETTE, MANIFEST

_STEM: Final = "scheduled"
_END: Final = ".sqlite3"
_TIME: Final = "%Y-%m-%d-%H%M%S"


def next_dump(settings: Settings, at: datetime) -> Path | None:
    """Where the dump goes that is due at a moment (aware); None if none is, or none are wanted.

    The files themselves tell when the last one was made.
    """
    if not settings.dump.every_hours:
        return None
    folder = settings.path(settings.dumps)
    made = _made(folder)
    if made and at - made[-1][0] < timedelta(hours=settings.dump.every_hours):
        return None
    kind = "-public" if settings.dump.public else ""
    return folder / f"{_STEM}{kind}-{at.astimezone(UTC):{_TIME}}{_END}"


def make(settings: Settings, place: Path, stop: threading.Event) -> str | None:
    """Make a dump in a process of its own, then remove the oldest; what it says, None if it was stopped.

    Raises:
        StoreError: it failed; the message holds its last words.
    """
    said = errand.run(
        settings, ["dump", "--out", str(place), *(["--public"] if settings.dump.public else [])], stop
    )
    if said is None:
        return None
    for path in removable(place.parent, settings.dump.keep):
        for end in ("", MANIFEST, DATASETTE):
            path.with_name(path.name + end).unlink(missing_ok=True)
    return said


def removable(folder: Path, keep: int) -> Sequence[Path]:
    """Scheduled dumps but for the newest; those that were made by hand are nobody's to remove."""
    return [path for _, path in _made(folder)[:-keep]]


def _made(folder: Path) -> list[tuple[datetime, Path]]:
    """Scheduled dumps with their moments, oldest first."""
    found = []
    for path in folder.glob(f"{_STEM}-*{_END}"):
        told = path.name.removesuffix(_END).removeprefix(f"{_STEM}-").removeprefix("public-")
        try:
            found.append((datetime.strptime(told, _TIME).replace(tzinfo=UTC), path))
        except ValueError:  # somebody's own file
            continue
    return sorted(found)
