"""Days written as two numbers and a year: which of the two is the day."""

import re
from datetime import date

NUMBERS = re.compile(
    r"(?<![\d./-])(?P<one>\d{1,2})(?P<mark>[./-])\s?(?P<two>\d{1,2})(?P=mark)\s?(?P<year>(?:19|20)\d\d)(?!\d)"
)


def ordered(
    found: re.Match[str], latest: date, *, day_first: bool | None = None, known: date | None = None
) -> date | None:
    """The day that a match of ``NUMBERS`` means; None where nothing tells whether 06/05 is in May.

    It is told by a thirteenth month, by what lies behind ``latest``, by a ``known`` day that is one of the
    two readings, by a point (nobody writes a month in front of one), by the place's custom (``day_first``).
    """
    year, one, two = (int(found[name]) for name in ("year", "one", "two"))
    in_front, behind = day(year, two, one), day(year, one, two)
    possible = {reading for reading in (in_front, behind) if reading and reading <= latest}
    if len(possible) <= 1:
        return next(iter(possible), None)
    if known in possible:
        return known
    is_day_first = True if found["mark"] == "." else day_first
    return None if is_day_first is None else in_front if is_day_first else behind


def day(year: int, month: int, number: int) -> date | None:
    """The day of these numbers; None if there is none."""
    try:
        return date(year, month, number)
    except ValueError:
        return None
