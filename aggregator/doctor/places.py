"""Folders and disks that are written to, and the settings file."""

import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from aggregator.config import Settings, config_file
from aggregator.doctor.complaint import Ailment, Complaint
from aggregator.safekeeping.secrets import without_secrets

LEAST_FREE_BYTES: Final = 1_000_000_000
"""A file of the archive may be as large, and a crawl needs room for one and for the database's journal."""

DAYS_TO_ACT: Final = 7.0
"""Somebody who looks once a week must have heard of it before the disk is full."""

_GROWTH: Final = timedelta(days=7)


class Usage(Protocol):
    """What is known of a disk."""

    @property
    def total(self) -> int:
        """Its size in bytes."""

    @property
    def free(self) -> int:
        """How many of them are free."""


def places(
    settings: Settings, now: datetime, usage: Callable[[Path], Usage] = shutil.disk_usage
) -> Iterator[Complaint]:
    """All about folders and disks; ``usage`` asks for a disk's room."""
    folders = [settings.path(getattr(settings, name)) for name in ("pages", "pictures", "dumps", "outlets")]
    if settings.database_file is not None:
        folders.append(settings.database_file.parent)
    disks: dict[int, Path] = {}
    for folder in dict.fromkeys(folders):
        yield from _writable(folder)
        there = _nearest(folder)
        disks.setdefault(there.stat().st_dev, there)
    growth = grown(settings.path(settings.pages), now)
    pages = _nearest(settings.path(settings.pages)).stat().st_dev
    for device, folder in disks.items():
        yield from room(folder, usage(folder), growth if device == pages else 0.0)


def secrets(path: Path | None = None) -> Iterator[Complaint]:
    """Whether everybody on this machine can read secrets."""
    file = path or config_file()
    if not file.is_file():
        return
    mode = stat.S_IMODE(file.stat().st_mode)
    held = without_secrets(file.read_text(encoding="utf-8", errors="replace"))[1]
    if held and mode & (stat.S_IRGRP | stat.S_IROTH):
        told = f"holds secrets ({', '.join(held)}), and others can read it (mode {mode:03o})"
        yield Complaint(Ailment.SETTINGS_OPEN, str(file), told, f"chmod 600 {file}")


def grown(pages: Path, now: datetime) -> float:
    """How many bytes a day the archive has grown by in its last week: by the days in its files' names.

    Their times tell when they were restored, or something was erased in them.
    """
    since = f"{now - _GROWTH:%Y-%m-%d}"
    return sum(path.stat().st_size for path in pages.glob("*/*.warc.gz") if path.name >= since) / _GROWTH.days


def room(folder: Path, usage: Usage, growth: float) -> Iterator[Complaint]:
    """Whether a disk has room; ``growth`` is in bytes a day."""
    days = usage.free / growth if growth else float("inf")
    if usage.free < LEAST_FREE_BYTES or days < DAYS_TO_ACT:
        told = f"{usage.free / 1e9:.1f} of {usage.total / 1e9:.0f} GB are free"
        told += f", enough for {days:.0f} days of pages" if growth else ""
        yield Complaint(
            Ailment.DISK_LOW,
            str(folder),
            told,
            "free some space, or move `pages`, `dumps` or `pictures` to another disk",
        )


def _writable(folder: Path) -> Iterator[Complaint]:
    there = _nearest(folder)
    try:
        with tempfile.TemporaryFile(dir=there):
            return
    except OSError as error:
        yield Complaint(
            Ailment.PLACE_UNWRITABLE,
            str(folder),
            f"cannot be written ({error.strerror})",
            f"have it belong to the user that runs aggregator (now {os.getuid()}), or name another folder",
        )


def _nearest(folder: Path) -> Path:
    """The folder, or the one above it in which it would be made."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder
