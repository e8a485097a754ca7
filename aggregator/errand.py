"""An errand: one of our own commands in a process of its own, which ends when it is asked to."""

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import Final

from aggregator.config import Settings, environment
from aggregator.errors import StoreError

_POLL_SECONDS: Final = 0.2
_GRACE_SECONDS: Final = 20.0


def run(settings: Settings, arguments: Sequence[str], stop: threading.Event) -> str | None:
    """Run ``aggregator --quiet`` with arguments; its last line, None if it was stopped.

    A process, because a dump or a backup would take the site's and the scheduler's time in this one.

    Raises:
        StoreError: it failed; the message holds its last words.
    """
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "aggregator.cli.main", "--quiet", *arguments],
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
        words = f"aggregator {' '.join(arguments)}: it died with {process.returncode}"
        raise StoreError(_last(failed) or words)
    return _last(said)


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
