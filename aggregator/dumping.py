"""Dumps by schedule: when one is due, where it goes, and which older ones go for it."""

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from aggregator.config import Settings, environment
from aggregator.errors import StoreError
from aggregator.store.dump.manifest import DATASETTE, MANIFEST

_STEM: Final = "scheduled"
_END: Final = ".sqlite3"
_TIME: Final = "%Y-%m-%d-%H%M%S"
_POLL_SECONDS: Final = 0.2
_GRACE_SECONDS: Final = 20.0


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

    A process, because a dump would take the site's and the scheduler's time in this one.

    Raises:
        StoreError: it failed; the message holds its last words.
    """
    command = [sys.executable, "-m", "aggregator.cli.main", "--quiet", "dump", "--out", str(place)]
    process = subprocess.Popen(  # noqa: S603 - our own program
        [*command, *(["--public"] if settings.dump.public else [])],
        env=os.environ | environment(settings),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C reaches us alone; we end it
    )
    while True:
        try:
            said, failed = process.communicate(timeout=_POLL_SECONDS)
        except subprocess.TimeoutExpired:
            if stop.is_set():
                _end(process)
                return None
        else:
            break
    if process.returncode:
        raise StoreError(_last(failed) or f"{place}: the dump died with {process.returncode}")
    for path in removable(place.parent, settings.dump.keep):
        for end in ("", MANIFEST, DATASETTE):
            path.with_name(path.name + end).unlink(missing_ok=True)
    return _last(said)


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


def _end(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.communicate(timeout=_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


def _last(words: str) -> str:
    lines = words.strip().splitlines()
    return lines[-1].removeprefix("aggregator: ") if lines else ""
