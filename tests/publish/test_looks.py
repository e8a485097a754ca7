"""Looks at an article's own page: what they mean, and when the next one is due."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store.samples import NOON

from aggregator.model.crawl import Reason
from aggregator.model.followed import FollowedPage, Sight
from aggregator.publish.looks import MISSING_APART, looked, next_look, sight

PLAN = [timedelta(hours=hours) for hours in (1, 6, 24, 72)]


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("reason", "status", "seen"),
    [
        (Reason.UNCHANGED, 304, Sight.THERE),
        (Reason.UNCHANGED, 200, Sight.THERE),
        (Reason.REVISION, 200, Sight.THERE),
        (Reason.FAILED_GONE, 410, Sight.GONE),
        (Reason.FAILED_HTTP, 404, Sight.MISSING),
        (Reason.DROPPED_HOME_PAGE, 200, Sight.MISSING),
        (Reason.FAILED_HTTP, 500, Sight.NOTHING),
        (Reason.FAILED_HTTP, 403, Sight.NOTHING),
        (Reason.FAILED_HTTP, 451, Sight.NOTHING),
        (Reason.FAILED_BUSY, 503, Sight.NOTHING),
        (Reason.FAILED_TIMEOUT, None, Sight.NOTHING),
        (Reason.FAILED_DNS, None, Sight.NOTHING),
        (Reason.FAILED_ROBOTS, None, Sight.NOTHING),
        (Reason.DROPPED_ROBOTS, None, Sight.NOTHING),
        (Reason.DROPPED_NO_TEXT, 200, Sight.NOTHING),
        (Reason.DROPPED_NOT_ARTICLE, 200, Sight.NOTHING),
    ],
)
def test_only_the_outlets_own_word_counts(reason: Reason, status: int | None, seen: Sight) -> None:
    assert sight(reason, status) is seen


@pytest.mark.parametrize(
    ("looks", "is_missing", "is_gone"),
    [
        ([(1, Sight.GONE)], True, True),
        ([(1, Sight.MISSING)], True, False),
        ([(1, Sight.MISSING), (1.5, Sight.MISSING)], True, False),
        ([(1, Sight.MISSING), (2, Sight.MISSING)], True, True),
        ([(1, Sight.MISSING), (1.2, Sight.MISSING), (2.5, Sight.MISSING)], True, True),
        ([(1, Sight.MISSING), (9, Sight.NOTHING)], True, False),
        ([(1, Sight.MISSING), (9, Sight.NOTHING), (10, Sight.MISSING)], True, True),
        ([(1, Sight.MISSING), (2, Sight.THERE), (3, Sight.MISSING)], True, False),
        ([(1, Sight.GONE), (3, Sight.THERE)], False, False),
        ([(1, Sight.GONE), (3, Sight.NOTHING)], True, True),
        ([(1, Sight.NOTHING), (9, Sight.NOTHING)], False, False),
    ],
)
def test_gone_is_410_once_or_404_for_an_hour(
    looks: list[tuple[float, Sight]], *, is_missing: bool, is_gone: bool
) -> None:
    page = FollowedPage(NOON)
    for hours, seen in looks:
        page = looked(page, seen, at(hours))
    assert (page.missing_since is not None, page.gone_at is not None) == (is_missing, is_gone)
    assert page.looked_at == at(looks[-1][0])


@pytest.mark.parametrize(
    ("page", "due"),
    [
        (FollowedPage(NOON), 1),
        (FollowedPage(NOON, at(1)), 6),
        (FollowedPage(NOON, at(5)), 6),
        (FollowedPage(NOON, at(7)), 24),
        (FollowedPage(NOON, at(72)), None),
        # Missing: from the first look that missed it, and not before it can be settled.
        (FollowedPage(NOON, at(200), at(200)), 201),
        (FollowedPage(NOON, at(201.5), at(200)), 206),
        (FollowedPage(NOON, at(202), at(200), at(202)), 206),
        (FollowedPage(NOON, at(275), at(200), at(202)), None),
    ],
)
def test_visits_grow_rarer_and_end(page: FollowedPage, due: float | None) -> None:
    assert next_look(page, PLAN) == (None if due is None else at(due))


def test_without_a_plan_only_a_missing_page_is_asked_for_again() -> None:
    assert next_look(FollowedPage(NOON), []) is None
    assert next_look(FollowedPage(NOON, at(3), at(3)), []) == at(3) + MISSING_APART


@given(st.lists(st.tuples(st.floats(0.01, 900), st.sampled_from(Sight)), max_size=12))
def test_the_next_visit_always_lies_ahead(looks: list[tuple[float, Sight]]) -> None:
    page, now = FollowedPage(NOON), NOON
    for hours, seen in looks:
        now += timedelta(hours=hours)
        page = looked(page, seen, now)
        assert page.missing_since is None or page.gone_at is None or page.missing_since <= page.gone_at
    due = next_look(page, PLAN)
    assert due is None or due > (page.looked_at or page.since)
