"""The gallery: the files of our pictures, each under a name that its content gave it."""

import os
import re
import tempfile
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from time import time
from typing import Final

NAMED: Final = re.compile(r"(?P<name>[0-9a-f]{32})-(?P<width>[1-9]\d{1,3})\.(?P<kind>webp|avif)")
"""A file's name, as addresses have it, too."""

_FRESH_SECONDS: Final = 3600
"""So young a file may be one whose row is about to be written."""


def file_of(folder: Path, name: str) -> Path:
    """Where a file stands, by its whole name."""
    return folder / name[:2] / name


def put(folder: Path, name: str, files: Mapping[str, bytes]) -> None:
    """Write the files of a picture; each is there whole or not at all.

    Raises:
        OSError: the disk is full, or the folder cannot be written.
    """
    for ending, body in files.items():
        target = file_of(folder, f"{name}-{ending}")
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, new = tempfile.mkstemp(dir=target.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(body)
            Path(new).chmod(0o644)
            Path(new).replace(target)
        except BaseException:
            Path(new).unlink(missing_ok=True)
            raise


def remove(folder: Path, names: Collection[str]) -> int:
    """Remove all files of these pictures; how many there were."""
    removed = 0
    for name in names:
        for file in list((folder / name[:2]).glob(f"{name}-*")):
            file.unlink(missing_ok=True)
            removed += 1
    return removed


def names(folder: Path) -> Iterator[str]:
    """The pictures that have files, each as often, but for those written within the hour."""
    young = time() - _FRESH_SECONDS
    for file in folder.glob("*/*"):
        found = NAMED.fullmatch(file.name)
        if found and file.stat().st_mtime < young:
            yield found["name"]
