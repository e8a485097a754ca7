"""Counting: an outlet that brings nothing, or much less than it does."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from aggregator.model.alarm import AlarmKind, Finding
from aggregator.model.watched import OutletHour, Usual
from aggregator.watch.chances import at_most
from aggregator.watch.rhythm import DAY_HOURS, HOUR, Week, stretches
from aggregator.watch.usual import RISK, expected

LEAST_WEEKS: Final = 1.5
"""Rates are believed after so many weeks: an expectation by weekday needs each weekday, and one more."""

LEAST_ARRIVALS: Final = 4
"""And after so many articles."""


@dataclass(frozen=True, slots=True)
class Window:
    """A time over which too few is looked for.

    ``risk`` is the days' worth of risk that it may take, ``most`` the share of what was due up to which what
    came is too little to be a slack day's.
    """

    length: timedelta
    risk: float
    most: float


WINDOWS: Final = (
    Window(timedelta(days=1), risk=1.0, most=1 / 3),
    Window(timedelta(days=1.5), risk=1.5, most=1 / 3),
    Window(timedelta(days=3), risk=0.5, most=0.5),
    Window(timedelta(days=7), risk=0.5, most=0.6),
)
"""A day is the least that a weekday's expectation speaks of. A window slides on with each look, so a long one
is asked more often than it fits into a week, and what it tells of has waited for days: it must be surer.

A day that brings half is slack oftener than its feed leaks: of a short window only a collapse is told."""

THIN_RISK: Final = 1.1 * RISK
"""The risk of a thin feed where as much is due as on the average; more where less is (``_leniency``).

Over eighty made weeks with six to learn from, at outlets where nothing else was wrong, .11 false alarms a
week and 80 % of feeds found that bring 15 % of what they brought; at two thirds of it .09 and 79, at four
thirds .18 and 84."""

LONGER: Final = 1.3
"""A silence is firm, too, when it is so much longer by the clock than any pause was, a day at least.

Half the patience in articles must be over as well. By articles alone 62 % of silences at outlets with two to
eight a day were told within an interval and a half, by both 92 %."""

_BEYOND: Final = 1.15
"""So many patiences in articles are a silence whatever the clock says.

Over sixteen made weeks of sixty outlets .50 false alarms a week, .62 at one; found 94.5 and 94.9 %."""

_CHANCE_WEEKS: Final = 20
"""A silence as an outlet makes by chance in so many weeks tells nothing, whatever its longest pause was.

Over forty made weeks of sixty outlets .28 false alarms a week and 90 % found, at thirty .20 and 87."""

_BY_CALENDAR: Final = 1.5
"""Articles a week up to which they come by the calendar, not by chance: a weekly's day is over or not."""

_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)
_MOST_LENIENT: Final = 4.0
"""In busy times a feed that leaks is beyond any risk; what is not spent there finds those of a weekend.

Over the same weeks as many were found where all times took the same risk, for .16 false alarms a week."""

_HELD: Final = 0.75
_HELD_CHANCE: Final = 0.02
_STILL: Final = 0.5


def is_known(usual: Usual) -> bool:
    """Whether there is enough history for rates."""
    return usual.weeks >= LEAST_WEEKS and usual.articles >= LEAST_ARRIVALS


def silent(usual: Usual, hours: Sequence[OutletHour], calm: Mapping[date, float]) -> Finding | None:
    """Nothing came for longer than the outlet has ever paused, counted in expected articles and by the clock.

    The time until the last visit that was answered counts: of what comes later nobody knows. An outlet whose
    new pages hold no article is not silent.
    """
    answered = max((each.answered_at for each in hours if each.answered_at), default=None)
    if answered is None or not is_known(usual):
        return None
    last = max((each.stirred_at for each in hours if each.stirred_at), default=hours[0].hour)
    if answered <= last:
        return None
    missing = expected(Week(usual.rates), last, answered, calm)
    if missing < usual.patience * _STILL:
        return None
    length = (answered - last) / HOUR
    return Finding(
        outlet=usual.outlet,
        kind=AlarmKind.SILENT,
        since=last,
        cause="silent",
        words=f"nothing new for {told(length)}; {missing:.1f} articles were to be expected, "
        f"and its longest pause was {told(usual.longest_hours)}",
        expected=round(missing, 2),
        observed=0.0,
        samples=round(length),
        is_firm=missing >= _by_chance(usual, length)
        and (missing >= usual.patience * _BEYOND or length >= LONGER * max(usual.longest_hours, DAY_HOURS)),
    )


def _by_chance(usual: Usual, hours: float) -> float:
    """How many expected articles fail to come in such a time once in so many weeks, if nothing is wrong.

    That is what pauses let expect of the next one if they are exponential but for a rate that is not quite
    known (Lomax): the fewer were seen, and the more days differ (over several that evens out), the more.
    """
    if usual.a_week < _BY_CALENDAR:
        return 0.0
    unsure = 1 / usual.articles + usual.dispersion / max(hours / DAY_HOURS, 1)
    return math.expm1(math.log(usual.a_week * _CHANCE_WEEKS) * unsure) / unsure


def thin(usual: Usual, hours: Sequence[OutletHour], calm: Mapping[date, float]) -> Finding | None:
    """Much less came than was to be expected, over one of the windows."""
    answered = max((each.answered_at for each in hours if each.answered_at), default=None)
    if answered is None or not is_known(usual):
        return None
    newest = [each for each in hours if each.hour >= answered - WINDOWS[-1].length]
    week = Week(usual.rates)
    counted = [
        _Counted(start, count, expected(week, start, end, calm)) for start, end, count in stretches(newest)
    ]
    found = [each for window in WINDOWS if (each := _thin(usual, counted, answered, window))]
    return next(iter(sorted(found, key=lambda each: not each.is_firm)), None)


@dataclass(frozen=True, slots=True)
class _Counted:
    """A time between two visits: its start, what came in it, what was due."""

    start: datetime
    came: int
    due: float


def _thin(usual: Usual, counted: Sequence[_Counted], end: datetime, window: Window) -> Finding | None:
    mine = [each for each in counted if each.start >= end - window.length]
    came, due = sum(each.came for each in mine), sum(each.due for each in mine)
    chance = at_most(came, due, usual.dispersion * _likeness(mine, end)) if due else 1.0
    if came > due * _HELD or chance > _HELD_CHANCE:
        return None
    return Finding(
        outlet=usual.outlet,
        kind=AlarmKind.THIN,
        since=mine[0].start,
        cause="thin",
        words=f"{came} new articles in {told(window.length / HOUR)}; {due:.0f} were to be expected",
        expected=round(due, 1),
        observed=float(came),
        samples=came,
        is_firm=came <= due * window.most
        and chance <= THIN_RISK * window.risk / 7 * _leniency(usual, due, window),
    )


def _leniency(usual: Usual, due: float, window: Window) -> float:
    """How much more risk a slow time takes than a busy one: what is due there tells little."""
    evenly = usual.a_week * (window.length / _WEEK)
    return min((evenly / due) ** 2, _MOST_LENIENT) if due else 1.0


def _likeness(counted: Sequence[_Counted], end: datetime) -> float:
    """How much of the days' dispersion a window has: all in a day, half in two days that weigh the same."""
    days: dict[int, float] = defaultdict(float)
    for each in counted:
        days[(end - each.start) // _DAY] += each.due
    return sum(due * due for due in days.values()) / sum(days.values()) ** 2


def told(hours: float) -> str:
    """A time in words: hours up to two days, then days."""
    return f"{hours:.0f} h" if hours < 48 else f"{hours / 24:.0f} days"  # noqa: PLR2004 - two days are read at a glance
