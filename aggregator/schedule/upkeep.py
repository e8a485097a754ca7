"""The scheduler's upkeep: backups and pruning at their hour; a night that was missed is made up for."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from aggregator import upkeeping
from aggregator.config import Settings
from aggregator.errors import AggregatorError

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Upkeep:
    """Does what is due; ``now`` is its clock.

    What fails is logged, and comes again the next time; so does what stands behind it: nothing is pruned that
    a backup should have held.
    """

    settings: Settings
    stop: threading.Event
    now: Callable[[], datetime]
    _last: datetime = field(init=False)

    def __post_init__(self) -> None:
        """The last time is that of the last backup, or the present: the first one waits for its hour."""
        self._last = upkeeping.last_backup(self.settings) or self.now()

    @property
    def is_wanted(self) -> bool:
        """Whether the settings ask for any of it."""
        return upkeeping.following(self.settings, self._last) is not None

    def step(self) -> None:
        """Do what is due."""
        now = self.now()
        due = upkeeping.following(self.settings, self._last)
        if due is None or due > now:
            return
        self._last = now
        for chore in upkeeping.chores(self.settings, now):
            if self.stop.is_set():
                return
            try:
                said = upkeeping.do(self.settings, chore, self.stop)
            except AggregatorError as error:
                _log.error("upkeep: %s: %s; nothing more is done until the next time", chore.words, error)
                return
            _log.info("upkeep: %s: %s", chore.words, said or "cut off; it is done the next time")
