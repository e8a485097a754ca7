"""Times as publishers write them, read into aware moments."""

import re
from datetime import UTC, date, datetime, timedelta

from dateutil import parser as dateutil_parser

from aggregator import days
from aggregator.extract.almanac import Almanac
from aggregator.extract.claims import Moment

_LONGEST_CHARS = 64
_EARLIEST_YEAR = 1990
# Offsets in hours of the abbreviations that English pages write; where two countries share one, the one with
# more news outlets that write it.
_ZONE_HOURS = {
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "ET": -5,
    "PT": -8,
    "BST": 1, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "TRT": 3, "IST": 5.5,
    "JST": 9, "KST": 9, "HKT": 8, "SGT": 8, "WIB": 7, "AEST": 10, "AEDT": 11, "SAST": 2, "EAT": 3, "WAT": 1,
}  # fmt: skip
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}|\d{8}T\d{4}|T\d{2}")
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_YEAR_FIRST = re.compile(
    rf"(?<!\d){_YEAR}(?:[./-]\s?|年|년\s?)(?P<month>\d{{1,2}})(?:[./-]\s?|月|월\s?)(?P<day>\d{{1,2}})(?!\d)"
)
_DAY_NAMED = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|[.ºª])?\s+(?:de\s+)?(?P<name>[^\W\d]+)[.,]?\s+(?:de\s+)?{_YEAR}"
)
_NAME_DAY = re.compile(rf"(?P<name>[^\W\d]+)\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}")
_TIME = re.compile(
    r"(?<![\d.:])(?P<hour>[01]?\d|2[0-3])\s?(?:[:.h時]|시\s?)\s?(?P<minute>[0-5]\d)(?:[:.][0-5]\d)?(?![\d.])"
    r"(?:\s?(?P<half>[ap])\.?m\b)?",
    re.IGNORECASE,
)


def moment(text: str, almanac: Almanac) -> Moment | None:
    """The moment written in ``text``: ISO 8601, RFC 2822, epoch seconds or milliseconds, words.

    A moment without an offset is read as UTC. None if nothing plausible stands there: before 1990, after
    the almanac's latest, or 06/05/2024 where nothing tells which is the day.
    """
    text = " ".join(text[:_LONGEST_CHARS].split())
    if not any(char.isdigit() for char in text):
        return None
    at = _read(text, almanac)
    if at is None:
        return spoken(text, almanac)
    precision = 0 if not (_CLOCK.search(text) or _EPOCH.fullmatch(text)) else 1 if at.tzinfo is None else 2
    return _plausible(at, precision, almanac)


def spoken(text: str, almanac: Almanac) -> Moment | None:
    """The first date that stands in a line of a page, such as ``erstellt: 01. April 2025, 15:25``.

    Months are known by their names in the almanac's language and in English. None if there is none.
    """
    found = _day(text, almanac)
    if found is None:
        return None
    day, end = found
    at = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - pages seldom show their offset
    clock = _TIME.search(text, end, end + _LONGEST_CHARS)
    if clock is None:
        return _plausible(at, 0, almanac)
    hour = int(clock["hour"])
    if clock["half"]:
        hour = hour % 12 + (12 if clock["half"].lower() == "p" else 0)
    return _plausible(at + timedelta(hours=hour, minutes=int(clock["minute"])), 1, almanac)


def _plausible(at: datetime, precision: int, almanac: Almanac) -> Moment | None:
    aware = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    return Moment(aware, precision) if at.year >= _EARLIEST_YEAR and aware <= almanac.latest else None


def _read(text: str, almanac: Almanac) -> datetime | None:
    if _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    try:
        return _sane(datetime.fromisoformat(text))
    except ValueError:
        pass
    if not re.search(r"\d{4}", text):
        return None
    if numbers := days.NUMBERS.match(text):
        at = _ordered(numbers, almanac)
        if at is None:
            return None
        text = at.isoformat() + text[numbers.end() :]
    try:
        return _sane(dateutil_parser.parse(text, tzinfos=_zone, default=datetime(1, 1, 1)))  # noqa: DTZ001 - the offset is the text's
    except (ValueError, OverflowError, TypeError, AttributeError):
        return None


def _day(text: str, almanac: Almanac) -> tuple[date, int] | None:
    """The first day in a text, and where its writing ends."""
    found: list[tuple[int, date, int]] = []
    for pattern in (_YEAR_FIRST, days.NUMBERS, _DAY_NAMED, _NAME_DAY):
        for match in pattern.finditer(text):
            if day := _ordered(match, almanac) if pattern is days.NUMBERS else _named(match, almanac):
                found.append((match.start(), day, match.end()))
                break
    return min(found)[1:] if found else None


def _named(match: re.Match[str], almanac: Almanac) -> date | None:
    groups = match.groupdict()
    month = groups.get("month") or almanac.month(groups.get("name") or "")
    return days.day(int(match["year"]), int(month), int(match["day"])) if month else None


def _ordered(match: re.Match[str], almanac: Almanac) -> date | None:
    told = days.ordered(match, almanac.latest.date(), known=almanac.day)
    # Asking for the place's custom loads its CLDR data.
    return told or days.ordered(match, almanac.latest.date(), day_first=almanac.day_first)


def _sane(at: datetime) -> datetime | None:
    """The moment, if it survives a move to UTC (year 1 or 9999 with an offset does not)."""
    try:
        return at if at.tzinfo is None else at.astimezone(UTC) and at
    except (OverflowError, ValueError):
        return None


def _zone(name: str | None, offset_seconds: int | None) -> float | None:
    """The offset in seconds that a text gives or names; None leaves the moment without one."""
    hours = _ZONE_HOURS.get(name or "")
    return offset_seconds if offset_seconds is not None or hours is None else int(hours * 3600)
