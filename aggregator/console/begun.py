"""The crawls of the last days by hours; an hour that is over is counted once."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aggregator.clock import hour_of
from aggregator.store import crawls
from aggregator.store.engine import Database


@dataclass(slots=True)
class Begun:
    """Counts the outlets of crawls by the hour that these began in; safe to use from several threads."""

    db: Database
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _hours: dict[datetime, int] = field(default_factory=dict)
    _until: datetime | None = None

    def hours(self, now: datetime, length: timedelta) -> Mapping[datetime, int]:
        """The counts of so long a time up to now."""
        first = hour_of(now - length)
        with self._lock:
            if self._until is None or self._until > now:
                self._until, self._hours = first, {}
            known = {hour: count for hour, count in self._hours.items() if first <= hour < self._until}
            self._hours = known | crawls.began(self.db, self._until)
            self._until = hour_of(now)
            return dict(self._hours)
