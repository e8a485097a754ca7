"""The calendar: crawls by day and hour, those that were and those that are to come."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

from aggregator import wallclock
from aggregator.clock import hour_of
from aggregator.model.outlet import Cron, Interval
from aggregator.model.slip import MadeUp
from aggregator.schedule.plan import PlannedRun

DAYS: Final = 7
HOURS: Final = 24
_MOST_MOMENTS: Final = 500
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Cell:
    """An hour (UTC): crawls of outlets that began or are planned, and the outlets that were not crawled."""

    count: int
    is_past: bool
    slipped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """A day's hours."""

    day: date
    cells: tuple[Cell, ...]


def week(
    began: Mapping[datetime, int], plan: Sequence[PlannedRun], slipped: Iterable[MadeUp], now: datetime
) -> tuple[Day, ...]:
    """The last seven days and the next; ``began`` counts crawled outlets by the hour they began in.

    An adaptive outlet stands in it with its next crawl alone: what comes then depends on that.
    """
    counts = Counter(began) + Counter(hour_of(at) for run in plan for at in coming(run, now))
    slips: dict[datetime, list[str]] = {}
    for one in slipped:
        slips.setdefault(hour_of(one.slip.due_at), []).append(one.slip.outlet)
    first = hour_of(now).replace(hour=0) - timedelta(days=DAYS)
    return tuple(
        Day(
            (first + timedelta(days=day)).date(),
            tuple(
                Cell(counts[at], at + _HOUR <= now, tuple(sorted(set(slips.get(at, ())))))
                for at in (first + timedelta(days=day, hours=hour) for hour in range(HOURS))
            ),
        )
        for day in range(2 * DAYS + 1)
    )


def coming(run: PlannedRun, now: datetime) -> tuple[datetime, ...]:
    """The moments of an outlet's crawls in the next week, 500 at most; what is due comes now."""
    first, end = max(run.next, now), now + timedelta(days=DAYS)
    match run.outlet.schedule:
        case Cron(expression, timezone):
            later = _moments(expression, timezone, hour_of(now))
            return (first, *(at for at in later if first < at <= end))
        case Interval(minutes, _):
            count = min(int((end - first) / timedelta(minutes=minutes)), _MOST_MOMENTS)
            return tuple(first + number * timedelta(minutes=minutes) for number in range(count + 1))
        case _:
            return (first,)


@lru_cache(maxsize=512)
def _moments(expression: str, timezone: str, hour: datetime) -> tuple[datetime, ...]:
    found: list[datetime] = []
    at, end = hour, hour + timedelta(days=DAYS, hours=1)
    while len(found) < _MOST_MOMENTS and (at := wallclock.following(expression, timezone, at)) <= end:
        found.append(at)
    return tuple(found)
