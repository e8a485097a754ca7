"""The identity of a process: a number alone is given to another process later."""

import os
from functools import cache
from pathlib import Path


def is_alive(pid: int, mark: str | None) -> bool:
    """Whether the process of this number and mark still runs; without a mark, any of this number."""
    if mark is not None:
        return process_mark(pid) == mark
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def process_mark(pid: int) -> str | None:
    """What tells a running process from others with its number: the boot and the moment it started.

    None if it does not run, or where there is no ``/proc`` (proc(5): field 22 of ``stat`` is the start time
    in clock ticks since the boot).
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    # The second field is the program's name in brackets, which may itself hold spaces and brackets.
    after_name = stat.rpartition(")")[2].split()
    state, started = after_name[0], after_name[19]
    return None if state in {"Z", "X"} else f"{_boot()}/{started}"


@cache
def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""
