"""The clock on the wall: cron expressions, hours and days of a time zone, also where it is moved."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from aggregator.errors import ConfigError

if TYPE_CHECKING:
    from apscheduler.triggers.cron import CronTrigger

_FIELDS = ("minute", "hour", "day of month", "month", "day of week")
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\s*-\s*([01]\d|2[0-3]):([0-5]\d)")


def following(expression: str, timezone: str, moment: datetime) -> datetime:
    """The first moment of a five-field cron expression after ``moment`` (aware); aware, in UTC.

    A time that the clock leaves out in spring comes once, at the first moment behind the gap; one that the
    clock shows twice in autumn comes the first time only.

    Raises:
        ConfigError: expression or time zone are wrong, or no such day ever comes.
    """
    if not is_zone(timezone):
        raise ConfigError(f"cron {expression!r} ({timezone}): there is no such time zone")
    zone = ZoneInfo(timezone)
    for wall in _walls(expression, moment.astimezone(zone).replace(tzinfo=None)):
        if (found := at_wall(wall, zone)) > moment:
            return found
    raise ConfigError(f"cron {expression!r} never comes")


@lru_cache(maxsize=4096)
def hourly(expression: str) -> tuple[str, tuple[int, ...]]:
    """A cron expression as another one that names each of its hours once, and the minutes of these hours.

    Raises:
        ConfigError: the expression is wrong.
    """
    field = next(one for one in _triggers(expression)[0].fields if one.name == "minute")
    hour = datetime(2026, 1, 1, tzinfo=UTC)
    minutes = [n for n in range(60) if field.get_next_value(hour.replace(minute=n)) == n]
    return " ".join(["0", *expression.split()[1:]]), tuple(minutes)


def at_wall(wall: datetime, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which a clock on the wall first shows this naive time, or has just left it out."""
    moment = wall.replace(tzinfo=zone).astimezone(UTC)
    shown = moment.astimezone(zone).replace(tzinfo=None)
    if shown == wall:
        return moment
    # In a gap: read with the offset before it, the time comes out as far behind the gap as it lies in it.
    offsets = (wall.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta() for fold in (0, 1))
    before, after = offsets
    low, high = moment - abs(after - before), moment
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if (middle.astimezone(zone).utcoffset() or timedelta()) == before:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def _walls(expression: str, wall: datetime) -> Iterator[datetime]:
    """The times on the wall after this one; the library sees a zone without gaps."""
    triggers = _triggers(expression)
    while True:
        start = (wall + timedelta(microseconds=1)).replace(tzinfo=UTC)
        moments = [trigger.get_next_fire_time(None, start) for trigger in triggers]
        coming: list[datetime] = [moment for moment in moments if moment is not None]
        if not coming:
            return
        wall = min(coming).replace(tzinfo=None)
        yield wall


def is_zone(timezone: str) -> bool:
    """Whether a name is a time zone's (IANA) that is known here."""
    try:
        ZoneInfo(timezone)
    except (KeyError, ValueError, OSError):
        # OSError: "Europe" is a folder of the database. ZoneInfoNotFoundError is a KeyError.
        return False
    return True


def check_cron(expression: str) -> None:
    """Raises ConfigError where an expression is wrong, numbers a weekday, or means a day that never comes."""
    # 1 is Monday to cron and Tuesday to the library.
    if any(char.isdigit() for char in expression.rpartition(" ")[2].partition("/")[0]):
        raise ConfigError(f"cron {expression!r}: expected weekdays by name, such as mon or tue-fri")
    if not list(islice(_walls(expression, datetime(2026, 1, 1)), 1)):  # noqa: DTZ001 - a time on a wall
        raise ConfigError(f"cron {expression!r} never comes")


@lru_cache(maxsize=1024)
def hours(text: str) -> tuple[time, time]:
    """The begin and end of hours such as ``22:00-06:30``, which may go past midnight.

    Raises:
        ConfigError: the text means no hours, or all day.
    """
    match = _HOURS.fullmatch(text.strip())
    if match is None:
        raise ConfigError(f"hours {text!r}: expected two times such as 22:00-06:30")
    numbers = [int(number) for number in match.groups()]
    begin, end = time(numbers[0], numbers[1]), time(numbers[2], numbers[3])
    if begin == end:
        raise ConfigError(f"hours {text!r}: expected an end other than the begin")
    return begin, end


def end_of_hours(ranges: Sequence[str], timezone: str, moment: datetime) -> datetime | None:
    """When the hours around ``moment`` are over (aware, UTC); None if it lies in none of the ranges.

    Hours that follow or overlap one another are one; ranges that leave no minute of a day end after two.
    """
    zone = ZoneInfo(timezone)
    end, horizon = moment, moment + timedelta(days=2)
    while end < horizon:
        ends = [found for text in ranges if (found := _end(text, zone, end))]
        if not ends:
            break
        end = max(ends)
    return None if end == moment else end


def _end(text: str, zone: ZoneInfo, moment: datetime) -> datetime | None:
    begin, end = hours(text)
    wall = moment.astimezone(zone).replace(tzinfo=None)
    crosses = end < begin
    now = wall.time()
    if not (now >= begin or now < end if crosses else begin <= now < end):
        return None
    day = wall.date() + timedelta(days=crosses and now >= begin)
    over = datetime.combine(day, end)
    # Where the clock is put back, the hour that comes twice is quiet twice.
    found = at_wall(over, zone)
    return found if found > moment else over.replace(tzinfo=zone, fold=1).astimezone(UTC)


def day_of(timezone: str, moment: datetime) -> tuple[datetime, datetime]:
    """The first moment of the day that ``moment`` lies in, and of the next one; aware, in UTC."""
    zone = ZoneInfo(timezone)
    day = datetime.combine(moment.astimezone(zone).date(), time())
    return at_wall(day, zone), at_wall(day + timedelta(days=1), zone)


@lru_cache(maxsize=4096)
def _triggers(expression: str) -> "tuple[CronTrigger, ...]":
    """The library's triggers for a cron expression, whose earliest moment counts.

    A weekday's number means another day to the library than to cron; cards and settings name weekdays.
    """
    from apscheduler.triggers.cron import CronTrigger  # late: every command reads settings, few a cron

    fields = expression.lower().split()
    if len(fields) != len(_FIELDS):
        raise ConfigError(f"cron {expression!r}: expected five fields: {', '.join(_FIELDS)}")
    minute, hour, day, month, weekday = fields
    # cron takes either day if both are limited; the library would want both at once.
    days = [(day, weekday)]
    if not day.startswith("*") and not weekday.startswith("*"):
        days = [(day, "*"), ("*", weekday)]
    try:
        return tuple(
            CronTrigger(minute=minute, hour=hour, day=day, month=month, day_of_week=weekday, timezone=UTC)
            for day, weekday in days
        )
    except ValueError as error:
        raise ConfigError(f"cron {expression!r}: {error}") from error


def shown(moment: datetime, timezone: str) -> datetime:
    """A moment as the zone's clocks show it; aware."""
    return moment.astimezone(ZoneInfo(timezone))
