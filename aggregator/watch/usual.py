"""Usual: what an outlet's last weeks let expect."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Final

from aggregator.model.watched import Level, OutletHour, Share, Usual
from aggregator.watch.measures import CONTAINER, LEVELS, SHARES, LevelMeasure, ShareMeasure, strays
from aggregator.watch.rhythm import (
    DAYS_DIFFER,
    HOUR,
    WEEK_HOURS,
    Shape,
    Span,
    Week,
    by_day,
    rates,
    stretches,
    tally,
)

WEEKS: Final = 8
"""How far back is learned from: not so much that last season counts. From six weeks, with their six Sundays,
90 % of silences were found in time, from eight 95, at as many false alarms (forty made weeks)."""

JUDGED: Final = timedelta(days=1)
"""The last day is not learned from: what goes wrong now must not count as usual before anybody was told."""

RISK: Final = 1 / 1000
"""False alarms of one kind that one outlet may raise in a week: with 60 outlets and ten kinds, 0.6 a week."""

QUANTILES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
"""The quantiles of a level."""

LEAST_ARTICLES: Final = 8
"""Articles that shares and levels are learned from at least."""

_TAIL: Final = 0.8
_TAIL_TRUST: Final = 4.0
_PATIENCE: Final = (1.25, 1.5)
_PATIENCE_OF_MANY: Final = (1.75, 2.4)
_MANY: Final = 40
"""Between these multiples of the longest pause lies the patience, whatever the tail of all pauses says.

Less cries at the next long weekend; more waits longer than one interval and a half. The longest of forty
pauses and more is soon over, and in a slack day another comes: of these the multiples are higher."""

_LEAST_PATIENCE: Final = 1.25
_LEAST_DISPERSION: Final = 0.02
_DISPERSION_SPREAD: Final = 0.03
"""An outlet's days differ by a third, give or take: what is assumed until its own days say more.

From weeks of five articles a day nobody can tell; taking the bare estimate for true raised two in three
of all vain alarms of `thin`."""

_FIRMNESS: Final = (6.0, 60.0)
_PRIOR_PAIRS: Final = 200.0
_PRIOR_LIKENESS: Final = 0.02
_PRIOR_GOOD: Final = 0.5
_DAY: Final = timedelta(days=1)
_LEAST_STRETCH: Final = timedelta(milliseconds=1)
_CALM: Final = (0.15, 0.75)
_CALM_OUTLETS: Final = 4


@dataclass(frozen=True, slots=True)
class Past:
    """What else is known of the past.

    Spans that are not learned from; since when a measure is learned anew, because a person said so; days on
    which everybody brought less, with the share of the usual that came; until when is learned from what no
    person has spoken of: the last day is what is judged.
    """

    left_out: Sequence[Span] = ()
    anew: Mapping[str, datetime] = field(default_factory=dict)
    calm: Mapping[date, float] = field(default_factory=dict)
    until: datetime | None = None


RATES: Final = "rates"
"""The name of rates among what is learned anew."""

_LEAST_SEEN: Final = 2
"""A container that one article had may be that article's own."""


def learn(outlet: str, hours: Sequence[OutletHour], usual: Shape, past: Past, now: datetime) -> Usual:
    """What an outlet's hours (in order of time) teach.

    Sources: Gamma-Poisson shrinkage for rates; peaks over threshold with an exponential tail for pauses
    (Pickands 1975), in expected articles instead of hours, so that nights and weekends are no pauses.
    """
    counted = _of(hours, RATES, past)
    week = tally(counted, past.left_out, past.calm)
    profile = rates(week, usual)
    pauses, longest = _pauses(counted, profile, past)
    seen = sum(week.hours) / WEEK_HOURS
    kept = _kept(hours, past)
    return Usual(
        outlet=outlet,
        learned_at=now,
        weeks=seen,
        articles=round(sum(week.came)),
        rates=profile,
        patience=_patience(pauses, max(seen, 1e-6)),
        longest_hours=longest,
        dispersion=_dispersion(counted, profile, past, seen),
        visit_hours=_visit_hours(counted),
        shares=dict(_shares(kept, past)),
        levels=dict(_levels(kept, past)),
        containers=_containers(kept, past, _LEAST_SEEN),
    )


def _shares(hours: Sequence[OutletHour], past: Past) -> Iterable[tuple[str, Share]]:
    """The shares; an article's own container must have been seen without it."""
    known = _containers(hours, past, _LEAST_SEEN + 1)
    for name, measure in {**SHARES, CONTAINER: strays(known)}.items():
        if share := _share(_of(hours, name, past), measure):
            yield name, share


def _containers(hours: Sequence[OutletHour], past: Past, least: int) -> frozenset[str]:
    """The containers in which so many texts stood."""
    seen = Counter[str]()
    for each in _of(hours, CONTAINER, past):
        seen.update(each.containers)
    return frozenset(container for container, number in seen.items() if number >= least)


def _levels(hours: Sequence[OutletHour], past: Past) -> Iterable[tuple[str, Level]]:
    for name, measure in LEVELS.items():
        if level := _level(_of(hours, name, past), measure):
            yield name, level


def calm_days(outlets: Iterable[tuple[Sequence[float], Sequence[OutletHour]]]) -> dict[date, float]:
    """The days on which most of these outlets (of one country) brought less, with the share that came.

    ``outlets`` are rates and hours of each. A holiday takes half or more of the news; a day on which next to
    nothing came from anybody is no holiday but a fault of ours, and stays.
    """
    ratios: dict[date, list[float]] = defaultdict(list)
    for profile, hours in outlets:
        for day, (came, due) in _days(hours, profile, Past()).items():
            if due >= 1:
                ratios[day].append((came + 0.5) / (due + 0.5))
    least, most = _CALM
    return {
        day: share
        for day, found in ratios.items()
        if len(found) >= _CALM_OUTLETS and least <= (share := median(found)) <= most
    }


def expected(week: Week, start: datetime, end: datetime, calm: Mapping[date, float]) -> float:
    """New articles that were to be expected from a moment to another, calm days being calm."""
    due = week.due(start, end)
    for day, share in calm.items():
        first = datetime.combine(day, time(), start.tzinfo)
        begin, over = max(start, first), min(end, first + _DAY)
        due -= (1 - share) * week.due(begin, over)
    return due


def known_rates(hours: Sequence[OutletHour], usual: Shape, past: Past) -> tuple[float, ...]:
    """The rates alone: what calm days are found by, before the rest is learned."""
    return rates(tally(_of(hours, RATES, past), past.left_out), usual)


def _of(hours: Sequence[OutletHour], name: str, past: Past) -> Sequence[OutletHour]:
    since = past.anew.get(name)
    if since is not None:
        return [each for each in hours if each.hour >= since]
    return [each for each in hours if each.hour < past.until] if past.until else hours


def _kept(hours: Sequence[OutletHour], past: Past) -> list[OutletHour]:
    """The hours in which pages ended, outside of what is left out."""
    return [
        each
        for each in hours
        if each.articles + each.no_article + each.forbidden
        and not any(start < each.hour + HOUR and each.hour < end for start, end in past.left_out)
    ]


def _pauses(hours: Sequence[OutletHour], profile: Sequence[float], past: Past) -> tuple[list[float], float]:
    """The pauses between articles, in expected articles, and the longest in hours."""
    pauses, longest, week = [], 0.0, Week(profile)
    last: datetime | None = None
    for each in hours:
        if (now := each.stirred_at) is None:
            continue
        if last is not None and not any(last < end and now > start for start, end in past.left_out):
            pauses.append(expected(week, last, now, past.calm))
            longest = max(longest, (now - last) / HOUR)
        last = now
    return pauses, longest


def _patience(pauses: Sequence[float], weeks: float) -> float:
    if not pauses:
        return math.inf
    ordered = sorted(pauses)
    edge = ordered[min(int(len(ordered) * _TAIL), len(ordered) - 1)]
    over = [pause - edge for pause in ordered if pause > edge]
    scale = (sum(over) + _TAIL_TRUST) / (len(over) + _TAIL_TRUST)
    rare = edge + scale * math.log(max(len(over), 1) / weeks / RISK)
    low, high = _PATIENCE_OF_MANY if len(pauses) >= _MANY else _PATIENCE
    return max(min(max(rare, low * ordered[-1]), high * ordered[-1]), _LEAST_PATIENCE)


def _days(
    hours: Sequence[OutletHour], profile: Sequence[float], past: Past
) -> dict[date, tuple[float, float]]:
    """What came and what was due on each day, in times between visits."""
    days: dict[date, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
    week = Week(profile)
    for start, end, came in stretches(hours, past.left_out):
        length = max(end - start, _LEAST_STRETCH)
        for begin, over in by_day(start, end):
            day = begin.date()
            before, due = days[day]
            rate = week.due(begin, over) * past.calm.get(day, 1.0)
            days[day] = before + came * ((over - begin) / length), due + rate
    return days


def _dispersion(hours: Sequence[OutletHour], profile: Sequence[float], past: Past, weeks: float) -> float:
    """How much days differ beyond chance; what a few weeks have fitted away is put back.

    The estimate and what is assumed beforehand are weighed by how exact each is (empirical Bayes): an
    estimate from so many days of so many articles has the variance of a negative binomial's moments.
    """
    days = [pair for pair in _days(hours, profile, past).values() if pair[1] > 0]
    square = sum(due * due for _, due in days)
    if not square or weeks <= 0:
        return 1.0
    beyond = sum((came - due) ** 2 - due for came, due in days) / square
    fitted = (1 + 1 / weeks) / max(1 - 1 / weeks, 0.5)
    daily = sum(due for _, due in days) / len(days)
    exact = len(days) / (2 * (1 / daily + DAYS_DIFFER) ** 2)
    assumed = 1 / _DISPERSION_SPREAD**2
    weighed = (beyond * fitted * exact + DAYS_DIFFER * assumed) / (exact + assumed)
    return min(max(weighed, _LEAST_DISPERSION), 1.0)


def _visit_hours(hours: Sequence[OutletHour]) -> float:
    lengths = [(end - start) / HOUR for start, end, _ in stretches(hours)]
    return median(lengths) if lengths else 1.0


def _share(hours: Sequence[OutletHour], measure: ShareMeasure) -> Share | None:
    days: dict[date, list[int]] = defaultdict(lambda: [0, 0])
    for each in hours:
        good, total = measure.of(each)
        day = days[each.hour.date()]
        day[0] += good
        day[1] += total
    good, total = sum(day[0] for day in days.values()), sum(day[1] for day in days.values())
    if total < LEAST_ARTICLES:
        return None
    share = (good + _PRIOR_GOOD) / (total + 2 * _PRIOR_GOOD)
    return Share(share, _firmness([(good, total) for good, total in days.values()], share), total)


def _firmness(days: Iterable[tuple[int, int]], share: float) -> float:
    """The beta-binomial's firmness, by moments over days (Kleinman 1973), shrunk while there are few."""
    beyond, pairs = _PRIOR_PAIRS * _PRIOR_LIKENESS, _PRIOR_PAIRS
    chance = max(share * (1 - share), 1e-6)
    for good, total in days:
        if total > 1:
            beyond += (good - total * share) ** 2 / chance - total
            pairs += total * (total - 1)
    low, high = _FIRMNESS
    return min(max(pairs / beyond - 1, low), high) if beyond > 0 else high


def _level(hours: Sequence[OutletHour], measure: LevelMeasure) -> Level | None:
    days: dict[date, list[float]] = defaultdict(list)
    for each in hours:
        days[each.hour.date()] += [measure.scale(value) for value in measure.of(each)]
    values = sorted(value for day in days.values() for value in day)
    if len(values) < LEAST_ARTICLES:
        return None
    low, first, middle, third, high = (_quantile(values, share) for share in QUANTILES)
    halves = [(sum(value >= middle for value in day), len(day)) for day in days.values()]
    share = sum(good for good, _ in halves) / len(values)
    return Level((low, first, middle, third, high), _firmness(halves, share), len(values))


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
