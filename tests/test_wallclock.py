"""The clock on the wall: cron, hours and days, also on the two days on which it is moved."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator import wallclock
from aggregator.errors import ConfigError


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "timezone", "last", "expected"),
    [
        # Paris leaves out 02:00 to 03:00 on 29 March: all slots in it are one, right behind it.
        ("30 2 * * *", "Europe/Paris", "2026-03-28T12:00", "2026-03-29T01:00"),
        ("*/15 2 * * *", "Europe/Paris", "2026-03-29T00:59", "2026-03-29T01:00"),
        ("*/15 2 * * *", "Europe/Paris", "2026-03-29T01:00", "2026-03-30T00:00"),
        # It shows 02:00 to 03:00 twice on 25 October: the second time is no slot.
        ("30 2 * * *", "Europe/Paris", "2026-10-24T12:00", "2026-10-25T00:30"),
        ("30 2 * * *", "Europe/Paris", "2026-10-25T00:30", "2026-10-26T01:30"),
        ("0 * * * *", "Europe/Paris", "2026-10-25T00:00", "2026-10-25T02:00"),
        ("0 * * * *", "Europe/Paris", "2026-10-25T00:45", "2026-10-25T02:00"),
        # Half an hour is left out there.
        ("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:30", "2026-10-03T15:30"),
        # Midnight itself is left out there.
        ("0 0 * * *", "America/Santiago", "2026-09-05T10:00", "2026-09-06T04:00"),
    ],
)
def test_cron_where_the_clock_is_moved(expression: str, timezone: str, last: str, expected: str) -> None:
    assert wallclock.following(expression, timezone, at(last)) == at(expected)


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
ZONES = st.sampled_from(["UTC", "Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"])


@given(MOMENTS, ZONES, st.sampled_from(["*/20 * * * *", "30 2 * * *", "0 0 * * *", "5 1,2,3 * * sun"]))
@settings(deadline=None)
def test_slots_only_go_forward_and_show_their_time_unless_it_is_left_out(
    moment: datetime, zone: str, expression: str
) -> None:
    found = wallclock.following(expression, zone, moment)
    assert found > moment
    assert wallclock.following(expression, zone, found) > found
    assert wallclock.following(expression, zone, found - timedelta(microseconds=1)) == found


@given(
    MOMENTS, ZONES, st.lists(st.sampled_from(["22:00-06:30", "01:30-02:30", "12:00-13:00", "06:30-07:00"]))
)
def test_hours_end_where_none_of_them_goes_on(moment: datetime, zone: str, ranges: list[str]) -> None:
    end = wallclock.end_of_hours(ranges, zone, moment)
    if end is not None:
        assert moment < end <= moment + timedelta(hours=12)
        assert wallclock.end_of_hours(ranges, zone, end) is None
        assert wallclock.end_of_hours(ranges, zone, end - timedelta(seconds=1)) == end


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-06-01T19:59", None),
        ("2026-06-01T20:00", "2026-06-02T04:30"),
        ("2026-06-02T04:29", "2026-06-02T04:30"),
        ("2026-06-02T04:30", None),
        ("2026-03-28T22:00", "2026-03-29T04:30"),
        ("2026-10-24T22:00", "2026-10-25T05:30"),
    ],
)
def test_hours_go_past_midnight_and_follow_summer_time(moment: str, expected: str | None) -> None:
    end = wallclock.end_of_hours(["22:00-06:30"], "Europe/Paris", at(moment))
    assert end == (at(expected) if expected else None)


def test_ranges_that_leave_no_minute_of_the_day_do_not_run_for_ever() -> None:
    end = wallclock.end_of_hours(["00:00-13:00", "12:00-00:00"], "UTC", at("2026-06-01T10:00"))
    assert end is not None
    assert end >= at("2026-06-03T00:00")


@pytest.mark.parametrize("text", ["22:00", "22:00-22:00", "24:00-06:00", "22:60-06:00", "quiet", "22-6"])
def test_hours_that_mean_nothing_are_an_error(text: str) -> None:
    with pytest.raises(ConfigError, match="hours"):
        wallclock.hours(text)


@pytest.mark.parametrize("text", ["0 6 * *", "61 * * * *", "0 0 31 feb *", "0 6 * * 1", "noon"])
def test_cron_that_cannot_be_followed_is_an_error(text: str) -> None:
    with pytest.raises(ConfigError, match="cron"):
        wallclock.check_cron(text)


def test_days_of_23_and_25_hours() -> None:
    lengths = []
    for day in ("2026-03-29", "2026-10-25", "2026-06-01"):
        begin, end = wallclock.day_of("Europe/Paris", at(day + "T12:00"))
        lengths.append((end - begin).total_seconds() / 3600)
    assert lengths == [23, 25, 24]


def test_a_time_that_is_left_out_is_the_first_moment_behind_the_gap() -> None:
    paris = ZoneInfo("Europe/Paris")
    assert wallclock.at_wall(datetime(2026, 3, 29, 2, 59, 59), paris) == at("2026-03-29T01:00")  # noqa: DTZ001
    assert wallclock.at_wall(datetime(2026, 3, 29, 3, 0), paris) == at("2026-03-29T01:00")  # noqa: DTZ001
