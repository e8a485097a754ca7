"""Holes: zeros in the middle of a file that take no room on the disk, by Linux's fallocate(2)."""

import ctypes
from collections.abc import Callable
from functools import cache
from typing import Final

_KEEP_SIZE: Final = 0x01
_PUNCH_HOLE: Final = 0x02
"""Of linux/falloc.h."""


def punch(file: int, start: int, length: int) -> bool:
    """Make a hole of a part of an open file, which reads as zeros from then on and moves nothing.

    False where there are no holes (another system than Linux, a file system without them): then the part is
    as it was. ext4, XFS, Btrfs, ZFS and tmpfs have them; only whole blocks give room back.
    """
    call = _fallocate()
    return call is not None and call(file, _KEEP_SIZE | _PUNCH_HOLE, start, length) == 0


@cache
def _fallocate() -> Callable[[int, int, int, int], int] | None:
    """The C library's, for files of any size; Python's own makes no holes."""
    library = ctypes.CDLL(None)
    found = getattr(library, "fallocate64", None) or getattr(library, "fallocate", None)
    if found is not None:
        found.argtypes = (ctypes.c_int, ctypes.c_int, ctypes.c_longlong, ctypes.c_longlong)
    return found
