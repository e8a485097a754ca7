"""The plan: every outlet with its last crawl, its next one, and which of them go out together."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aggregator.errors import ConfigError
from aggregator.model.outlet import Cron, Outlet
from aggregator.model.watched import Usual
from aggregator.schedule.due import VISITS, Rhythm, next_run, rule
from aggregator.store import crawls, usuals
from aggregator.store.crawls import SeedVisit
from aggregator.store.engine import Database

# How long an outlet that is due waits for company: a crawl process costs a second before its first page,
# whether it takes one outlet or fifty.
LONGEST_PATIENCE = timedelta(seconds=60)
_PATIENCE_SHARE = 0.1

LEARNED_FOR = timedelta(minutes=10)  # how soon a week that was learned anew is followed

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
    """Makes plans; remembers what an outlet's last visits found until it is crawled again."""

    db: Database
    _rhythms: dict[str, tuple[datetime, Sequence[SeedVisit]]] = field(default_factory=dict)
    _told: set[str] = field(default_factory=set)
    _usuals: Mapping[str, Usual] = field(default_factory=dict)
    _usuals_at: datetime | None = None

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
        if self._usuals_at is None or now - self._usuals_at > LEARNED_FOR:
            self._usuals, self._usuals_at = usuals.every(self.db), now
        for slug, moment in (tried or {}).items():
            last[slug] = max(moment, last.get(slug, moment))
        active = (card for card in cards.values() if not card.paused)
        runs = [run for card in active if (run := self._run_or_none(card, last.get(card.slug), now))]
        return tuple(sorted(runs, key=lambda run: (run.next, run.outlet.slug)))

    def _run_or_none(self, outlet: Outlet, last: datetime | None, now: datetime) -> PlannedRun | None:
        try:
            return self._run(outlet, last, now)
        except ConfigError as error:
            message = f"{error}; correct schedule.cron on its card (not crawled until then)"
            if message not in self._told:
                self._told.add(message)
                _log.error("%s", message)
            return None

    def _run(self, outlet: Outlet, last: datetime | None, now: datetime) -> PlannedRun:
        rhythm = Rhythm(self._visits(outlet, last), self._usuals.get(outlet.slug))
        return PlannedRun(outlet, last, next_run(outlet, last, rhythm, now), rule(outlet, rhythm, last))

    def _visits(self, outlet: Outlet, last: datetime | None) -> Sequence[SeedVisit]:
        if last is None:
            return ()
        known = self._rhythms.get(outlet.slug)
        if known is None or known[0] != last:
            visits = crawls.rhythm(self.db, outlet.slug, VISITS * max(len(outlet.seeds), 1))
            known = self._rhythms[outlet.slug] = (last, visits)
        return known[1]


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
