"""Pace: a long work leaves the machine to the crawls beside it, by resting while one is under way."""

import time
from collections.abc import Callable
from typing import Final

WORKS_SECONDS: Final = 0.05
"""Processor time between two rests: a crawl's own steps, a page read or a batch stored, take as long."""

RESTS: Final = 3.0
"""Rest for each second of work. A crawl that takes both cores of a machine loses two fifths of its speed to
any program that computes beside it, whatever its priority, 28 % to a dump that rests once as long, and
nothing that can be measured to this one (``benchmarks/dump_while_crawling.py``)."""

LOOKS_SECONDS: Final = 1.0
"""Processor time between two questions whether a crawl is under way, which cost a millisecond."""


class Pace:
    """To be told often that a work goes on, as progress is: it rests there when it is time to.

    ``is_crawling`` asks the store; ``busy_seconds`` is this process's time on processors so far, so that
    waiting for one, or for the disk, is not paid for twice.
    """

    def __init__(
        self,
        is_crawling: Callable[[], bool],
        *,
        busy_seconds: Callable[[], float] = time.process_time,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._is_crawling, self._busy_seconds, self._sleep = is_crawling, busy_seconds, sleep
        self._rested_at = busy_seconds()
        self._looks_at = self._rested_at
        self._has_to_rest = False

    def rest(self) -> None:
        """Rest as long as was worked since the last rest, if a crawl is under way."""
        at = self._busy_seconds()
        worked = at - self._rested_at
        if worked < WORKS_SECONDS:
            return
        if at >= self._looks_at:
            self._has_to_rest = self._is_crawling()
            self._looks_at = at + LOOKS_SECONDS
        if self._has_to_rest:
            self._sleep(worked * RESTS)
        self._rested_at = at
