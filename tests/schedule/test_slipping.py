"""A crawl that begins too late is told as missed or overlapping."""

from datetime import UTC, datetime, timedelta

import pytest
from store.samples import outlet

from aggregator.model.outlet import Adaptive, Cron, Interval, Schedule
from aggregator.model.slip import Slip, SlipKind
from aggregator.schedule.plan import PlannedRun
from aggregator.schedule.slipping import slipped

DUE = datetime(2026, 3, 2, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)


def run(schedule: Schedule, *, last: datetime | None = DUE - HOUR) -> PlannedRun:
    return PlannedRun(outlet("harbour", schedule=schedule), last, DUE, "")


@pytest.mark.parametrize("minutes_late", [0, 4, 5])
def test_crawl_that_is_a_little_late_is_in_time(minutes_late: int) -> None:
    now = DUE + timedelta(minutes=minutes_late)
    assert slipped(run(Cron("0 * * * *")), now, ended=DUE - HOUR, under_way=None) is None


@pytest.mark.parametrize(
    ("schedule", "times"),
    [(Cron("0 * * * *"), 4), (Interval(30, 0), 7), (Adaptive(), 1), (Cron("0 6 * * *"), 1)],
)
def test_moments_that_passed_while_nothing_ran_are_missed_and_counted(schedule: Schedule, times: int) -> None:
    now = DUE + 3 * HOUR
    found = slipped(run(schedule), now, ended=DUE - HOUR, under_way=None)
    assert found == Slip("harbour", SlipKind.MISSED, DUE, now, times)


def test_crawl_that_took_longer_than_its_pause_overlaps_with_itself() -> None:
    now = DUE + HOUR
    ended = slipped(run(Interval(60, 0)), now, ended=DUE + HOUR / 2, under_way=None)
    assert ended == Slip("harbour", SlipKind.OVERLAPPING, DUE, now, 2)
    going_on = slipped(run(Interval(60, 0)), DUE, ended=None, under_way=7)
    assert going_on == Slip("harbour", SlipKind.OVERLAPPING, DUE, DUE, 1, 7)


def test_first_crawl_is_never_late() -> None:
    assert slipped(run(Adaptive(), last=None), DUE + 99 * HOUR, ended=None, under_way=None) is None
