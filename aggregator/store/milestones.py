"""Milestones: how many publications stand up to a place, noted where somebody has counted before.

What has gone out keeps its place, so a number that was counted once holds for good: only what came since is
counted, and an old volume is found from the nearest place that is known. They are a memory of one process; it
forgets what was asked for longest ago.
"""

from bisect import bisect_left, insort
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Final

Place = tuple[datetime | int, ...]
"""Where a publication stands in the order of a scope: when it went out and its number, or that alone."""

MOST_SCOPES: Final = 500
MOST_OF_A_SCOPE: Final = 2_000
"""Milestones of a scope: every tenth volume of a million publications."""


@dataclass(frozen=True, slots=True, order=True)
class Milestone:
    """So many publications of a scope stand up to this place, the one that stands there included."""

    count: int
    place: Place


class Milestones:
    """What is known of each scope; any thread may ask."""

    def __init__(self) -> None:
        self._of: OrderedDict[Hashable, list[Milestone]] = OrderedDict()
        self._lock = Lock()

    def last(self, scope: Hashable) -> Milestone | None:
        """The farthest milestone of a scope."""
        with self._lock:
            known = self._of.get(scope)
            return known[-1] if known else None

    def around(self, scope: Hashable, count: int) -> tuple[Milestone | None, Milestone | None]:
        """The milestones nearest to a count: at or below it, and at or above it."""
        with self._lock:
            known = self._of.get(scope, [])
            at = bisect_left(known, count, key=lambda one: one.count)
            above = known[at] if at < len(known) else None
            below = above if above and above.count == count else known[at - 1] if at else None
            return below, above

    def note(self, scope: Hashable, milestone: Milestone) -> None:
        """Remember a milestone; one of the same count stays."""
        with self._lock:
            known = self._of.setdefault(scope, [])
            self._of.move_to_end(scope)
            at = bisect_left(known, milestone.count, key=lambda one: one.count)
            if at < len(known) and known[at].count == milestone.count:
                return
            if len(known) >= MOST_OF_A_SCOPE:
                # Every second one goes, the last not: counting goes on from there.
                del known[-2::-2]
            insort(known, milestone)
            while len(self._of) > MOST_SCOPES:
                self._of.popitem(last=False)
