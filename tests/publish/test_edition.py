"""An edition, as a table: candidates, rules and what is out, against who goes out and why the others stay."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from publish.queues import FULL, GONE, LINK, NOON, REFUSE, REVIEW, numbers, reasons, waits

from aggregator.config import PublishSettings
from aggregator.model.decision import Code, Refuse
from aggregator.model.outlet import Pace
from aggregator.publish.candidate import Candidate, Standing, in_order
from aggregator.publish.edition import plan
from aggregator.publish.ledger import Sent
from aggregator.publish.rights import LONGEST_EMBARGO

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
MIDNIGHT = NOON + 12 * HOUR


@dataclass(frozen=True)
class Case:
    name: str
    queue: Sequence[Candidate]
    out: list[int]
    stays: dict[int, tuple[str, datetime | None]] = field(default_factory=dict)
    rules: PublishSettings = field(default_factory=PublishSettings)
    sent: Sequence[Sent] = ()
    at: datetime = NOON


def ago(minutes: float, outlet: str = "harbour", *, is_text: bool = True) -> Sent:
    return Sent(NOON - timedelta(minutes=minutes), outlet, is_text)


def paced(**keys: object) -> Pace:
    return Pace(**keys)  # type: ignore[arg-type]


CASES = [
    Case("nothing holds anybody back", [waits(1), waits(2)], [1, 2]),
    Case("refusals go with the edition", [waits(1, decision=REFUSE), waits(2)], [1, 2]),
    Case(
        "rights come first",
        [waits(1, decision=REVIEW), waits(2, decision=GONE), waits(3)],
        [3],
        {1: ("card/by-hand", None), 2: ("card/gone", None)},
    ),
    Case(
        "a full edition",
        [waits(1), waits(2), waits(3)],
        [1, 2],
        {3: ("edition/full", None)},
        PublishSettings(max_articles=2),
    ),
    Case(
        "the article's own embargo",
        [waits(1, published=NOON + HOUR), waits(2)],
        [2],
        {1: ("article/embargo", NOON + HOUR)},
    ),
    Case(
        "a date further ahead than a day is no embargo",
        [waits(1, published=NOON + LONGEST_EMBARGO + MINUTE)],
        [1],
    ),
    Case(
        "the card's embargo counts from the original",
        [waits(1, pace=paced(embargo_minutes=90)), waits(2, pace=paced(embargo_minutes=60))],
        [2],
        {1: ("card/embargo", NOON + 30 * MINUTE)},
    ),
    Case(
        "the card's embargo of an undated article counts from when it was met",
        [waits(1, published=None, pace=paced(embargo_minutes=60))],
        [],
        {1: ("card/embargo", NOON + 30 * MINUTE)},
    ),
    Case(
        "an embargo is kept to the second, and news of this minute goes out",
        [
            waits(1, published=NOON + timedelta(seconds=31)),
            waits(2, published=NOON + timedelta(seconds=29), stored_at=NOON + timedelta(seconds=30)),
        ],
        [2],
        {1: ("article/embargo", NOON + timedelta(seconds=31))},
        at=NOON + timedelta(seconds=30),
    ),
    Case(
        "the month's texts, links aside",
        [waits(1, monthly_cap=2), waits(2, monthly_cap=2, decision=LINK), waits(3, monthly_cap=2)],
        [1],
        {
            2: ("card/monthly-cap", datetime.fromisoformat("2026-07-01T00:00Z")),
            3: ("card/monthly-cap", datetime.fromisoformat("2026-07-01T00:00Z")),
        },
        sent=[
            ago(60),
            ago(61, is_text=False),
            ago(60 * 24 * 5, is_text=False),
            Sent(NOON - 90 * 24 * HOUR, "harbour", is_text=True),
        ],
    ),
    Case(
        "quiet hours past midnight",
        [waits(1)],
        [],
        {1: ("edition/quiet-hours", NOON + 30 * MINUTE)},
        PublishSettings(quiet_hours=("22:00-14:30",), timezone="Europe/Paris"),
    ),
    Case(
        "quiet hours with slots end with the first slot behind them",
        [waits(1)],
        [],
        {1: ("edition/quiet-hours", NOON + HOUR)},
        PublishSettings(quiet_hours=("12:00-12:30",), slots=("0 * * * *",)),
    ),
    Case(
        "an outlet's own quiet hours",
        [waits(1, pace=paced(quiet_hours=("11:00-13:00",))), waits(2, "summit")],
        [2],
        {1: ("card/quiet-hours", NOON + HOUR)},
    ),
    Case(
        "too soon after the last edition",
        [waits(1)],
        [],
        {1: ("edition/gap", NOON + 20 * MINUTE)},
        PublishSettings(gap_minutes=30),
        [ago(10, "summit")],
    ),
    Case(
        "the pause is over to the minute",
        [waits(1)],
        [1],
        {},
        PublishSettings(gap_minutes=30),
        [Sent(NOON - timedelta(minutes=29, seconds=1), "summit", is_text=True)],
        NOON,
    ),
    Case(
        "an edition of a clock that was put back does not stop the next ones",
        [waits(1)],
        [1],
        {},
        PublishSettings(gap_minutes=30),
        [Sent(NOON + 2 * HOUR, "summit", is_text=True)],
    ),
    Case(
        "the day is full",
        [waits(1), waits(2)],
        [1],
        {2: ("edition/day-full", MIDNIGHT)},
        PublishSettings(max_per_day=3),
        [ago(60), ago(11 * 60, "summit"), ago(12 * 60 + 1)],
    ),
    Case(
        "the outlet's day is full",
        [waits(1, pace=paced(daily_cap=2)), waits(2, pace=paced(daily_cap=2)), waits(3, "summit")],
        [1, 3],
        {2: ("card/daily-cap", MIDNIGHT)},
        sent=[ago(60), ago(60, "summit"), ago(13 * 60)],
    ),
    Case(
        "a drip by number",
        [waits(1, pace=paced(drip=1)), waits(2, pace=paced(drip=1)), waits(3, "summit")],
        [1, 3],
        {2: ("card/drip", None)},
        sent=[ago(1)],
    ),
    Case(
        "a drip counts earlier editions of the same minute",
        [waits(1, pace=paced(drip=1))],
        [],
        {1: ("card/drip", None)},
        sent=[ago(0)],
    ),
    Case(
        "a drip by minutes",
        [
            waits(1, pace=paced(drip_minutes=45)),
            waits(2, "summit", pace=paced(drip_minutes=45)),
            waits(3, "summit", pace=paced(drip_minutes=45)),
        ],
        [2],
        {1: ("card/drip", NOON + 35 * MINUTE), 3: ("card/drip", NOON + 45 * MINUTE)},
        sent=[ago(10)],
    ),
    Case(
        "news that is too old",
        [waits(1, published=NOON - 25 * HOUR)],
        [1],
        rules=PublishSettings(expire_hours=24),
    ),
    Case(
        "what waits for a person does not expire",
        [waits(1, published=NOON - 25 * HOUR, decision=REVIEW)],
        [],
        {1: ("card/by-hand", None)},
        PublishSettings(expire_hours=24),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_who_goes_out_and_why_the_others_stay(case: Case) -> None:
    made = plan(case.queue, case.rules, case.sent, case.at, is_thorough=True)
    assert numbers(made) == case.out
    assert reasons(made) == case.stays
    assert all(one.decision.reason.words for one in made.stays)


def test_the_table_meets_every_reason_of_timing() -> None:
    met = {code for case in CASES for code, _ in case.stays.values()}
    folders = ("edition/",)
    of_timing = {code.value for code in Code if code.value.startswith(folders)}
    of_cards = {Code.CARD_EMBARGO, Code.CARD_QUIET, Code.CARD_DAY, Code.CARD_DRIP, Code.CARD_CAP}
    assert met >= (of_timing | of_cards) - {Code.EXPIRED, Code.SLOT}


def test_expired_news_is_refused_with_its_reason_unless_a_person_released_it() -> None:
    old = NOON - timedelta(hours=25)
    rules = PublishSettings(expire_hours=24)
    queue = [waits(1, published=old), waits(2, published=old, is_approved=True)]
    first, second = plan(queue, rules, (), NOON).goes_out
    assert isinstance(first.decision, Refuse)
    assert first.decision.reason.code is Code.EXPIRED
    assert second.decision == FULL


def test_the_queue_is_read_no_further_than_the_edition_needs() -> None:
    read = []

    def queue() -> object:
        for number in range(1, 100):
            read.append(number)
            yield waits(number)

    made = plan(queue(), PublishSettings(max_articles=3), (), NOON)  # type: ignore[arg-type]
    assert (numbers(made), len(read)) == ([1, 2, 3], 4)
    assert made.rest is not None
    quiet = PublishSettings(quiet_hours=("11:00-13:00",))
    assert plan(queue(), quiet, (), NOON).goes_out == ()  # type: ignore[arg-type]
    assert len(read) == 4


def test_by_force_quiet_hours_and_pauses_do_not_count_and_caps_do() -> None:
    rules = PublishSettings(quiet_hours=("11:00-13:00",), gap_minutes=60, max_per_day=2)
    queue = [waits(number, pace=Pace(daily_cap=5)) for number in (1, 2, 3)]
    made = plan(queue, rules, [ago(5)], NOON, is_forced=True)
    assert numbers(made) == [1]


def stands(number: int, hours_old: float, reported_by: int = 1, priority: int = 0) -> Standing:
    return Standing(number, NOON - timedelta(hours=hours_old), NOON, reported_by, priority)


@pytest.mark.parametrize(
    ("waiting", "order"),
    [
        ([stands(1, 3), stands(2, 1), stands(3, 2)], [2, 3, 1]),
        ([stands(2, 1), stands(1, 1)], [1, 2]),
        ([stands(1, 1), stands(2, 30, priority=1)], [2, 1]),
        # Four outlets count as much as twelve hours.
        ([stands(1, 1), stands(2, 12, reported_by=4), stands(3, 14, reported_by=4)], [2, 1, 3]),
        # A template's date years ahead leads for a day and no longer.
        ([stands(1, -9000), stands(2, -20)], [1, 2]),
        ([Standing(1, None, NOON, 1, 0), stands(2, 1)], [1, 2]),
        ([Standing(1, NOON + 9000 * HOUR, NOON - 48 * HOUR, 1, 0), stands(2, 1)], [2, 1]),
    ],
)
def test_the_order_is_priority_then_freshness_moved_by_how_many_report_it(
    waiting: list[Standing], order: list[int]
) -> None:
    assert in_order(waiting) == order
