"""The learned pause: outlets are asked when they publish, within the card's bounds."""

from datetime import UTC, datetime, timedelta

import pytest

from aggregator.model.crawl import Reason
from aggregator.model.outlet import Adaptive, Outlet, Seed, SeedKind
from aggregator.model.page import Validator
from aggregator.model.watched import Usual
from aggregator.schedule.due import Rhythm, next_run, rule
from aggregator.schedule.learned import learned_minutes
from aggregator.store.crawls import SeedVisit

MONDAY = datetime(2031, 4, 7, tzinfo=UTC)
CARD = Adaptive(fastest_minutes=10, slowest_minutes=720)
BUSY_HOURS = range(6, 18)


def usual(a_day: float = 24, weeks: float = 6) -> Usual:
    """All of it comes by day, from Monday to Friday."""
    rates = [
        a_day / len(BUSY_HOURS) if number // 24 < 5 and number % 24 in BUSY_HOURS else 1e-5
        for number in range(168)
    ]
    return Usual(
        "harbour", MONDAY, weeks, round(weeks * 5 * a_day), tuple(rates), 9.0, 63.0, 0.05, 0.25, {}, {}
    )  # fmt: skip


def visit(at: datetime, new: int = 0, found: int = 30, reason: Reason = Reason.STORED) -> SeedVisit:
    seed = Seed(SeedKind.FEED, "https://harbour.example/feed.xml")
    return SeedVisit("harbour", seed, reason, 200, None, Validator(), found, new, at)


def pause(last: datetime, *visits: SeedVisit, a_day: float = 24) -> float:
    return learned_minutes(CARD, usual(a_day), visits, last)


def test_by_day_an_outlet_is_asked_when_half_an_article_is_due() -> None:
    assert pause(MONDAY + timedelta(hours=9)) == pytest.approx(15)
    assert pause(MONDAY + timedelta(hours=9), a_day=240) == 10
    assert pause(MONDAY + timedelta(hours=9), a_day=1) == pytest.approx(360)


def test_by_night_and_at_the_weekend_it_is_left_alone() -> None:
    assert pause(MONDAY + timedelta(hours=19)) == pytest.approx(11 * 60 + 15, abs=1)
    assert pause(MONDAY + timedelta(days=5)) == 720


def test_a_busy_day_is_asked_more_and_a_holiday_less() -> None:
    nine = MONDAY + timedelta(hours=9)
    busy = [visit(nine - timedelta(minutes=15 * number), new=4) for number in range(8)]
    slack = [visit(nine - timedelta(minutes=15 * number), new=0) for number in range(8)]
    assert pause(nine, *busy) == 10
    assert pause(nine, *slack) > 25


def test_a_short_feed_is_asked_before_it_can_run_over() -> None:
    assert pause(MONDAY + timedelta(hours=9), visit(MONDAY, found=1), a_day=12) < 25


def test_a_seed_that_fails_is_asked_less_and_less() -> None:
    nine = MONDAY + timedelta(hours=9)
    failed = [visit(nine - timedelta(minutes=number), reason=Reason.FAILED_DNS, found=0) for number in (0, 1)]
    assert pause(nine, *failed) == pytest.approx(15 * 1.5**2, rel=0.05)


def test_the_plan_tells_what_was_learned_and_moves_each_visit_a_little() -> None:
    seeds = (Seed(SeedKind.FEED, "https://harbour.example/feed.xml"),)
    card = Outlet("harbour", "Harbour", "https://harbour.example", "en", "IE", seeds, schedule=CARD)
    nine = MONDAY + timedelta(hours=9)
    moments = {next_run(card, nine + timedelta(minutes=n), Rhythm((), usual()), nine) for n in range(9)}
    pauses = sorted(moment - nine - timedelta(minutes=n) for n, moment in enumerate(sorted(moments)))
    assert timedelta(minutes=15) <= pauses[0] < pauses[-1] <= timedelta(minutes=16.5)
    assert (
        rule(card, Rhythm((), usual()), nine) == "adaptive 15 min (10 to 720, learned: 120 articles a week)"
    )
    assert rule(card, Rhythm((), usual(weeks=0.5)), nine) == "adaptive 84.9 min (10 to 720)"
