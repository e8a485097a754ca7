"""Work that takes longer than a page: done in a thread, told on a page of its own until it ends."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import count
from typing import Any, Final

from aggregator import clock
from aggregator.console.errors import DeskRefusal
from aggregator.errors import AggregatorError

MOST_KEPT: Final = 100
MOST_AT_ONCE: Final = 4
MOST_LINES: Final = 200
_log = logging.getLogger(__name__)


class JobState(StrEnum):
    """Where a piece of work stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(slots=True)
class Job:
    """A piece of work: what, for what, by whom; what it told on its way, what came of it, or why not."""

    id: int
    kind: str
    subject: str
    who: str
    since: datetime
    state: JobState = JobState.RUNNING
    ended_at: datetime | None = None
    told: int = 0
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=MOST_LINES))
    result: Any = None
    problem: str = ""

    def tell(self, line: str) -> None:
        """Add a line to what is shown."""
        self.told += 1
        self.lines.append(line)


class TooBusy(DeskRefusal):
    """So much is done at once that no more is begun."""

    status = 503
    title = "The desk is busy"


Work = Callable[[Job, threading.Event], Any]


class Jobs:
    """The work under way and the last that ended, by number; a restart forgets it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers = count(1)
        self._jobs: dict[int, Job] = {}
        self._threads: list[threading.Thread] = []
        self._stop = threading.Event()

    def begin(self, kind: str, subject: str, who: str, work: Work) -> Job:
        """Begin a piece of work in a thread of its own.

        Raises:
            TooBusy: as much is under way as may be.
        """
        with self._lock:
            if sum(job.state is JobState.RUNNING for job in self._jobs.values()) >= MOST_AT_ONCE:
                raise TooBusy(f"{MOST_AT_ONCE} pieces of work are under way. Please wait for one to end.")
            job = Job(next(self._numbers), kind, subject, who, clock.now())
            self._jobs[job.id] = job
            for old in [number for number in self._jobs if number <= job.id - MOST_KEPT]:
                if self._jobs[old].state is not JobState.RUNNING:
                    del self._jobs[old]
            thread = threading.Thread(target=self._do, args=(job, work), name=f"desk-{kind}", daemon=True)
            self._threads = [*(one for one in self._threads if one.is_alive()), thread]
        thread.start()
        return job

    def get(self, number: int) -> Job | None:
        """A piece of work; None if it is not known any more."""
        return self._jobs.get(number)

    def running(self) -> list[Job]:
        """What is under way."""
        return [job for job in list(self._jobs.values()) if job.state is JobState.RUNNING]

    def stop(self) -> None:
        """Ask everything to end, and wait for it."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _do(self, job: Job, work: Work) -> None:
        try:
            job.result = work(job, self._stop)
            job.state = JobState.DONE
        except AggregatorError as error:
            job.problem, job.state = str(error), JobState.FAILED
        except Exception:  # noqa: BLE001 - the edge of a thread: its page must not wait for ever
            _log.exception("desk: %s of %s: this should not have happened", job.kind, job.subject)
            job.problem, job.state = "Something broke; the fault is in the server's log.", JobState.FAILED
        job.ended_at = clock.now()
