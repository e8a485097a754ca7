"""Moments: the dates of feeds and sitemaps, in the many ways they are written."""

import re
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from dateutil import parser as dateutil_parser
from dateutil import tz

from aggregator import days
from aggregator.clock import now, to_utc

# News on the web begins here; earlier years are zero dates of databases (1970) or typing errors.
FIRST_YEAR = 1991
_LONGEST_CHARS = 64
_HOUR = 3600
# Feeds list what is to appear, too.
_AHEAD = timedelta(days=400)
# Zone names that RFC 5322 does not know, as feeds use them; ambiguous ones (IST, CST in China) are left out.
_ZONES = {
    name: tz.tzoffset(name, int(hours * _HOUR))
    for name, hours in {
        "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "MET": 1, "MEST": 2, "MEZ": 1, "MESZ": 2,
        "EET": 2, "EEST": 3, "SAST": 2, "CAT": 2, "EAT": 3, "MSK": 3, "TRT": 3, "PKT": 5, "WIB": 7,
        "HKT": 8, "SGT": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
        "BRT": -3, "ART": -3, "EST": -5, "EDT": -4, "CDT": -5, "MDT": -6, "PST": -8, "PDT": -7,
    }.items()
}  # fmt: skip
# What stands in for the parts that a date leaves out; by default dateutil takes today's.
_FILL = datetime(2000, 1, 1)  # noqa: DTZ001 - the zone is one of these parts
_ZONE_NAME = re.compile(r"\b([A-Z]{3,4})\s*$")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# The zero time of Go's feed writers, which RFC 5322 reads as 2001.
_YEAR_ZERO = re.compile(r"\b000\d\s+\d\d:")
# 06/05/24 may mean three days, and no feed says which.
_SHORT_YEAR = re.compile(r"^\s*\d{1,2}[/.-]\d{1,2}[/.-]\d{2}(?!\d)")


def moment(text: str | None) -> datetime | None:
    """The aware UTC moment that a date of a feed means, or None.

    Reads RFC 822 and 5322, ISO 8601, W3CDTF and what dateutil understands; no offset means UTC. None for
    text that is no date or ambiguous, and for years before 1991 or beyond the next one.
    """
    text = (text or "").strip()
    if not text or len(text) > _LONGEST_CHARS or _YEAR_ZERO.search(text):
        return None
    try:
        found = _parse(text)
        return to_utc(found) if found and FIRST_YEAR <= found.year <= now().year + 1 else None
    except (ValueError, OverflowError, TypeError, IndexError, AttributeError):
        # Each of these leaves one of the three parsers for some text of the wild.
        return None


def _parse(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    zone = _ZONE_NAME.search(text)
    if zone is None or zone.group(1) not in _ZONES:
        try:
            return parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError):
            pass
    if not _YEAR.search(text) or _SHORT_YEAR.match(text):
        return None
    if numbers := days.NUMBERS.match(text):
        # 06/05/2024 is May in Paris and June in New York: where nothing tells, nobody guesses.
        day = days.ordered(numbers, now().date() + _AHEAD)
        if day is None:
            return None
        text = day.isoformat() + text[numbers.end() :]
    found: datetime = dateutil_parser.parse(text, tzinfos=_ZONES, default=_FILL)
    return found
