"""Moments as readers and machines read them, always in UTC and saying so."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache

from babel.dates import format_date, format_skeleton, format_time, get_day_names

from aggregator.clock import to_utc
from aggregator.site import wording


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment in words: ``iso`` for machines, ``long`` with the time of day, ``day`` without.

    ``date`` is the day for machines, ``hour`` the time of day alone.
    """

    iso: str
    long: str
    day: str
    date: str
    hour: str


def iso(moment: datetime) -> str:
    """RFC 3339 with seconds, such as ``2026-03-01T08:05:00Z``."""
    return to_utc(moment).isoformat(timespec="seconds").replace("+00:00", "Z")


def words(moment: datetime) -> Moment:
    """The moment in words of the reader's language and for machines."""
    return _words(to_utc(moment), wording.spoken())


# Lists show the same articles again and again.
@lru_cache(maxsize=10_000)
def _words(utc: datetime, spoken: str) -> Moment:
    hour, short = _hour(utc.hour, utc.minute, spoken), _short(utc.date(), spoken)
    long = wording.say("%(day)s, %(hour)s UTC", day=day(utc.date()), hour=hour)
    return Moment(iso=iso(utc), long=long, day=short, date=utc.date().isoformat(), hour=hour)


def day(at: date) -> str:
    """A day in words of the reader's language, such as ``1 March 2026``."""
    return _day(at, wording.spoken())


# Babel takes a tenth of a millisecond for each of these, and articles share their days and minutes.
@lru_cache(maxsize=10_000)
def _day(at: date, _spoken: str) -> str:
    return format_date(at, "long", locale=wording.babel_locale())


@lru_cache(maxsize=10_000)
def _short(at: date, _spoken: str) -> str:
    return format_date(at, "medium", locale=wording.babel_locale())


@lru_cache(maxsize=10_000)
def _hour(hour: int, minute: int, _spoken: str) -> str:
    return format_time(time(hour, minute), "HH:mm", locale=wording.babel_locale())


def month(at: date) -> str:
    """A day's month in words, such as ``March 2026``."""
    return str(format_skeleton("yMMMM", _noon(at), tzinfo=UTC, locale=wording.babel_locale()))


def weekdays() -> tuple[tuple[str, str], ...]:
    """The days of the week from Monday on: their names, and short ones."""
    names = get_day_names("wide", "stand-alone", wording.babel_locale())
    short = get_day_names("short", "stand-alone", wording.babel_locale())
    return tuple((names[number], short[number]) for number in range(7))


def _noon(at: date) -> datetime:
    return datetime(at.year, at.month, at.day, 12, tzinfo=UTC)
