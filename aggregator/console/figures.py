"""The figures of the last fortnight, kept at hand: what is counted for good is read from the store once."""

import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Final

from aggregator.clock import hour_of
from aggregator.model.figures import NAMES, Brought, OutletDay, Published
from aggregator.store import desk_figures
from aggregator.store.engine import Database

DAYS: Final = 14
HOURS: Final = 24
FRESH: Final = timedelta(seconds=30)
"""How old figures may be: the watch counts once a minute at most."""

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_NOTHING: Final = Brought()
_values = attrgetter(*NAMES)


@dataclass(frozen=True, slots=True)
class Fortnight:
    """Sums of the last 14 days.

    ``hours`` are the last 24, oldest first, the present one last; ``days`` the last 14, today last.
    ``published_hours`` and ``published_days`` are what editions took, in the same order. ``outlets`` has each
    outlet's days, ``totals`` their sums.
    """

    hours: tuple[Brought, ...]
    days: tuple[Brought, ...]
    published_hours: tuple[int, ...]
    published_days: tuple[int, ...]
    outlets: Mapping[str, tuple[OutletDay | None, ...]]
    totals: Mapping[str, Brought]
    counted_until: datetime | None


@dataclass(slots=True)
class Figures:
    """Makes fortnights; hours that are counted for good are added up once."""

    db: Database
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _hours: dict[datetime, Brought] = field(default_factory=dict)
    _days: dict[datetime, Mapping[str, OutletDay]] = field(default_factory=dict)
    _sums: dict[datetime, Brought] = field(default_factory=dict)
    _past: tuple[frozenset[datetime], Mapping[str, Brought]] = (frozenset(), {})
    _part: tuple[datetime, datetime, Mapping[str, OutletDay]] | None = None
    _editions: list[Published] = field(default_factory=list)
    _made: tuple[datetime, Fortnight] | None = None

    def fortnight(self, now: datetime) -> Fortnight:
        """The figures up to now, at most half a minute old; while they are made, the last ones."""
        known = self._made
        if known is not None and timedelta() <= now - known[0] < FRESH:
            return known[1]
        if not self._lock.acquire(blocking=known is None):
            assert known is not None  # noqa: S101 - else it would have waited
            return known[1]
        try:
            if self._made is None or self._made is known:
                self._made = now, self._make(now)
            return self._made[1]
        finally:
            self._lock.release()

    def _make(self, now: datetime) -> Fortnight:
        hour = hour_of(now)
        first = hour.replace(hour=0) - (DAYS - 1) * _DAY
        counted = desk_figures.counted_until(self.db)
        self._add_up(first, hour, counted)
        days = [first + number * _DAY for number in range(DAYS)]
        hours = [hour - number * _HOUR for number in reversed(range(HOURS))]
        editions = self._closed(min(first, hours[0]))
        outlets = {
            slug: tuple(self._days[day].get(slug) for day in days)
            for slug in set().union(*(self._days[day] for day in days))
        }
        return Fortnight(
            hours=tuple(self._hours.get(one, _NOTHING) for one in hours),
            days=tuple(self._sums.get(day) or total(self._days[day].values()) for day in days),
            published_hours=_spread([(e.closed_at, e.articles) for e in editions], hours, _HOUR),
            published_days=_spread([(e.closed_at, e.articles) for e in editions], days, _DAY),
            outlets=outlets,
            totals=self._totals(days, set(outlets)),
            counted_until=counted,
        )

    def _totals(self, days: Sequence[datetime], slugs: Collection[str]) -> Mapping[str, Brought]:
        """The sums of these days by outlet; of the days that are counted for good they are made once."""
        good = frozenset(day for day in days if day in self._sums)
        if self._past[0] != good:
            self._past = good, {slug: total(self._days[day].get(slug) for day in good) for slug in slugs}
        past = self._past[1]
        late = [self._days[day] for day in days if day not in good]
        return {
            slug: total([OutletDay(past.get(slug, _NOTHING)), *(day.get(slug) for day in late)])
            for slug in slugs
        }

    def _add_up(self, first: datetime, hour: datetime, counted: datetime | None) -> None:
        """Read what is not known for good, and forget what is too old."""
        for day in [day for day in self._days if day < first or counted is None or day + _DAY > counted]:
            del self._days[day]
        self._sums = {day: self._sums.get(day) or total(own.values()) for day, own in self._days.items()}
        for number in range(DAYS):
            day = first + number * _DAY
            if day not in self._days:
                self._days[day] = self._day(day, counted)
        oldest = hour - HOURS * _HOUR
        self._hours = {
            one: brought
            for one, brought in self._hours.items()
            if one >= oldest and counted is not None and one < counted
        }
        since = max(self._hours, default=oldest) + _HOUR if self._hours else oldest
        self._hours |= desk_figures.hours(self.db, since, hour + _HOUR)

    def _day(self, day: datetime, counted: datetime | None) -> Mapping[str, OutletDay]:
        """A day by outlets; of one that is under way the hours that are counted for good are read once."""
        end = day + _DAY
        if counted is None or not day < counted < end:
            return desk_figures.outlets(self.db, day, end)
        if self._part is None or self._part[:2] != (day, counted):
            self._part = day, counted, desk_figures.outlets(self.db, day, counted)
        early, late = self._part[2], desk_figures.outlets(self.db, counted, end)
        return {slug: _together(early.get(slug), late.get(slug)) for slug in early.keys() | late.keys()}

    def _closed(self, since: datetime) -> Sequence[Published]:
        """The editions since then; those that are known are not read again."""
        known = [edition for edition in self._editions if edition.closed_at >= since]
        last = max((edition.closed_at for edition in known), default=None)
        new = desk_figures.published(self.db, last or since)
        self._editions = [edition for edition in new if last is None or edition.closed_at > last] + known
        return self._editions


def _together(one: OutletDay | None, other: OutletDay | None) -> OutletDay:
    """Two parts of an outlet's day, one of which may be missing."""
    parts = [part for part in (one, other) if part is not None]
    if len(parts) == 1:
        return parts[0]
    return OutletDay(
        total(parts),
        max((part.arrived_at for part in parts if part.arrived_at), default=None),
        max((part.answered_at for part in parts if part.answered_at), default=None),
    )


def total(days: Iterable[OutletDay | None]) -> Brought:
    """What was brought on all of these days."""
    rows = [_values(one.brought) for one in days if one is not None]
    return Brought(*map(sum, zip(*rows, strict=True)))


def _spread(
    moments: Sequence[tuple[datetime, int]], starts: Sequence[datetime], length: timedelta
) -> tuple[int, ...]:
    """Numbers added up by the spans of time in which their moments fall."""
    sums = [0] * len(starts)
    for moment, value in moments:
        place = int((moment - starts[0]) / length)
        if 0 <= place < len(sums) and moment >= starts[0]:
            sums[place] += value
    return tuple(sums)
