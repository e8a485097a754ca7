"""Sampling: shares and levels of the newest articles against what is usual."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from statistics import median
from typing import Final

from aggregator.model.alarm import Finding
from aggregator.model.watched import Level, OutletHour, Share, Usual
from aggregator.watch.chances import few_good, trust
from aggregator.watch.measures import CONTAINER, LEVELS, SHARES, LevelMeasure, ShareMeasure, moved
from aggregator.watch.rhythm import HOUR
from aggregator.watch.usual import QUANTILES, RISK

SHARE_RISK: Final = 4 * RISK
"""The risk of shares at an outlet that is asked once a week."""

_ASKED_POWER: Final = 1.5
"""An outlet with ten times the articles is asked ten times as often, and can afford to be surer still: more
come soon. Each share's risk falls by this power of how often it is asked. Over twenty weeks of sixty made
outlets .05 false alarms a week, by the first power (and a quarter of the risk) .10; missed 2.1 and 2.4 % of
what lasts for one and a half intervals."""

WINDOWS: Final = (3, 4, 5, 6, 8, 10, 13, 17, 22, 30)
"""So many of the newest articles are looked at: few tell soon of a break, many of a slow leak.

They lie in one another, so what chance does in one it does in most: together they are asked as one is. Over
84 outlet-weeks of simulation in which nothing was wrong that raised no alarm, thrice as often six."""

LEAST_DROP: Final = 0.25
"""A share that fell by less is nobody's work for tonight."""

_HELD: Final = 0.8
_HELD_CHANCE: Final = 0.05


def fallen_shares(usual: Usual, hours: Sequence[OutletHour]) -> Iterator[Finding]:
    """Each share that fell; ``hours`` are in order of time."""
    told = [each for each in hours if each.articles + each.no_article + each.forbidden]
    for name, measure in {**SHARES, CONTAINER: moved(usual.containers, told)}.items():
        if (share := usual.shares.get(name)) and (found := _fallen(usual, share, measure, told)):
            yield found


def _fallen(usual: Usual, share: Share, measure: ShareMeasure, hours: Sequence[OutletHour]) -> Finding | None:
    held = None
    for size, good, total, start in _newest(hours, measure):
        now = good / total
        if now > share.share * _HELD:
            continue
        chance = few_good(
            good, total, share.share, trust(min(share.firmness, measure.firmest), share.articles)
        )
        risk = SHARE_RISK / max(usual.a_week / size, 1) ** _ASKED_POWER
        if now <= share.share * measure.left and share.share - now >= LEAST_DROP and chance <= risk:
            began = _began(hours, measure, share.share, start)
            return _told_share(usual, share, measure, (good, total, began), is_firm=True)
        if chance <= _HELD_CHANCE and held is None:
            held = _told_share(usual, share, measure, (good, total, start), is_firm=False)
    return held


def _newest(hours: Sequence[OutletHour], measure: ShareMeasure) -> Iterator[tuple[int, int, int, datetime]]:
    """Each window with good ones, all, and since when of the newest articles; an hour counts whole."""
    good = total = number = 0
    for each in reversed(hours):
        one, all_ = measure.of(each)
        good, total = good + one, total + all_
        while total >= WINDOWS[number]:
            yield WINDOWS[number], good, total, each.hour
            number += 1
            if number == len(WINDOWS):
                return


def _began(hours: Sequence[OutletHour], measure: ShareMeasure, usually: float, start: datetime) -> datetime:
    """Since when it has been so: the hours before a moment in which less than half of the usual was good."""
    for each in reversed(hours):
        if each.hour >= start:
            continue
        good, total = measure.of(each)
        if total and good > total * usually / 2:
            break
        start = each.hour if total else start
    return start


def _told_share(
    usual: Usual, share: Share, measure: ShareMeasure, seen: tuple[int, int, datetime], *, is_firm: bool
) -> Finding:
    good, total, start = seen
    return Finding(
        outlet=usual.outlet,
        kind=measure.kind,
        since=start,
        cause=measure.cause or measure.aspect or measure.kind.value,
        words=f"{measure.words}: {good} of the newest {total}, usually {share.share:.0%}",
        aspect=measure.aspect,
        expected=round(share.share, 3),
        observed=round(good / total, 3),
        samples=total,
        is_firm=is_firm,
    )


def jumped_levels(usual: Usual, hours: Sequence[OutletHour]) -> Iterator[Finding]:
    """Each level that jumped; nothing is asked of how levels spread but their quantiles.

    Of ages a fall is nothing wrong, and what waited while seeds failed does not count.
    """
    for name, measure in LEVELS.items():
        if level := usual.levels.get(name):
            taken = _without_backlog(usual, hours) if measure.only_up else hours
            newest = _values(taken, measure)
            found = [each for window in newest if (each := _jumped(usual, level, measure, window))]
            yield from sorted(found, key=lambda each: not each.is_firm)[:1]


def _jumped(
    usual: Usual, level: Level, measure: LevelMeasure, newest: tuple[int, Sequence[float], datetime]
) -> Finding | None:
    """What the newest values say: too many of them beyond a quantile, and the median far from its place."""
    size, values, start = newest
    jump = median(values) - level.median
    if abs(jump) < measure.least_jump / 2 or (measure.only_up and jump < 0):
        return None
    chance = _beyond(level, values, is_rise=jump > 0)
    asked = max(usual.a_week / size, 1) * 2
    is_firm = abs(jump) >= measure.least_jump and chance <= RISK / asked
    if not is_firm and chance > _HELD_CHANCE:
        return None
    now, before = measure.back(median(values)), measure.back(level.median)
    return Finding(
        outlet=usual.outlet,
        kind=measure.kind,
        since=start,
        cause=measure.kind.value,
        words=f"{measure.words}: {now:.3g} {measure.unit} in the newest {len(values)} articles, "
        f"usually {before:.3g}",
        expected=round(before, 3),
        observed=round(now, 3),
        samples=len(values),
        is_firm=is_firm,
    )


def _beyond(level: Level, values: Sequence[float], *, is_rise: bool) -> float:
    """The least chance, over the median and the quantiles of that side, that so few lie on their usual side.

    The median tells where a side holds what has always been so: a third of an outlet's articles are briefs.
    """
    chances = []
    firmness = trust(level.firmness, level.articles)
    for quantile, share in zip(level.quantiles, QUANTILES, strict=True):
        usually = share if is_rise else 1 - share
        if usually >= 0.5:  # noqa: PLR2004 - the median and the two quantiles of that side
            good = sum(value <= quantile if is_rise else value >= quantile for value in values)
            chances.append(few_good(good, len(values), usually, firmness))
    return min(chances)


def _values(
    hours: Sequence[OutletHour], measure: LevelMeasure
) -> Iterator[tuple[int, Sequence[float], datetime]]:
    """Each window with the newest values and since when; an hour counts whole."""
    values: list[float] = []
    number = 0
    for each in reversed(hours):
        values += [measure.scale(value) for value in measure.of(each)]
        while len(values) >= WINDOWS[number]:
            yield WINDOWS[number], tuple(values), each.hour
            number += 1
            if number == len(WINDOWS):
                return


def _without_backlog(usual: Usual, hours: Sequence[OutletHour]) -> list[OutletHour]:
    """The hours but for the first that was answered behind a long pause: what waited there is old."""
    kept, last = [], None
    for each in hours:
        is_late = (
            last is not None
            and each.answered_at is not None
            and (each.answered_at - last) / HOUR > 2 * usual.visit_hours + 1
        )
        if not is_late:
            kept.append(each)
        last = each.answered_at or last
    return kept
