"""The plan: last crawls from the store, next ones soonest first, and who goes out together."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aggregator import clock
from aggregator.model.crawl import Reason, RunState
from aggregator.model.outlet import Adaptive, Cron, Interval, Outlet, Schedule, Seed, SeedKind
from aggregator.model.page import Validator
from aggregator.schedule.plan import PlannedRun, Planner, batches, ready
from aggregator.store import crawls
from aggregator.store.crawls import SeedVisit
from aggregator.store.engine import Database

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
FEED = Seed(SeedKind.FEED, "https://www.example.org/feed")


def outlet(slug: str, schedule: Schedule | None = None) -> Outlet:
    return Outlet(
        slug, slug, "https://www.example.org/", "en", "GB", (FEED,), schedule=schedule or Interval(60)
    )


def planned(
    slug: str, *, due_seconds_ago: float, schedule: Schedule | None = None, first: bool = False
) -> PlannedRun:
    moment = NOW - timedelta(seconds=due_seconds_ago)
    return PlannedRun(outlet(slug, schedule), None if first else moment - timedelta(hours=1), moment, "")


def test_plan_is_sorted_by_next_run_and_leaves_out_paused_outlets(db: Database) -> None:
    cards = {
        "daily": outlet("daily", Cron("0 6 * * *")),
        "hourly": outlet("hourly", Interval(60, jitter_seconds=0)),
        "new": outlet("new"),
        "paused": replace(outlet("paused"), paused=True),
    }
    run = crawls.start_run(db, ["daily", "hourly", "paused"], os.getpid())
    crawls.end_run(db, run, RunState.FINISHED)
    now = clock.now()
    plan = Planner(db).plan(cards, now)
    assert plan[0].outlet.slug == "new"
    assert plan[0].last is None
    assert plan[0].next == now
    assert {run.outlet.slug for run in plan} == {"new", "hourly", "daily"}
    assert [run.next for run in plan] == sorted(run.next for run in plan)
    hourly = next(run for run in plan if run.outlet.slug == "hourly")
    assert hourly.last is not None
    assert hourly.next == hourly.last + timedelta(hours=1)


def test_an_interrupted_crawl_does_not_count_so_its_outlets_are_due_again(db: Database) -> None:
    run = crawls.start_run(db, ["cut"], os.getpid())
    crawls.end_run(db, run, RunState.INTERRUPTED)
    now = clock.now()
    assert Planner(db).plan({"cut": outlet("cut")}, now)[0].next == now


def test_an_attempt_that_left_no_run_is_not_repeated_at_once(db: Database) -> None:
    now = clock.now()
    plan = Planner(db).plan({"new": outlet("new", Interval(60, jitter_seconds=0))}, now, {"new": now})
    assert plan[0].next == now + timedelta(hours=1)


def test_adaptive_follows_what_the_visits_in_the_store_found(db: Database) -> None:
    cards = {"lively": outlet("lively", Adaptive(10, 1000))}
    planner = Planner(db)
    for _ in range(2):
        run = crawls.start_run(db, ["lively"], os.getpid())
        at = clock.now()
        visit = SeedVisit("lively", FEED, Reason.STORED, 200, None, Validator(), 10, 10, at)
        crawls.save_seed(db, run, visit)
        crawls.end_run(db, run, RunState.FINISHED)
        plan = planner.plan(cards, clock.now())
    last = plan[0].last
    assert last is not None
    assert (plan[0].next - last) == timedelta(minutes=25)
    assert plan[0].rule == "adaptive 25 min (10 to 1000)"


def test_outlet_that_is_due_waits_a_moment_for_company() -> None:
    plan = [planned("a", due_seconds_ago=10), planned("b", due_seconds_ago=-30)]
    assert ready(plan, NOW, 50) == ()
    assert ready(plan, NOW + timedelta(seconds=50), 50) == ("a", "b")


def test_full_batch_goes_out_at_once() -> None:
    plan = [planned(slug, due_seconds_ago=1) for slug in "abc"]
    assert ready(plan, NOW, 4) == ()
    assert ready(plan, NOW, 3) == ("a", "b", "c")


def test_first_crawls_and_cron_times_do_not_wait_and_take_the_others_along() -> None:
    waiting = planned("a", due_seconds_ago=1)
    assert ready([waiting, planned("b", due_seconds_ago=0, first=True)], NOW, 50) == ("a", "b")
    assert ready([waiting, planned("b", due_seconds_ago=0, schedule=Cron("0 * * * *"))], NOW, 50) == (
        "a",
        "b",
    )


def test_short_interval_has_short_patience() -> None:
    run = PlannedRun(outlet("a"), NOW - timedelta(seconds=60), NOW, "")
    assert run.latest == NOW + timedelta(seconds=6)


def test_batches_keep_the_order_and_the_size() -> None:
    assert list(batches("abcde", 2)) == [("a", "b"), ("c", "d"), ("e",)]
    assert list(batches((), 2)) == []


def test_an_outlet_whose_cron_time_never_comes_does_not_stop_the_others(
    db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    cards = {
        "leap": outlet("leap", Cron("0 0 30 2 *")),
        "hourly": outlet("hourly", Interval(60, jitter_seconds=0)),
    }
    run = crawls.start_run(db, list(cards), os.getpid())
    crawls.end_run(db, run, RunState.FINISHED)
    planner = Planner(db)
    now = clock.now()
    assert [planned.outlet.slug for planned in planner.plan(cards, now)] == ["hourly"]
    planner.plan(cards, now)
    [told] = [record.getMessage() for record in caplog.records]
    assert told.startswith("outlet leap: cron '0 0 30 2 *' never comes; correct schedule.cron on its card")
