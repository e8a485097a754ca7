"""The calendar of the schedule, and schedules from a form."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from store.samples import outlet

from aggregator import wallclock
from aggregator.clock import hour_of
from aggregator.console.ahead import ahead
from aggregator.console.week import week
from aggregator.errors import CardError
from aggregator.model.outlet import Adaptive, Cron, Interval, Schedule
from aggregator.outlets import dumps, loads, schedules
from aggregator.outlets.edit import with_schedule
from aggregator.schedule.plan import PlannedRun

NOW = datetime(2026, 3, 4, 10, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)
ZONES = ("UTC", "Europe/Dublin", "Asia/Kolkata")


def planned(schedule: Schedule, ahead: timedelta) -> PlannedRun:
    return PlannedRun(outlet("harbour", schedule=schedule), NOW - HOUR, NOW + ahead, "")


def test_calendar_has_what_was_what_comes_and_what_was_not_crawled() -> None:
    plan = (
        planned(Cron("30 6 * * *"), timedelta(hours=20, minutes=10)),
        planned(Interval(720, 0), HOUR),
        planned(Adaptive(), -HOUR),
    )
    days = week({NOW.replace(minute=0) - 24 * HOUR: 3}, plan, [("ferry", NOW - 26 * HOUR)], NOW)
    assert [(days[0].day.day, days[-1].day.day), len(days)] == [(25, 11), 15]
    yesterday, today, tomorrow = days[6:9]
    assert yesterday.cells[10].count == 3
    assert yesterday.cells[8].slipped == ("ferry",)
    assert yesterday.cells[8].is_past
    assert [hour for hour, cell in enumerate(today.cells) if cell.count] == [10, 11, 23]
    assert [(hour, cell.count) for hour, cell in enumerate(tomorrow.cells) if cell.count] == [
        (6, 1),
        (11, 1),
        (23, 1),
    ]
    assert sum(cell.count for day in days for cell in day.cells) == 3 + 7 + 14 + 1


SCHEDULES = (
    *(Interval(minutes, 0) for minutes in (1, 7, 15, 60, 90, 61.5, 720, 20_000)),
    *(Cron(each, zone) for each in ("5,35 6-22 * * *", "*/7 * * * mon-fri", "0 4 1 * *") for zone in ZONES),
    *(Cron("59 0,23 * * *"), Adaptive()),
)


@pytest.mark.parametrize("now", [NOW, datetime(2026, 3, 26, 23, 59, tzinfo=UTC), NOW.replace(minute=0)])
@pytest.mark.parametrize("schedule", SCHEDULES, ids=str)
def test_hours_ahead_count_the_moments_that_come_one_by_one(schedule: Schedule, now: datetime) -> None:
    hour, counts = hour_of(now), [0] * 168
    for late in (-HOUR, timedelta(minutes=33), 26 * HOUR):
        at = max(now + late, now)
        while (place := int((at - hour) / HOUR)) < len(counts):
            counts[place] += 1
            match schedule:
                case Interval(minutes, _):
                    at += timedelta(minutes=minutes)
                case Cron(expression, zone):
                    at = wallclock.following(expression, zone, at)
                case _:
                    break
    runs = [
        PlannedRun(outlet("harbour", schedule=schedule), now - HOUR, now + late, "")
        for late in (-HOUR, timedelta(minutes=33), 26 * HOUR)
    ]
    assert ahead(runs, now) == counts


@pytest.mark.parametrize(
    ("words", "schedule"),
    [
        (("every", "30"), Interval(30)),
        (("adaptive", ""), Adaptive()),
        (("adaptive", "20 - 60"), Adaptive(20, 60)),
        (("cron", "0 6 * * mon-fri", "Europe/Paris"), Cron("0 6 * * mon-fri", "Europe/Paris")),
    ],
)
def test_schedule_of_a_form_is_written_into_a_card_and_nothing_else_is(
    words: tuple[str, ...], schedule: Schedule
) -> None:
    assert schedules.from_words(*words) == schedule
    for before in (Adaptive(), Interval(99, 3), Cron("5 5 * * *")):
        card = outlet("harbour", schedule=before)
        text = "# mine\n" + dumps(card)
        changed = with_schedule(text, schedule)
        assert changed.startswith("# mine\n")
        assert loads(changed, _path()) == outlet("harbour", schedule=schedule)
        assert with_schedule(changed, before).strip() == text.strip()


@pytest.mark.parametrize(
    "words",
    [("every", "x"), ("every", "0"), ("adaptive", "10"), ("adaptive", "9-3"), ("cron", "0 6 * *"), ("", "")],
)
def test_wrong_schedule_is_told(words: tuple[str, str]) -> None:
    with pytest.raises(CardError, match="schedule"):
        schedules.from_words(*words)


def _path() -> Path:
    return Path("harbour.toml")
