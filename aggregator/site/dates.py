"""Moments as readers and machines read them, always in UTC and saying so."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from babel.dates import format_date, format_datetime

from aggregator.clock import to_utc


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
    """The moment in English words and for machines."""
    return Moment(
        iso(moment),
        _format(moment, "d MMMM y, HH:mm 'UTC'"),
        _format(moment, "d MMM y"),
        to_utc(moment).date().isoformat(),
        _format(moment, "HH:mm"),
    )


def day(at: date) -> str:
    """A day in English words, such as ``1 March 2026``."""
    return format_date(at, "d MMMM y", locale="en")


def month(at: date) -> str:
    """A day's month in English words, such as ``March 2026``."""
    return format_date(at, "MMMM y", locale="en")


def _format(moment: datetime, pattern: str) -> str:
    return format_datetime(to_utc(moment), pattern, tzinfo=UTC, locale="en")
