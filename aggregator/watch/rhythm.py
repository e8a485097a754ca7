"""Rhythm: how many new articles an outlet brings in which hour of the week."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Final

from aggregator.clock import hour_of
from aggregator.model.watched import OutletHour

HOUR: Final = timedelta(hours=1)
DAY_HOURS: Final = 24
WEEK_HOURS: Final = 168

LONGEST_SPREAD: Final = timedelta(hours=24)
"""What came after a longer pause of visits says nothing about when it was published: such times are left out.

The slowest schedule by default visits every 12 hours."""

_OF_FACTORS: Final = 6.0
"""Articles' worth of trust in all outlets' shape of the day; a weekly has brought about eight."""

DAYS_DIFFER: Final = 0.1
"""Days differ by a third, give or take (the variance of a day's ratio to what was due).

So six Mondays tell of Mondays only so much, however many articles they brought. That they were believed made
six in ten vain alarms of `thin`: the weekday at which it was told had been learned a quarter too high."""

_LEAST_OWN: Final = 0.005
"""An outlet's weekdays are its own by 7 % at least (the variance of their factors)."""

_OF_HOURS: Final = 4.0
"""The same for an hour of the week against what its weekday and its hour of day say together."""

_NEIGHBOURS: Final = (0.25, 0.5, 0.25)
"""An hour of the week is read with its neighbours: news keep to the hour, not to the minute."""

_LEAST: Final = 1e-5
"""Articles an hour below which no hour goes: one in eleven years."""

_A_MONDAY: Final = datetime(2024, 1, 1, tzinfo=UTC)

Span = tuple[datetime, datetime]

NOT_CALM: Final[Mapping[date, float]] = {}
"""No day was calm: of each as much was to be expected as of any."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How a week is shared out: seven factors of weekdays and 24 of hours, each with a mean of 1."""

    weekdays: tuple[float, ...] = (1.0,) * 7
    hours: tuple[float, ...] = (1.0,) * DAY_HOURS


@dataclass(frozen=True, slots=True)
class Tally:
    """New articles, and hours in which they could have come, by hours of the week."""

    came: tuple[float, ...]
    hours: tuple[float, ...]


def hour_of_week(moment: datetime) -> int:
    """0 for Monday 00:00 UTC to 167."""
    return moment.weekday() * DAY_HOURS + moment.hour


def stretches(
    hours: Sequence[OutletHour], left_out: Sequence[Span] = ()
) -> Iterable[tuple[datetime, datetime, int]]:
    """From one answered visit to the next: start, end, and how many new articles came in between.

    ``hours`` are in order. Stretches that touch a span that is left out, or last over a day, are missing.
    """
    last, came = None, 0
    for each in hours:
        came += each.articles
        if each.answered_at is None:
            continue
        if last is not None and _counts(last, each.answered_at, left_out):
            yield last, each.answered_at, came
        last, came = each.answered_at, 0


def _counts(start: datetime, end: datetime, left_out: Sequence[Span]) -> bool:
    is_short = end - start <= LONGEST_SPREAD
    return is_short and not any(start < last and end > first for first, last in left_out)


class Week:
    """What a profile of the week (168 rates an hour) lets expect, summed up once to be asked often."""

    def __init__(self, profile: Sequence[float]) -> None:
        """Sum up."""
        self._profile = profile
        self._sums = (0.0, *accumulate(profile))

    def due(self, start: datetime, end: datetime) -> float:
        """New articles to be expected from a moment to another; 0 if it ends before it starts."""
        return self._since(end) - self._since(start) if end > start else 0.0

    def _since(self, moment: datetime) -> float:
        """What was due since a Monday long ago."""
        weeks, hours = divmod((moment - _A_MONDAY) / HOUR, WEEK_HOURS)
        whole = int(hours)
        return weeks * self._sums[-1] + self._sums[whole] + (hours - whole) * self._profile[whole]


def by_day(start: datetime, end: datetime) -> Iterable[tuple[datetime, datetime]]:
    """The time from a moment to another, cut at midnights (UTC)."""
    while start < end:
        midnight = start.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        yield start, min(midnight, end)
        start = midnight


def tally(
    hours: Sequence[OutletHour], left_out: Sequence[Span] = (), calm: Mapping[date, float] = NOT_CALM
) -> Tally:
    """What came in which hour of the week; between two visits it is spread evenly.

    An hour of a calm day counts as the share of an hour: a holiday says nothing against its weekday.
    """
    came, seen = [0.0] * WEEK_HOURS, [0.0] * WEEK_HOURS
    for start, end, count in stretches(hours, left_out):
        rate = count / max((end - start) / HOUR, 1e-6)
        for at, share in parts(start, end):
            came[hour_of_week(at)] += rate * share
            seen[hour_of_week(at)] += share * calm.get(at.date(), 1.0)
    return Tally(tuple(came), tuple(seen))


def parts(start: datetime, end: datetime) -> Iterable[tuple[datetime, float]]:
    """The hours from a moment to another, each with how much of it lies between them."""
    at = hour_of(start)
    while (following := at + HOUR) < end:
        yield at, 1.0 if at >= start else (following - start) / HOUR
        at = following
    if end > start:
        yield at, (end - max(start, at)) / HOUR


def shape(tallies: Iterable[Tally]) -> Shape:
    """The shape of all outlets' weeks: each counts the same, however much it brings."""
    weekdays, hours, outlets = [0.0] * 7, [0.0] * DAY_HOURS, 0
    for each in tallies:
        mean = _mean(each)
        if mean <= 0:
            continue
        outlets += 1
        for number, (came, seen) in enumerate(_by_weekday(each)):
            weekdays[number] += came / (seen * mean) if seen else 1.0
        for number, (came, seen) in enumerate(_by_hour(each)):
            hours[number] += came / (seen * mean) if seen else 1.0
    if not outlets:
        return Shape()
    return Shape(_even(weekdays), _even(hours))


def rates(counted: Tally, usual: Shape) -> tuple[float, ...]:
    """New articles an hour, for each hour of the week.

    Gamma-Poisson: the factors of hours of day are shrunk to all outlets' ``usual`` shape, each hour of the
    week to what its weekday and its hour of day make of the outlet's mean. Weekdays are shrunk by how sure
    they are, and hours add up to them.
    """
    mean = _mean(counted)
    if mean <= 0:
        return (_LEAST,) * WEEK_HOURS
    weekdays = _own_weekdays(_by_weekday(counted), usual.weekdays, mean)
    hours = _smooth(_shrunk(_by_hour(counted), usual.hours, mean))
    came, seen = _smooth(counted.came), _smooth(counted.hours)
    made = []
    for number in range(WEEK_HOURS):
        product = max(mean * weekdays[number // DAY_HOURS] * hours[number % DAY_HOURS], _LEAST)
        made.append((_OF_HOURS + came[number]) / (_OF_HOURS / product + seen[number]))
    made = _summing_up(made, weekdays)
    total = sum(rate * hours_ for rate, hours_ in zip(made, counted.hours, strict=True))
    scale = sum(counted.came) / total if total else 1.0
    return tuple(max(rate * scale, _LEAST) for rate in made)


def _own_weekdays(counts: Sequence[tuple[float, float]], usual: Sequence[float], mean: float) -> list[float]:
    """The factors of an outlet's weekdays, each between what it brought and all outlets' shape.

    What a weekday brought is uncertain by its articles and by its days (see ``DAYS_DIFFER``); how far this
    outlet's weekdays are its own is what its seven differ from the shape beyond that (empirical Bayes).
    """
    found = [
        came / (seen * mean) if seen else factor for (came, seen), factor in zip(counts, usual, strict=True)
    ]
    chance = [
        factor / (seen * mean) + factor**2 * DAYS_DIFFER * DAY_HOURS / seen if seen else math.inf
        for (_, seen), factor in zip(counts, usual, strict=True)
    ]
    beyond = [
        (own - factor) ** 2 - spread
        for own, factor, spread in zip(found, usual, chance, strict=True)
        if spread < math.inf
    ]
    differs = max(sum(beyond) / len(beyond), _LEAST_OWN) if beyond else _LEAST_OWN
    return [
        factor + (own - factor) * differs / (differs + spread)
        for own, factor, spread in zip(found, usual, chance, strict=True)
    ]


def _summing_up(made: Sequence[float], weekdays: Sequence[float]) -> list[float]:
    """The hours of each weekday in their proportions, together as many as the weekday's factor says."""
    whole = sum(made) / sum(weekdays)
    sums = [sum(made[start : start + DAY_HOURS]) for start in range(0, WEEK_HOURS, DAY_HOURS)]
    return [
        rate * whole * weekdays[number // DAY_HOURS] / sums[number // DAY_HOURS]
        for number, rate in enumerate(made)
    ]


def _mean(counted: Tally) -> float:
    seen = sum(counted.hours)
    return sum(counted.came) / seen if seen else 0.0


def _by_weekday(counted: Tally) -> list[tuple[float, float]]:
    return [
        (sum(counted.came[start : start + DAY_HOURS]), sum(counted.hours[start : start + DAY_HOURS]))
        for start in range(0, WEEK_HOURS, DAY_HOURS)
    ]


def _by_hour(counted: Tally) -> list[tuple[float, float]]:
    return [
        (sum(counted.came[start::DAY_HOURS]), sum(counted.hours[start::DAY_HOURS]))
        for start in range(DAY_HOURS)
    ]


def _shrunk(counts: Sequence[tuple[float, float]], usual: Sequence[float], mean: float) -> list[float]:
    return [
        (came + _OF_FACTORS * factor) / (seen * mean + _OF_FACTORS)
        for (came, seen), factor in zip(counts, usual, strict=True)
    ]


def _smooth(values: Sequence[float]) -> list[float]:
    """Each value with its neighbours; the last is the first's neighbour."""
    before, itself, behind = _NEIGHBOURS
    count = len(values)
    return [
        before * values[number - 1] + itself * values[number] + behind * values[(number + 1) % count]
        for number in range(count)
    ]


def _even(factors: Sequence[float]) -> tuple[float, ...]:
    mean = sum(factors) / len(factors)
    return tuple(factor / mean for factor in factors)
