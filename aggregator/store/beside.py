"""A file or folder that takes its place only when it is whole."""

import errno
import glob
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from aggregator.errors import StoreError, StoreFullError
from aggregator.store.faults import store_error
from aggregator.store.process import is_alive

_PID_DIGITS: Final = 10
"""A number of so many digits is no process's."""

_END: Final = ".part"


@contextmanager
def written_beside(out: Path) -> Iterator[Path]:
    """A folder beside ``out`` for what is being made; it disappears at the end, whatever happens.

    Raises:
        StoreError: nothing can be written there; StoreFullError if the disk is full.
    """
    part = out.with_name(f".{out.name}.{os.getpid()}{_END}")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        _sweep(out)
        part.mkdir()
        yield part
    except sqlite3.Error as error:
        raise store_error(error, str(out)) from error
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StoreFullError(f"{out}: the disk is full; free some space and start again") from error
        raise StoreError(
            f"{out}: cannot be written ({error.strerror}); check the path and its rights"
        ) from error
    finally:
        with suppress(OSError):  # the folder itself may be what is wrong
            _remove(part)


def put(made: Path, place: Path) -> None:
    """Put a file or folder in its place, so that it is there whole after a power cut, too; raises OSError.

    A file takes the place of another in one step. A folder cannot: an older one is moved aside first, to
    ``.NAME.older``, where it stays if this process is killed in between.
    """
    for each in sorted(made.rglob("*")) if made.is_dir() else [made]:
        if each.is_dir():
            _sync_folder(each)
            continue
        with each.open("rb+") as file:
            os.fsync(file.fileno())
    older = place.with_name(f".{place.name}.older")
    is_swap = made.is_dir() and place.is_dir()
    if is_swap:
        _remove(older)  # of one that was killed behind its swap
        place.rename(older)
    try:
        made.replace(place)
    except OSError:
        if is_swap:
            older.rename(place)
        raise
    _sync_folder(place.parent)
    if is_swap:
        _remove(older)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sweep(out: Path) -> None:
    """Remove what makers that were killed left beside ``out``; it may be as large as the database."""
    for left in out.parent.glob(f".{glob.escape(out.name)}.*{_END}"):
        pid = left.name.removesuffix(_END).rpartition(".")[2]
        if (
            pid.isdecimal()
            and len(pid) < _PID_DIGITS
            and (int(pid) == os.getpid() or not is_alive(int(pid), None))
        ):
            _remove(left)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
