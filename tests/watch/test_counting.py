"""Counting: when nothing, or too little, is an alarm, and when it is a slack day."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from aggregator.model.watched import OutletHour, Usual
from aggregator.watch.counting import silent, thin
from aggregator.watch.rhythm import WEEK_HOURS, Shape
from aggregator.watch.usual import Past, learn

MONDAY = datetime(2031, 3, 3, tzinfo=UTC)
HOUR = timedelta(hours=1)


def hours(count: int, came: Callable[[int], int]) -> list[OutletHour]:
    """So many hours from Monday on, visited at half past, with so many new articles each."""
    made = []
    for number in range(count):
        at, articles = MONDAY + number * HOUR, came(number)
        visited = at + HOUR / 2
        arrived = visited if articles else None
        made.append(
            OutletHour("harbour", at, visits=1, stored=articles, arrived_at=arrived, answered_at=visited)
        )
    return made


def usual(
    rate: float,
    *,
    articles: int = 900,
    patience: float = 12,
    longest: float = 48,
    dispersion: float = 0.1,
) -> Usual:
    return Usual(
        "harbour", MONDAY, 6, articles, (rate,) * WEEK_HOURS, patience, longest, dispersion, 1.0, {}, {}
    )  # fmt: skip


def is_silent(known: Usual, length: int) -> bool | None:
    """Whether so many hours of nothing are told; None if they are not even suspicious."""
    found = silent(known, hours(length + 1, lambda number: number == 0), {})
    return found and found.is_firm


def test_a_silence_is_told_by_the_clock_before_patience_in_articles_is_over() -> None:
    known = usual(0.1, patience=12, longest=60)
    assert [is_silent(known, length) for length in (59, 77, 79)] == [None, False, True]


def test_the_clock_alone_tells_nothing_where_little_was_to_be_expected() -> None:
    assert is_silent(usual(0.02, patience=12, longest=48), 100) is None


def test_a_silence_of_less_than_a_day_is_told_by_patience_alone() -> None:
    known = usual(1, patience=12, longest=3)
    assert [is_silent(known, length) for length in (13, 15)] == [False, True]


def test_few_pauses_tell_less_of_the_next_than_many() -> None:
    """Six days of nothing at an article a day: twice the longest of twelve pauses is chance."""
    few, many = (usual(0.04, articles=count, patience=3, longest=60) for count in (12, 200))
    assert (is_silent(few, 144), is_silent(many, 144)) == (False, True)
    assert is_silent(few, 180)


def test_where_days_differ_much_a_pause_is_rather_a_slack_day() -> None:
    alike, uneven = (usual(0.2, patience=5, longest=20, dispersion=spread) for spread in (0.05, 0.3))
    assert (is_silent(alike, 40), is_silent(uneven, 40)) == (True, False)
    assert is_silent(uneven, 72)


def test_a_weekly_is_silent_when_its_day_is_well_over() -> None:
    weekly = usual(1 / WEEK_HOURS, articles=6, patience=1.4, longest=170)
    assert [is_silent(weekly, length) for length in (100, 200, 240)] == [None, False, True]


def test_an_outlet_whose_new_pages_hold_no_article_is_not_silent() -> None:
    known, quiet = usual(0.1, patience=12, longest=48), hours(73, lambda number: number == 0)
    page = replace(quiet[40], no_article=1)
    assert (silent(known, [*quiet[:40], page, *quiet[41:]], {}), is_silent(known, 72)) == (None, True)


def is_thin(known: Usual, came: Sequence[int]) -> bool | None:
    """Whether days with so many articles each, the last ones of a week, are told."""
    full = [24] * (7 - len(came)) + list(came)
    of_week = hours(WEEK_HOURS + 1, lambda number: number > 0 and _nth(full[(number - 1) // 24], number))
    found = thin(known, of_week, {})
    return found and found.is_firm


def _nth(daily: int, number: int) -> int:
    """One of ``daily`` articles, spread evenly over 24 hours."""
    hour = (number - 1) % 24
    return (hour + 1) * daily // 24 - hour * daily // 24


@pytest.mark.parametrize(
    ("came", "told"),
    [
        ((24, 24), None),
        ((24, 11), None),
        ((12, 11), False),
        ((24, 5), False),
        ((9, 9), False),
        ((5, 5), True),
        ((24, 2), True),
    ],
)
def test_days_that_are_slack_twice_say_more_than_one(came: tuple[int, ...], told: bool | None) -> None:  # noqa: FBT001 - a case
    assert is_thin(usual(1, dispersion=0.1), came) is told


def test_where_days_differ_much_a_thin_one_is_usual() -> None:
    assert is_thin(usual(1, dispersion=0.1), (24, 2))
    assert not is_thin(usual(1, dispersion=0.4), (24, 2))


@pytest.mark.parametrize(("daily", "low", "high"), [(1, 0.07, 0.1), (4, 0.05, 0.09), (60, 0.02, 0.04)])
def test_few_articles_do_not_make_days_alike(daily: int, low: float, high: float) -> None:
    """Days here differ by chance alone: of many articles that is learned, of few it is not believed."""
    random = Random(daily)  # noqa: S311 - no secret
    past = hours(6 * WEEK_HOURS, lambda _: sum(random.random() < daily / 240 for _ in range(10)))
    learned = learn("harbour", past, Shape(), Past(), MONDAY + timedelta(weeks=6))
    assert low <= learned.dispersion <= high


def taught(daily: Callable[[int], int], calm: Mapping[date, float] | None = None) -> list[int]:
    """Articles that are due in ten weeks on each weekday, after six weeks with so many on each day."""
    past = hours(6 * WEEK_HOURS, lambda number: _nth(daily(number // 24), number + 1))
    known = learn("harbour", past, Shape(), Past(calm=calm or {}), MONDAY + timedelta(weeks=6))
    return [round(10 * sum(known.rates[start : start + 24])) for start in range(0, WEEK_HOURS, 24)]


def test_six_mondays_say_little_of_the_next_where_days_differ() -> None:
    """A fifth more on Mondays is what six of them may bring by chance; next to nothing on weekends is not."""
    monday, tuesday, *_ = taught(lambda day: 29 if day % 7 == 0 else 24)
    assert 0 < monday - tuesday < 25
    tuesday, *_, sunday = taught(lambda day: 4 if day % 7 >= 5 else 24)[1:]
    assert (sunday < 60, tuesday > 220) == (True, True)


def test_a_weekly_keeps_its_day() -> None:
    *_, tuesday, wednesday, thursday = taught(lambda day: 1 if day % 7 == 2 else 0)[:4]
    assert (wednesday >= 6, tuesday <= 1, thursday <= 1) == (True, True, True)


def test_a_holiday_says_nothing_against_its_weekday() -> None:
    """One Tuesday of six brought a quarter: known as calm, it leaves Tuesdays what they are."""
    tuesdays = [
        taught(lambda day: 12 if day == 15 else 48, calm)[1]
        for calm in ({}, {(MONDAY + timedelta(days=15)).date(): 0.25})
    ]
    assert (tuesdays[0] < 470, tuesdays[1]) == (True, 480)
