"""The plan: every outlet with its last crawl, its next one, and which of them go out together."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from aggregator.errors import ConfigError
from aggregator.model.outlet import Adaptive, Cron, Outlet
from aggregator.schedule.due import Rhythm, next_run, rule
from aggregator.schedule.rhythms import Rhythms
from aggregator.store import crawls
from aggregator.store.engine import Database

# How long an outlet that is due waits for company: a crawl process costs a second before its first page,
# whether it takes one outlet or fifty.
LONGEST_PATIENCE = timedelta(seconds=60)
_PATIENCE_SHARE = 0.1

_NO_RHYTHM: Final = Rhythm()
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """When an outlet is crawled next; ``last`` is None before its first crawl, ``rule`` is its schedule."""

    outlet: Outlet
    last: datetime | None
    next: datetime
    rule: str

    @property
    def latest(self) -> datetime:
        """Until when it may wait for other outlets: not at all at its first crawl or at a cron time."""
        if self.last is None or isinstance(self.outlet.schedule, Cron):
            return self.next
        return self.next + min(LONGEST_PATIENCE, (self.next - self.last) * _PATIENCE_SHARE)


@dataclass(slots=True)
class Planner:
    """Makes plans; of an outlet anew when its card, its last crawl or its rhythm has changed."""

    db: Database
    _rhythms: Rhythms = field(init=False)
    _told: set[str] = field(default_factory=set)
    _known: dict[str, tuple[Rhythm, PlannedRun]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Know nothing yet."""
        self._rhythms = Rhythms(self.db)

    def plan(
        self, cards: Mapping[str, Outlet], now: datetime, tried: Mapping[str, datetime] | None = None
    ) -> tuple[PlannedRun, ...]:
        """The next run of every outlet that is not paused, soonest first.

        ``tried`` holds the moments of crawls that may have left no trace in the store, such as one that
        could not start. An outlet whose cron expression cannot be followed is left out, and told once.

        Raises:
            StoreError: the database cannot be read.
        """
        last = crawls.last_crawled(self.db)
        for slug, moment in (tried or {}).items():
            last[slug] = max(moment, last.get(slug, moment))
        active = [card for card in cards.values() if not card.paused]
        adaptive = [card for card in active if isinstance(card.schedule, Adaptive) and card.slug in last]
        rhythms = self._rhythms.read(adaptive, now)
        runs = []
        for card in active:
            rhythm = rhythms.get(card.slug, _NO_RHYTHM)
            if run := self._run_or_none(card, last.get(card.slug), rhythm, now):
                self._known[card.slug] = rhythm, run
                runs.append(run)
        return tuple(sorted(runs, key=lambda run: (run.next, run.outlet.slug)))

    def _run_or_none(
        self, outlet: Outlet, last: datetime | None, rhythm: Rhythm, now: datetime
    ) -> PlannedRun | None:
        known = self._known.get(outlet.slug)
        if known and last and known[0] is rhythm and known[1].outlet is outlet and known[1].last == last:
            return known[1]
        try:
            return PlannedRun(outlet, last, next_run(outlet, last, rhythm, now), rule(outlet, rhythm, last))
        except ConfigError as error:
            message = f"{error}; correct schedule.cron on its card (not crawled until then)"
            if message not in self._told:
                self._told.add(message)
                _log.error("%s", message)
            return None


def ready(plan: Sequence[PlannedRun], now: datetime, size: int) -> tuple[str, ...]:
    """The slugs that are to be crawled now, longest due first; none while those due can wait for company.

    They go once ``size`` of them are due or the first has waited long enough.
    """
    due = [run for run in plan if run.next <= now]
    if len(due) < size and not any(run.latest <= now for run in due):
        return ()
    return tuple(run.outlet.slug for run in due)


def batches(slugs: Sequence[str], size: int) -> Iterator[tuple[str, ...]]:
    """The slugs in their order, at most ``size`` for one crawl process."""
    for start in range(0, len(slugs), size):
        yield tuple(slugs[start : start + size])
