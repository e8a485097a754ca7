"""Failing: seeds that do not answer, that answer now and then, that are well again."""

from datetime import UTC, datetime, timedelta

import pytest

from aggregator.model.alarm import Finding
from aggregator.model.crawl import Reason
from aggregator.model.watched import Visit
from aggregator.watch.failing import failing

MONDAY = datetime(2031, 3, 3, tzinfo=UTC)
REASONS = {
    ".": Reason.STORED,
    "t": Reason.FAILED_TIMEOUT,
    "h": Reason.FAILED_DNS,
    "b": Reason.FAILED_BUSY,
}


def told(visits: str) -> Finding | None:
    """What so many visits, one an hour, say: a letter each."""
    return failing(
        "harbour",
        [Visit("feed", REASONS[one], MONDAY + timedelta(hours=n)) for n, one in enumerate(visits)],
    )


@pytest.mark.parametrize(
    ("visits", "is_firm"),
    [
        (".....hhh", True),
        (".....hh", False),
        ("...tttttt", True),
        ("...ttttt", False),
        ("bbbbbbbbbbbb", True),
        ("ttttt.t", True),
        ("tt..tt..tt", True),
        ("tt..tt..", False),
        ("b..b.bb..b", False),
    ],
)
def test_failures_on_end_or_between_answers_are_told_from_so_many_on(visits: str, *, is_firm: bool) -> None:
    finding = told(visits)
    assert finding is not None
    assert finding.is_firm is is_firm


@pytest.mark.parametrize(
    "visits", ["....", "tttttttttt..", "hhhhh..", "t.........", "t...t....", ".t.......t.."]
)
def test_what_answers_again_is_well(visits: str) -> None:
    assert told(visits) is None


def test_a_seed_that_answers_now_and_then_stays_one_alarm() -> None:
    visits = "ttt." * 20 + "tt.." * 20 + "t.t." * 20
    raised = next(n for n in range(1, 40) if (found := told(visits[:n])) and found.is_firm)
    assert raised <= 10
    assert all(told(visits[max(0, n - 40) : n]) for n in range(raised, len(visits)))


def test_a_flaky_seed_is_told_since_its_first_failure() -> None:
    finding = told("......tt..tt.t")
    assert finding is not None
    assert (finding.since, finding.samples) == (MONDAY + timedelta(hours=6), 5)
    assert "5 times" in finding.words
