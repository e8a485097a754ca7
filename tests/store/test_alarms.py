"""Alarms in the store: one a cause, seen and ended by people, gathered by what they have in common."""

from datetime import timedelta

from store.samples import NOON, outlet

from aggregator.model.alarm import AlarmKind, AlarmState, Finding
from aggregator.store import alarms, outlets
from aggregator.store.engine import Database
from aggregator.watch.settling import settle

SLUGS = ("harbour", "summit", "valley")


def finding(slug: str = "harbour", kind: AlarmKind = AlarmKind.FAILING, **more: object) -> Finding:
    return Finding(slug, kind, NOON - timedelta(hours=3), "failed/dns", "no address", samples=3, **more)  # type: ignore[arg-type]


def look(db: Database, *found: Finding, hours: float = 0) -> tuple[list[int], list[int]]:
    at = NOON + timedelta(hours=hours)
    outlets.sync(db, [outlet(slug) for slug in SLUGS])
    turn = settle(alarms.listed(db), found, SLUGS, at)
    raised, over = alarms.apply(db, turn, at)
    return [one.id for one in raised], [one.id for one in over]


def test_an_alarm_is_raised_once_and_goes_by_itself(db: Database) -> None:
    assert look(db, finding()) == ([1], [])
    assert look(db, finding(), hours=1) == ([], [])
    (alarm,) = alarms.listed(db)
    assert (alarm.state, alarm.raised_at, alarm.seen_at) == (
        AlarmState.RAISED,
        NOON,
        NOON + timedelta(hours=1),
    )
    assert alarm.finding == finding()
    assert look(db, hours=2) == ([], [1])
    assert alarms.listed(db) == []
    assert look(db, finding(), hours=3) == ([2], [])
    assert alarms.counts(db) == {AlarmState.RAISED: 1, AlarmState.ACKNOWLEDGED: 0, AlarmState.RESOLVED: 1}


def test_two_lookers_raise_one_alarm(db: Database) -> None:
    outlets.sync(db, [outlet("harbour")])
    turn = settle([], [finding()], SLUGS, NOON)
    assert [len(alarms.apply(db, turn, NOON)[0]) for _ in range(2)] == [1, 0]


def test_an_alarm_seen_by_a_person_stays_until_it_is_over(db: Database) -> None:
    look(db, finding())
    assert alarms.acknowledge(db, [1, 99], "lin", NOON, "they move house") == [1]
    assert alarms.acknowledge(db, [1], "otto", NOON) == []
    (alarm,) = alarms.listed(db)
    assert (alarm.state, alarm.acknowledged_by, alarm.note) == (
        AlarmState.ACKNOWLEDGED,
        "lin",
        "they move house",
    )
    assert look(db, finding(), hours=1) == ([], [])
    assert look(db, hours=2) == ([], [1])


def test_a_person_can_end_an_alarm(db: Database) -> None:
    look(db, finding())
    assert alarms.resolve(db, [1], "lin", NOON) == [1]
    assert alarms.resolve(db, [1], "otto", NOON) == []
    ended = alarms.get(db, 1)
    assert ended is not None
    assert (ended.state, ended.resolved_by) == (AlarmState.RESOLVED, "lin")


def test_what_is_not_firm_keeps_an_alarm_and_raises_none(db: Database) -> None:
    assert look(db, finding(is_firm=False)) == ([], [])
    look(db, finding())
    assert look(db, finding(is_firm=False)) == ([], [])


def test_a_thin_feed_that_falls_silent_is_one_alarm_and_so_is_one_that_brings_a_little_again(
    db: Database,
) -> None:
    thin, silent = (finding(kind=kind) for kind in (AlarmKind.THIN, AlarmKind.SILENT))
    held = finding(kind=AlarmKind.THIN, is_firm=False)
    told = [look(db, *found, hours=hour) for hour, found in enumerate([[thin], [silent, held], [silent]])]
    assert told == [([1], []), ([], []), ([], [])]
    assert [one.finding.kind for one in alarms.listed(db)] == [AlarmKind.SILENT]
    assert (look(db, thin, hours=3), look(db, held, hours=4)) == (([], []), ([], []))
    assert [one.finding.kind for one in alarms.listed(db)] == [AlarmKind.THIN]
    assert look(db, hours=5) == ([], [1])


def test_a_silence_that_ends_is_over_though_the_week_was_thin(db: Database) -> None:
    look(db, finding(kind=AlarmKind.SILENT))
    assert look(db, finding(kind=AlarmKind.THIN, is_firm=False), hours=1) == ([], [1])


def test_alarms_of_one_cause_are_a_group_also_when_they_come_one_after_another(db: Database) -> None:
    first = [finding("harbour")]
    look(db, *first)
    look(db, *first, finding("summit"), hours=1)
    assert {one.group for one in alarms.listed(db)} == {1, 2}
    look(db, finding("harbour"), finding("summit"), finding("valley"), hours=1.5)
    assert {one.group for one in alarms.listed(db)} == {1}


def test_alarms_are_listed_by_outlet_and_kind(db: Database) -> None:
    look(db, finding("harbour"), finding("summit", AlarmKind.COVERAGE, aspect="byline"))
    assert [one.finding.outlet for one in alarms.listed(db, outlet="summit")] == ["summit"]
    assert [one.finding.aspect for one in alarms.listed(db, kind=AlarmKind.COVERAGE)] == ["byline"]
    assert alarms.listed(db, states=[AlarmState.RESOLVED]) == []
