"""What holds for every edition, whatever waits, whatever is out and whatever the rules are."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from publish.queues import FULL, GONE, LINK, NOON, REFUSE, REVIEW, waits

from aggregator import wallclock
from aggregator.config import PublishSettings
from aggregator.model.decision import Publish
from aggregator.model.outlet import Pace
from aggregator.publish import slots
from aggregator.publish.candidate import Candidate
from aggregator.publish.edition import Plan, plan
from aggregator.publish.ledger import Sent
from aggregator.publish.rights import month_of

OUTLETS = ("harbour", "summit", "wharf")
ZONE = "Europe/Paris"
RANGES = ("22:00-06:30", "12:00-13:00", "00:30-02:30")

PACES = st.builds(
    Pace,
    drip=st.none() | st.integers(1, 3),
    drip_minutes=st.sampled_from([0, 0, 30, 90]),
    daily_cap=st.none() | st.integers(1, 4),
    embargo_minutes=st.sampled_from([0, 0, 120]),
    quiet_hours=st.lists(st.sampled_from(RANGES), max_size=1).map(tuple),
)
RULES = st.builds(
    PublishSettings,
    max_articles=st.integers(1, 6),
    max_per_day=st.none() | st.integers(1, 8),
    gap_minutes=st.sampled_from([0, 0, 45]),
    quiet_hours=st.lists(st.sampled_from(RANGES), max_size=2).map(tuple),
    expire_hours=st.none() | st.sampled_from([12.0, 48.0]),
    timezone=st.just(ZONE),
    slots=st.sampled_from([(), ("0 * * * *",), ("*/30 5-23 * * *", "15 2 * * *")]),
)
HOURS = st.integers(-40, 30).map(lambda hours: NOON + timedelta(hours=hours))
AROUND = st.sampled_from(
    [datetime.fromisoformat(f"2026-{day}T18:00Z") for day in ("03-28", "10-24", "06-29")]
)


@st.composite
def queues(draw: st.DrawFn) -> list[Candidate]:
    pace = {outlet: draw(PACES) for outlet in OUTLETS}
    cap = {outlet: draw(st.none() | st.integers(1, 3)) for outlet in OUTLETS}
    made = []
    for number in range(draw(st.integers(0, 14))):
        outlet = draw(st.sampled_from(OUTLETS))
        decision = draw(st.sampled_from([FULL, FULL, FULL, LINK, REFUSE, REVIEW, GONE]))
        facts: dict[str, Any] = {"pace": pace[outlet], "monthly_cap": cap[outlet], "decision": decision}
        made.append(waits(number, outlet, published=draw(HOURS), stored_at=NOON, **facts))
    return made


def run(
    queue: Sequence[Candidate], rules: PublishSettings, start: datetime, count: int
) -> list[tuple[datetime, Plan]]:
    """So many editions, one after the other, each at its slot."""
    waiting, sent, at, done = list(queue), list[Sent](), start, []
    for _ in range(count):
        made = plan(waiting, rules, sent, at, is_thorough=True)
        done.append((at, made))
        sent += made.sent(at)
        gone = {one.id for one in made.goes_out}
        waiting = [one for one in waiting if one.id not in gone]
        at = slots.following(rules, at)
    return done


def out(done: list[tuple[datetime, Plan]]) -> list[tuple[datetime, Candidate]]:
    return [(at, one) for at, made in done for one in made.goes_out if isinstance(one.decision, Publish)]


@given(queues(), RULES, AROUND)
@settings(max_examples=150, deadline=None)
def test_no_cap_no_hour_and_no_pause_is_ever_broken(
    queue: list[Candidate], rules: PublishSettings, start: datetime
) -> None:
    gone = out(run(queue, rules, start, 60))
    assert len({one.id for _, one in gone}) == len(gone)
    days = Counter(wallclock.day_of(ZONE, at) for at, _ in gone)
    assert all(count <= (rules.max_per_day or 10**9) for count in days.values())
    editions = sorted({at for at, _ in gone})
    assert all(not wallclock.end_of_hours(rules.quiet_hours, ZONE, at) for at in editions)
    pauses = [later - earlier for earlier, later in pairwise(editions)]
    assert all(pause >= timedelta(minutes=rules.gap_minutes) for pause in pauses)
    for outlet in OUTLETS:
        keeps_to_its_card([(at, one) for at, one in gone if one.outlet == outlet])


def keeps_to_its_card(gone: list[tuple[datetime, Candidate]]) -> None:
    if not gone:
        return
    pace, cap = gone[0][1].pace, gone[0][1].monthly_cap
    moments = [at for at, _ in gone]
    assert max(Counter(moments).values()) <= (pace.drip or 10**9)
    days = Counter(wallclock.day_of(ZONE, at) for at in moments)
    assert max(days.values()) <= (pace.daily_cap or 10**9)
    texts = Counter(month_of(at) for at, one in gone if one.is_text)
    assert all(count <= (cap or 10**9) for count in texts.values())
    pauses = [later - earlier for earlier, later in pairwise(moments)]
    assert all(pause >= timedelta(minutes=pace.drip_minutes) for pause in pauses)
    for at, one in gone:
        assert not wallclock.end_of_hours(pace.quiet_hours, ZONE, at)
        if pace.embargo_minutes:
            assert at >= one.since + timedelta(minutes=pace.embargo_minutes)


@given(queues(), RULES, RULES, st.lists(st.sampled_from(OUTLETS), max_size=6))
@settings(deadline=None)
def test_a_further_rule_never_publishes_more(
    queue: list[Candidate], rules: PublishSettings, other: PublishSettings, before: list[str]
) -> None:
    sent = [Sent(NOON - timedelta(minutes=50), outlet, is_text=True) for outlet in before]
    narrower = rules.model_copy(
        update={
            "max_articles": min(rules.max_articles, other.max_articles),
            "max_per_day": min((n for n in (rules.max_per_day, other.max_per_day) if n), default=None),
            "gap_minutes": max(rules.gap_minutes, other.gap_minutes),
            "quiet_hours": (*rules.quiet_hours, *other.quiet_hours),
            "expire_hours": min((n for n in (rules.expire_hours, other.expire_hours) if n), default=None),
        }
    )
    counts = [len(plan(queue, each, sent, NOON).sent(NOON)) for each in (rules, narrower)]
    assert counts[1] <= counts[0]


@given(queues(), RULES, AROUND)
@settings(deadline=None)
def test_everybody_goes_out_or_has_a_reason_and_a_thorough_look_changes_nothing(
    queue: list[Candidate], rules: PublishSettings, at: datetime
) -> None:
    thorough, quick = plan(queue, rules, (), at, is_thorough=True), plan(queue, rules, (), at)
    assert thorough.goes_out == quick.goes_out
    told = [one.id for one in thorough.goes_out] + [one.candidate.id for one in thorough.stays]
    assert sorted(told) == [one.id for one in queue]


@given(queues(), RULES, AROUND)
@settings(deadline=None)
def test_nobody_goes_out_before_the_moment_that_was_told(
    queue: list[Candidate], rules: PublishSettings, start: datetime
) -> None:
    latest: dict[int, datetime] = {}
    for at, made in run(queue, rules, start, 30):
        assert all(at >= latest.get(one.id, at) for one in made.goes_out)
        for one in made.stays:
            until = getattr(one.decision, "until", None)
            assert until is None or until > at
            if until is not None:
                latest[one.candidate.id] = until
