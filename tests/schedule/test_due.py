"""When an outlet is due, as tables: card, last crawl and last visits in, a moment out."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.errors import ConfigError
from aggregator.model.crawl import Reason
from aggregator.model.outlet import Adaptive, Cron, Interval, Outlet, Schedule, Seed, SeedKind
from aggregator.model.page import Validator
from aggregator.schedule.due import Rhythm, adaptive_minutes, next_run, rule
from aggregator.store.crawls import SeedVisit

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)  # a Wednesday
FEED = Seed(SeedKind.FEED, "https://www.example.org/feed")
SITEMAP = Seed(SeedKind.SITEMAP, "https://www.example.org/sitemap.xml")
OUTLET = Outlet("example", "The Example", "https://www.example.org/", "en", "GB", seeds=(FEED,))


def card(schedule: Schedule) -> Outlet:
    return replace(OUTLET, schedule=schedule)


def visit(
    found: int, new: int, *, minutes_ago: float, seed: Seed = FEED, reason: Reason = Reason.STORED
) -> SeedVisit:
    at = NOW - timedelta(minutes=minutes_ago)
    return SeedVisit("example", seed, reason, 200, None, Validator(), found, new, at)


def visits(*counts: tuple[int, int]) -> list[SeedVisit]:
    """Visits an hour apart, oldest first, the last one just now."""
    return [
        visit(found, new, minutes_ago=60 * (len(counts) - 1 - number))
        for number, (found, new) in enumerate(counts)
    ]


@pytest.mark.parametrize("schedule", [Cron("0 6 * * *"), Interval(60), Adaptive()])
def test_outlet_never_crawled_is_due_at_once(schedule: Schedule) -> None:
    assert next_run(card(schedule), None, Rhythm(), NOW) == NOW


@pytest.mark.parametrize(
    ("expression", "timezone", "last", "expected"),
    [
        ("0 6 * * *", "UTC", "2026-03-04T05:59", "2026-03-04T06:00"),
        ("0 6 * * *", "UTC", "2026-03-04T06:00", "2026-03-05T06:00"),
        ("*/15 * * * *", "UTC", "2026-03-04T06:01", "2026-03-04T06:15"),
        ("30 7 * * mon-fri", "UTC", "2026-03-06T08:00", "2026-03-09T07:30"),
        ("0 6 * * *", "Europe/Paris", "2026-03-04T05:30", "2026-03-05T05:00"),
        # Summer time begins on 29 March: six o'clock in Paris comes an hour earlier in UTC.
        ("0 6 * * *", "Europe/Paris", "2026-03-28T12:00", "2026-03-29T04:00"),
        # Half past two does not exist on that day: the crawl comes right behind the gap, and is not left out.
        ("30 2 * * *", "Europe/Paris", "2026-03-28T12:00", "2026-03-29T01:00"),
        # Both days limited: either of them.
        ("0 6 15 * mon", "UTC", "2026-03-04T12:00", "2026-03-09T06:00"),
        ("0 6 6 * mon", "UTC", "2026-03-04T12:00", "2026-03-06T06:00"),
    ],
)
def test_cron_comes_at_its_local_time(expression: str, timezone: str, last: str, expected: str) -> None:
    moment = next_run(card(Cron(expression, timezone)), at(last), Rhythm(), NOW)
    assert moment == at(expected)
    assert moment.tzinfo is UTC


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_cron_times_missed_while_nothing_ran_are_due_once() -> None:
    outlet = card(Cron("0 * * * *"))
    assert next_run(outlet, NOW - timedelta(days=3), Rhythm(), NOW) <= NOW
    assert next_run(outlet, NOW, Rhythm(), NOW) == NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    "cron", [Cron("0 6 * *"), Cron("61 * * * *"), Cron("0 6 * * *", "Mars/Olympus"), Cron("0 0 31 feb *")]
)
def test_cron_that_cannot_be_followed_is_an_error_that_names_it(cron: Cron) -> None:
    with pytest.raises(ConfigError, match=r"cron '" + cron.expression.replace("*", r"\*")):
        next_run(card(cron), NOW, Rhythm(), NOW)


def test_interval_counts_from_the_last_crawl_and_jitter_only_delays() -> None:
    outlet = card(Interval(30, jitter_seconds=60))
    delays = {
        (next_run(outlet, last, Rhythm(), NOW) - last).total_seconds() - 1800
        for last in (NOW - timedelta(minutes=number) for number in range(50))
    }
    assert all(0 <= delay <= 60 for delay in delays)
    assert max(delays) - min(delays) > 30


def test_asking_twice_gives_the_same_moment() -> None:
    outlet = card(Interval(30, jitter_seconds=600))
    assert next_run(outlet, NOW, Rhythm(), NOW) == next_run(outlet, NOW, (), NOW + timedelta(minutes=1))


def test_outlets_crawled_together_do_not_stay_together() -> None:
    moments = {
        next_run(replace(card(Interval(30)), slug=f"outlet-{number}"), NOW, Rhythm(), NOW)
        for number in range(20)
    }
    assert len(moments) == 20


ADAPTIVE = Adaptive(fastest_minutes=10, slowest_minutes=1000)  # starts at 100


@pytest.mark.parametrize(
    ("rhythm", "expected"),
    [
        ((), 100.0),
        (visits((30, 10)), 50.0),
        (visits((30, 9)), 100.0),
        (visits((30, 0)), 150.0),
        (visits((0, 0)), 150.0),
        (visits((30, 30), (30, 0)), 75.0),
        (visits(*[(30, 30)] * 10), 10.0),
        (visits(*[(30, 0)] * 10), 1000.0),
        # A bound is where the walk turns, not a debt to pay back.
        (visits(*[(30, 30)] * 9, (30, 0)), 15.0),
    ],
)
def test_adaptive_goes_faster_with_news_and_slower_without(
    rhythm: Sequence[SeedVisit], expected: float
) -> None:
    assert adaptive_minutes(ADAPTIVE, rhythm) == pytest.approx(expected)
    assert next_run(card(ADAPTIVE), NOW, Rhythm(rhythm), NOW) - NOW == timedelta(
        minutes=adaptive_minutes(ADAPTIVE, rhythm)
    )


def test_adaptive_reads_visits_in_any_order() -> None:
    rhythm = visits((30, 30), (30, 0), (30, 1), (30, 20))
    assert adaptive_minutes(ADAPTIVE, rhythm) == adaptive_minutes(ADAPTIVE, rhythm[::-1])


def test_the_seeds_of_one_crawl_count_as_one_step() -> None:
    rhythm = [
        visit(30, 0, minutes_ago=60),
        visit(30, 0, minutes_ago=59, seed=SITEMAP),
        visit(30, 0, minutes_ago=1),
        visit(30, 30, minutes_ago=0, seed=SITEMAP),
    ]
    assert adaptive_minutes(ADAPTIVE, rhythm) == pytest.approx(75.0)


def test_outlet_that_does_not_answer_is_asked_more_rarely() -> None:
    silent = [visit(0, 0, minutes_ago=number * 60, reason=Reason.FAILED_TIMEOUT) for number in range(3)]
    assert adaptive_minutes(ADAPTIVE, silent) == pytest.approx(337.5)


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (Cron("0 6 * * *", "Europe/Paris"), "cron 0 6 * * * (Europe/Paris)"),
        (Interval(7.5), "every 7.5 min"),
        (ADAPTIVE, "adaptive 100 min (10 to 1000)"),
    ],
)
def test_rule_says_the_schedule_in_words(schedule: Schedule, words: str) -> None:
    assert rule(card(schedule), Rhythm()) == words
