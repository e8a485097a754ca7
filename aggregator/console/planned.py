"""When outlets are crawled next, as the scheduler would plan it: kept at hand for a few seconds."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from aggregator.model.outlet import Outlet
from aggregator.schedule.plan import PlannedRun, Planner
from aggregator.store.engine import Database

FRESH: Final = timedelta(seconds=10)


@dataclass(slots=True)
class Plans:
    """Makes plans for pages; safe to use from several threads."""

    db: Database
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _planner: Planner | None = None
    _made: tuple[datetime, Mapping[str, PlannedRun]] | None = None

    def plan(self, cards: Mapping[str, Outlet], now: datetime) -> Mapping[str, PlannedRun]:
        """The next run of each outlet that is not paused, soonest first, by slug."""
        known = self._made
        if known is not None and timedelta() <= now - known[0] < FRESH and len(known[1]) == _active(cards):
            return known[1]
        with self._lock:
            self._planner = self._planner or Planner(self.db)
            plan = self._planner.plan(cards, now)
            self._made = now, {run.outlet.slug: run for run in plan}
            return self._made[1]


def _active(cards: Mapping[str, Outlet]) -> int:
    return sum(not card.paused for card in cards.values())
