"""A dry run tells what then happens, over weeks with a handed-in clock."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from queued import CARDS, SLOTS, STEADY, arrive, day, outlets_of, week, went_out
from store.samples import article

from aggregator import wallclock
from aggregator.config import PublishSettings, Settings
from aggregator.model.decision import Hold, Publish, Refuse
from aggregator.publishing import Foreseen, foresee, publish, publish_all, publish_slot
from aggregator.store import decisions, editions, slot
from aggregator.store.decisions import Standing
from aggregator.store.engine import Database

# In Paris the clock is moved on 30 March and on 26 October 2031; both are Sundays.
pytestmark = pytest.mark.slow
SPRING = datetime(2031, 3, 24, tzinfo=UTC)
AUTUMN = datetime(2031, 10, 20, tzinfo=UTC)
WEEK = timedelta(days=7)
Gone = list[tuple[datetime, int, str]]
# What the rules do to a clock is the same on any database.
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def told(foreseen: Foreseen) -> Gone:
    """What a dry run foresees, as ``went_out`` tells what happened."""
    lines = []
    for edition in foreseen.editions:
        for one in edition.goes_out:
            assert isinstance(one.decision, Publish | Refuse)
            fate = one.decision.mode.value if isinstance(one.decision, Publish) else "refused"
            lines.append((edition.at, one.id, fate))
    return lines


def ticks(start: datetime, end: datetime) -> Iterator[datetime]:
    """A scheduler's clock: a look every quarter of an hour, three seconds late."""
    at = start
    while at <= end:
        yield at + timedelta(seconds=3)
        at += timedelta(minutes=15)


def live(db: Database, settings: Settings, start: datetime, end: datetime) -> None:
    """Run the editions as the scheduler does."""
    rules = settings.publish
    for now in ticks(start, end):
        if rules.slots:
            publish_slot(db, CARDS, settings, now)
        elif (now - start) // timedelta(minutes=15) % (rules.every_minutes / 15) == 0:
            list(publish_all(db, CARDS, settings, now))


def opened(db: Database, rules: PublishSettings, at: datetime) -> Settings:
    """A database with a week's articles, and a scheduler that has just started for the first time."""
    settings = Settings(publish=rules)
    arrive(db, at - timedelta(hours=1), *week(at))
    if rules.slots:
        assert publish_slot(db, CARDS, settings, at) is None
    return settings


@pytest.mark.parametrize(
    ("database_url", "rules", "start"),
    [
        pytest.param("sqlite", SLOTS, SPRING, id="sqlite-slots-spring"),
        pytest.param("sqlite", STEADY, AUTUMN, id="sqlite-steady-autumn"),
        pytest.param("postgresql", SLOTS, AUTUMN, id="postgresql-slots-autumn", marks=pytest.mark.postgres),
        pytest.param("postgresql", STEADY, SPRING, id="postgresql-steady-spring", marks=pytest.mark.postgres),
    ],
    indirect=["database_url"],
)
def test_a_week_goes_as_the_dry_run_has_told(db: Database, rules: PublishSettings, start: datetime) -> None:
    settings = opened(db, rules, start)
    end = start + WEEK
    foreseen = foresee(db, CARDS, settings, start, end)
    assert not went_out(db)
    live(db, settings, start, end)
    assert went_out(db) == told(foreseen)
    assert len(went_out(db)) > 50
    assert any(number > 90 for _, number, _ in went_out(db))  # a copy that is better than its original
    keeps_the_rules(db, rules)
    waits = {one.candidate.id for one in foreseen.stays}
    assert waits.isdisjoint(number for _, number, _ in went_out(db))
    assert len(waits) + len(went_out(db)) == 90


def keeps_the_rules(db: Database, rules: PublishSettings) -> None:
    cards = outlets_of(db)
    gone = [(at, number) for at, number, fate in went_out(db) if fate != "refused"]
    assert len({number for _, number in gone}) == len(gone)
    assert max(Counter(day(at) for at, _ in gone).values()) <= (rules.max_per_day or 0)
    assert not any(wallclock.end_of_hours(rules.quiet_hours, rules.timezone, at) for at, _ in gone)
    by_outlet = Counter((cards[number].slug, day(at)) for at, number in gone)
    assert all(count <= (CARDS[slug].publish.daily_cap or 99) for (slug, _), count in by_outlet.items())
    months = Counter((cards[number].slug, at.month) for at, number in gone)
    assert all(count <= (CARDS[slug].rights.monthly_cap or 99) for (slug, _), count in months.items())
    assert {cards[number].slug for _, number in gone} == {"harbour", "summit", "wharf", "pier"}


@on_sqlite
def test_a_night_without_a_scheduler_is_one_edition_and_the_dry_run_after_it_is_true(db: Database) -> None:
    settings = opened(db, SLOTS, SPRING)
    night = SPRING + timedelta(days=1, hours=4)
    live(db, settings, SPRING, night)
    before = went_out(db)
    back = SPRING + timedelta(days=2, hours=10, minutes=15)
    foreseen = foresee(db, CARDS, settings, back, SPRING + WEEK)
    live(db, settings, back, SPRING + WEEK)
    after = went_out(db)[len(before) :]
    assert {at for at, _, _ in after[:4]} == {back}
    assert after == told(foreseen)
    assert Counter(at for at, _, _ in after)[back] == 4
    keeps_the_rules(db, SLOTS)


@on_sqlite
def test_new_articles_only_change_what_comes_after_them(db: Database) -> None:
    settings = opened(db, SLOTS, SPRING)
    for number, now in enumerate(ticks(SPRING, SPRING + timedelta(days=2))):
        if number % 8 == 0:
            fresh = article(200 + number, outlet="pier", published=now - timedelta(minutes=5))
            arrive(db, now - timedelta(minutes=1), fresh)
        foreseen = foresee(db, CARDS, settings, now, now)
        before = len(went_out(db))
        publish_slot(db, CARDS, settings, now)
        assert [line[1:] for line in went_out(db)[before:]] == [line[1:] for line in told(foreseen)]
    keeps_the_rules(db, SLOTS)


def test_an_empty_slot_is_remembered_and_invents_no_edition(db: Database) -> None:
    settings = Settings(publish=PublishSettings(slots=("0 * * * *",)))
    assert publish_slot(db, CARDS, settings, SPRING) is None
    report = publish_slot(db, CARDS, settings, SPRING + timedelta(hours=1))
    assert report is not None
    assert report.edition is None
    assert publish_slot(db, CARDS, settings, SPRING + timedelta(hours=1, seconds=30)) is None
    assert slot.last(db) == SPRING + timedelta(hours=1)
    assert editions.editions(db, 5) == []


@on_sqlite
def test_a_clock_that_is_put_back_stops_slots_for_as_long_and_publishes_nothing_twice(db: Database) -> None:
    settings = opened(db, SLOTS.model_copy(update={"slots": ("0 * * * *",), "quiet_hours": ()}), SPRING)
    live(db, settings, SPRING, SPRING + timedelta(hours=12))
    before = went_out(db)
    live(db, settings, SPRING + timedelta(hours=9), SPRING + timedelta(hours=12))
    assert went_out(db) == before
    live(db, settings, SPRING + timedelta(hours=12), SPRING + timedelta(days=2))
    assert len(went_out(db)) > len(before)
    assert slot.last(db) is not None
    keeps_the_rules(db, settings.publish)


@on_sqlite
def test_a_clock_that_was_years_ahead_is_forgotten(db: Database) -> None:
    settings = opened(db, SLOTS, SPRING)
    publish_slot(db, CARDS, settings, SPRING + timedelta(days=4000))
    assert publish_slot(db, CARDS, settings, SPRING) is None
    assert slot.last(db) == SPRING
    assert publish_slot(db, CARDS, settings, SPRING + timedelta(hours=8)) is not None


def test_by_hand_no_slot_is_needed_and_by_force_no_quiet_hours_count(db: Database) -> None:
    settings = opened(db, SLOTS, SPRING)
    quiet = SPRING + timedelta(hours=16)  # 17:00 in Paris
    report = publish(db, CARDS, settings, quiet)
    assert (report.edition, report.queued) == (None, 90)
    assert [words for words in report.reasons if words.startswith("Quiet hours, until 17:30")]
    forced = publish(db, CARDS, settings, quiet, is_forced=True)
    assert forced.published + forced.refused == 4
    assert slot.last(db) == SPRING
    assert forced.more


def test_those_behind_a_full_edition_are_noted_and_who_needs_a_person_is_in_review(db: Database) -> None:
    settings = opened(db, SLOTS, SPRING)
    report = publish(db, CARDS, settings, SPRING + timedelta(hours=2))
    known = decisions.of(db, range(1, 130))
    states = Counter(one.standing for one in known.values())
    assert len(known) == 90 - report.published - report.refused
    assert states[Standing.IN_REVIEW] == 18 - sum(number % 23 == 0 for number in range(3, 91, 5))
    assert states[Standing.QUEUED] > 20
    assert states[Standing.HELD] > 0
    assert len(decisions.waiting(db, Standing.IN_REVIEW)) == states[Standing.IN_REVIEW]
    # A second look in quiet hours changes what waits for its turn, and nobody else.
    publish(db, CARDS, settings, SPRING + timedelta(hours=16))
    later = Counter(one.standing for one in decisions.of(db, range(1, 130)).values())
    assert (later[Standing.QUEUED], later[Standing.IN_REVIEW]) == (0, states[Standing.IN_REVIEW])
    scheduled = decisions.waiting(db, Standing.SCHEDULED)
    assert {one.decided.code for one in scheduled} == {"edition/quiet-hours"}
    # 17:30 in Paris has no slot; 18:00 has.
    assert {one.decided.until for one in scheduled} == {SPRING + timedelta(hours=17)}


def test_what_stays_has_a_reason_and_a_moment_if_one_ends_it(db: Database) -> None:
    settings = opened(db, SLOTS, SPRING)
    foreseen = foresee(db, CARDS, settings, SPRING, SPRING + timedelta(hours=7))
    assert len(foreseen.stays) > 60
    assert all(one.decision.reason.words for one in foreseen.stays)
    before = foresee(db, CARDS, settings, SPRING, SPRING + timedelta(hours=1))
    assert (before.editions, len(before.stays)) == ((), 90)
    holds = [one.decision for one in before.stays if one.decision.reason.code == "edition/slot"]
    # A quarter past two in Paris is the first slot.
    assert {hold.until for hold in holds if isinstance(hold, Hold)} == {SPRING + timedelta(hours=1.25)}
    assert len(holds) == 4
