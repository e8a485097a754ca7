"""Moments as people write them on the command line: ``tomorrow``, ``18:00``, ``+3d``, an ISO date or time."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import typer

_AHEAD = re.compile(r"\+(\d{1,4})([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_CLOCK = re.compile(r"(?:(today|tomorrow)\s+)?([01]?\d|2[0-3]):([0-5]\d)")
EXPECTED = "expected tomorrow, 18:00, +3d (m, h, d, w), 2026-12-01 or 2026-12-01T18:00"


def moment(text: str, now: datetime, timezone: str) -> datetime:
    """The moment that is meant, aware; days and clock times are those of the time zone.

    A day means its end, a time of the day the next one that comes.

    Raises:
        typer.BadParameter: nobody can tell what is meant, or it lies in the past.
    """
    found = _read(text.strip().lower(), now.astimezone(ZoneInfo(timezone)))
    if found is None:
        raise typer.BadParameter(f"{text!r}: {EXPECTED}", param_hint="--until")
    if found < now:
        raise typer.BadParameter(f"{text!r} is over; {EXPECTED}", param_hint="--until")
    return found


def _read(text: str, here: datetime) -> datetime | None:
    if match := _AHEAD.fullmatch(text):
        return here + timedelta(**{_UNITS[match[2]]: int(match[1])})
    if text in {"today", "tomorrow"}:
        return _end(here + timedelta(days=text == "tomorrow"))
    if match := _CLOCK.fullmatch(text):
        at = here.replace(hour=int(match[2]), minute=int(match[3]), second=0, microsecond=0, fold=0)
        is_next = match[1] == "tomorrow" or (match[1] is None and at < here)
        return at + timedelta(days=is_next)
    try:
        given = datetime.fromisoformat(text.upper())
    except ValueError:
        return None
    if len(text) <= len("2026-12-01"):
        return _end(given.replace(tzinfo=here.tzinfo))
    return given if given.tzinfo else given.replace(tzinfo=here.tzinfo)


def _end(day: datetime) -> datetime:
    return day.replace(hour=23, minute=59, second=59, microsecond=999_999)
