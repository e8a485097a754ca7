"""How many crawls begin in each hour of the next week, of a thousand outlets: counted, not listed."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import Final

from aggregator import wallclock
from aggregator.clock import hour_of
from aggregator.model.outlet import Cron, Interval
from aggregator.schedule.plan import PlannedRun

DAYS: Final = 7
_HOURS: Final = DAYS * 24
_HOUR: Final = 3600
_END: Final = _HOURS * _HOUR


def ahead(plan: Iterable[PlannedRun], now: datetime) -> list[int]:
    """Crawls in each of the next 168 hours, the present one first; what is due comes now.

    Of an adaptive outlet only the next crawl is counted: what comes then depends on that.
    """
    hour = hour_of(now)
    counts = [0] * _HOURS
    steady = [0] * (_HOURS + 1)
    crons: dict[tuple[str, str], list[int]] = defaultdict(list)
    for run in plan:
        first = int((max(run.next, now) - hour).total_seconds())
        if first >= _END:
            continue
        counts[first // _HOUR] += 1
        match run.outlet.schedule:
            case Cron(expression, timezone):
                crons[expression, timezone].append(first)
            case Interval(minutes, _):
                _every(max(round(minutes * 60), 1), first, counts, steady)
            case _:
                pass
    for (expression, timezone), firsts in crons.items():
        _cron(_moments(expression, timezone, hour), firsts, counts)
    return [count + more for count, more in zip(counts, accumulate(steady[:_HOURS]), strict=True)]


def _every(step: int, first: int, counts: list[int], steady: list[int]) -> None:
    """Count what comes every so many seconds behind ``first``; ``steady``: how many more come each hour."""
    if step > _HOUR:
        for at in range(first + step, _END, step):
            counts[at // _HOUR] += 1
        return
    here = first // _HOUR
    counts[here] += _between(first, here, step)
    if _HOUR % step == 0:
        steady[here + 1] += _HOUR // step
        return
    for hour in range(here + 1, _HOURS):
        counts[hour] += _between(first, hour, step) - _between(first, hour - 1, step)


def _between(first: int, hour: int, step: int) -> int:
    """How many moments come behind ``first`` until an hour ends."""
    return ((hour + 1) * _HOUR - first - 1) // step


def _cron(moments: Sequence[int], firsts: Iterable[int], counts: list[int]) -> None:
    """Count the moments of an expression behind each of the outlets' first ones."""
    from_here = [0] * (_HOURS + 1)
    for first in firsts:
        here = first // _HOUR
        until = bisect_left(moments, (here + 1) * _HOUR)
        counts[here] += until - bisect_right(moments, first)
        from_here[here + 1] += 1
    outlets = list(accumulate(from_here))
    for at in moments:
        counts[at // _HOUR] += outlets[at // _HOUR]


@lru_cache(maxsize=4096)
def _moments(expression: str, timezone: str, hour: datetime) -> tuple[int, ...]:
    """The moments of an expression in the week behind an hour, in seconds from there.

    Expressions differ in their minutes more than in their hours, and each search for the next moment costs.
    """
    whole, minutes = wallclock.hourly(expression)
    starts = (start + 60 * minute for start in _starts(whole, timezone, hour) for minute in minutes)
    return tuple(sorted({at for at in starts if 0 <= at < _END}))


@lru_cache(maxsize=512)
def _starts(expression: str, timezone: str, hour: datetime) -> tuple[int, ...]:
    found: list[int] = []
    # An hour of a zone that is half an hour off begins before ours.
    at, end = hour - timedelta(hours=1, seconds=1), hour + timedelta(days=DAYS)
    while (at := wallclock.following(expression, timezone, at)) < end:
        found.append(int((at - hour).total_seconds()))
    return tuple(found)
