"""Upkeep: backups and pruning by schedule: when they are due, what they are, which older backups go."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from aggregator import errand, wallclock
from aggregator.config import Settings
from aggregator.errors import StoreError

_STEM: Final = "scheduled-"
_END: Final = ".tar"
_TIME: Final = "%Y-%m-%d-%H%M%S"


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to be done: in words, and as arguments of our command; ``place`` is where a backup goes."""

    words: str
    arguments: tuple[str, ...]
    place: Path | None = None


def chores(settings: Settings, at: datetime) -> tuple[Chore, ...]:
    """What is to be done at a moment (aware), in this order; the backup has what is pruned behind it."""
    return tuple(_chores(settings, at))


def _chores(settings: Settings, at: datetime) -> Iterator[Chore]:
    rules = settings.upkeep
    if rules.backup_folder is not None:
        place = settings.path(rules.backup_folder) / f"{_STEM}{at.astimezone(UTC):{_TIME}}{_END}"
        less = [
            option
            for option, is_wanted in (
                ("--no-pages", rules.backup_pages),
                ("--no-pictures", rules.backup_pictures),
            )
            if not is_wanted
        ]
        yield Chore(f"a backup into {rules.backup_folder}", ("backup", str(place), *less), place)
    for days, left_out, what, verb in (
        (rules.prune_pages_days, "--no-history", "kept pages", "go"),
        (rules.prune_history_days, "--no-pages", "history", "goes"),
    ):
        if days:
            arguments = ("prune", "--older-than", str(days), left_out, "--yes")
            yield Chore(f"{what} older than {days} days {verb}", arguments)


def following(settings: Settings, last: datetime) -> datetime | None:
    """When they are due behind a moment (aware, UTC); None if nothing is asked for."""
    rules = settings.upkeep
    return wallclock.following(rules.at, rules.timezone, last) if chores(settings, last) else None


def last_backup(settings: Settings) -> datetime | None:
    """When the last scheduled backup was begun, by its name; None if there is none."""
    folder = settings.upkeep.backup_folder
    made = _made(settings.path(folder)) if folder is not None else []
    return made[-1][0] if made else None


def do(settings: Settings, chore: Chore, stop: threading.Event) -> str | None:
    """Do it in a process of its own, then remove the oldest scheduled backups; its words, None if stopped.

    Raises:
        StoreError: it failed; older backups stay then.
    """
    if chore.place is not None:
        _make_folder(chore.place.parent)
    said = errand.run(settings, chore.arguments, stop)
    if said is not None and chore.place is not None:
        for path in removable(chore.place.parent, settings.upkeep.backup_keep):
            path.unlink(missing_ok=True)
    return said


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"{folder}: the folder cannot be made ({error.strerror}); check [upkeep] backup_folder"
        ) from error


def removable(folder: Path, keep: int) -> Sequence[Path]:
    """Scheduled backups but for the newest; those that were made by hand are nobody's to remove."""
    return [path for _, path in _made(folder)[:-keep]]


def _made(folder: Path) -> list[tuple[datetime, Path]]:
    found = []
    for path in folder.glob(f"{_STEM}*{_END}"):
        told = path.name.removeprefix(_STEM).removesuffix(_END)
        try:
            found.append((datetime.strptime(told, _TIME).replace(tzinfo=UTC), path))
        except ValueError:  # somebody's own file
            continue
    return sorted(found)
