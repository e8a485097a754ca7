"""The calendar: crawls by day and hour, those that were and those that are to come."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from aggregator.clock import hour_of
from aggregator.console.ahead import DAYS, ahead
from aggregator.schedule.plan import PlannedRun

HOURS: Final = 24
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Cell:
    """An hour (UTC): crawls of outlets that began or are planned, and the outlets that were not crawled."""

    count: int
    is_past: bool
    is_now: bool
    slipped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """A day's hours."""

    day: date
    cells: tuple[Cell, ...]


def week(
    began: Mapping[datetime, int],
    plan: Iterable[PlannedRun],
    slipped: Iterable[tuple[str, datetime]],
    now: datetime,
) -> tuple[Day, ...]:
    """The last seven days and the next.

    ``began`` counts crawled outlets by the hour they began in, ``slipped`` are outlets with the moments that
    they were not crawled at. An adaptive outlet stands in it with its next crawl alone: what comes then
    depends on that.
    """
    hour = hour_of(now)
    counts = Counter(began)
    for number, count in enumerate(ahead(plan, now)):
        counts[hour + number * _HOUR] += count
    slips: dict[datetime, set[str]] = {}
    for outlet, due_at in slipped:
        slips.setdefault(hour_of(due_at), set()).add(outlet)
    first = hour.replace(hour=0) - timedelta(days=DAYS)
    return tuple(
        Day(
            (first + timedelta(days=day)).date(),
            tuple(
                Cell(counts[at], at < hour, at == hour, tuple(sorted(slips.get(at, ()))))
                for at in (first + timedelta(days=day, hours=number) for number in range(HOURS))
            ),
        )
        for day in range(2 * DAYS + 1)
    )
