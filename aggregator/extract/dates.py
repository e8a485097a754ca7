"""Times as publishers write them, read into aware moments."""

import re
from datetime import UTC, datetime

from dateutil import parser as dateutil_parser

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


def moment(text: str, latest: datetime) -> Moment | None:
    """The moment written in ``text`` (ISO 8601, RFC 2822, epoch seconds or milliseconds, English words).

    A moment without an offset is read as UTC. None if nothing plausible stands there: before 1990, or
    after ``latest``.
    """
    text = " ".join(text[:_LONGEST_CHARS].split())
    if not any(char.isdigit() for char in text):
        return None
    at = _read(text)
    if at is None:
        return None
    precision = 0 if not (_CLOCK.search(text) or _EPOCH.fullmatch(text)) else 1 if at.tzinfo is None else 2
    aware = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    return Moment(aware, precision) if at.year >= _EARLIEST_YEAR and aware <= latest else None


def _read(text: str) -> datetime | None:
    if _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    try:
        return _sane(datetime.fromisoformat(text))
    except ValueError:
        pass
    if not re.search(r"\d{4}", text):
        return None
    try:
        return _sane(dateutil_parser.parse(text, tzinfos=_zone, default=datetime(1, 1, 1)))  # noqa: DTZ001 - the offset is the text's
    except (ValueError, OverflowError, TypeError, AttributeError):
        return None


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
