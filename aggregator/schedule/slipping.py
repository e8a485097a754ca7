"""Slipping: whether a crawl that begins now begins too late, and why."""

from datetime import datetime, timedelta
from typing import Final

from aggregator import wallclock
from aggregator.model.outlet import Cron, Interval
from aggregator.model.slip import Slip, SlipKind
from aggregator.schedule.plan import PlannedRun

LATE: Final = timedelta(minutes=5)
"""How late a crawl may begin without a word, beyond its wait for company: a batch before it takes minutes,
and nobody looks at a schedule more closely."""

_MOST_TIMES: Final = 1_000


def slipped(run: PlannedRun, now: datetime, *, ended: datetime | None, under_way: int | None) -> Slip | None:
    """The slip of an outlet that is due; None if it is in time, or was never crawled before.

    ``ended`` is when its last crawl ended, ``under_way`` the number of one that has not.
    """
    if run.last is None:
        return None
    if under_way is not None:
        return Slip(run.outlet.slug, SlipKind.OVERLAPPING, run.next, now, times(run, now), under_way)
    if now - run.latest <= LATE:
        return None
    is_own = ended is not None and ended > run.next
    kind = SlipKind.OVERLAPPING if is_own else SlipKind.MISSED
    return Slip(run.outlet.slug, kind, run.next, now, times(run, now))


def times(run: PlannedRun, now: datetime) -> int:
    """How many moments of its schedule have passed, the one it is due for among them; 1,000 at most."""
    match run.outlet.schedule:
        case Cron(expression, timezone):
            count, at = 1, run.next
            while count < _MOST_TIMES and (at := wallclock.following(expression, timezone, at)) <= now:
                count += 1
            return count
        case Interval(minutes, _):
            return min(1 + int((now - run.next) / timedelta(minutes=minutes)), _MOST_TIMES)
        case _:
            # An adaptive pause depends on what each visit finds.
            return 1
