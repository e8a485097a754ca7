"""Sampling: how many of the newest articles it takes to tell a break from chance."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.model.alarm import AlarmKind
from aggregator.model.watched import Level, OutletHour, Share, Usual
from aggregator.watch.measures import LEVELS
from aggregator.watch.rhythm import WEEK_HOURS
from aggregator.watch.sampling import fallen_shares, jumped_levels

MONDAY = datetime(2031, 3, 3, tzinfo=UTC)
HOUR = timedelta(hours=1)
SCALE = LEVELS["chars"].scale


def usual(byline: float, *, a_week: float = 35, readable: float = 0.998) -> Usual:
    """Five articles a day, of 2,000 characters give or take, so many of them with a byline."""
    lengths = Level(tuple(map(SCALE, (700, 1400, 2000, 2900, 5700))), 50, 200)  # type: ignore[arg-type]
    shares = {"byline": Share(byline, 50, 200), "readable": Share(readable, 60, 200)}
    rates = (a_week / WEEK_HOURS,) * WEEK_HOURS
    usually = Usual("harbour", MONDAY, 6, 200, rates, 12, 48, 0.1, 1.0, shares, {"chars": lengths})
    return replace(usually, containers=frozenset({"main/div", "main/section"}))


def stood(number: int, container: str) -> OutletHour:
    return replace(hour(number), containers={container: 1})


def housed(share: float) -> Usual:
    """An outlet of which so many texts stand in containers that are known."""
    known = usual(0.95)
    return replace(known, shares=known.shares | {"container": Share(share, 50, 200)})


def hour(number: int, chars: int = 2000, *, bylines: int = 1, no_article: int = 0) -> OutletHour:
    at = MONDAY + number * HOUR
    stored = 1 - no_article
    return OutletHour(
        "harbour", at, stored=stored, no_article=no_article, bylines=bylines, chars=(chars,) * stored
    )


def told(known: Usual, newest: list[OutletHour]) -> set[AlarmKind]:
    good = [hour(number) for number in range(-40, 0)]
    found = [*fallen_shares(known, good + newest), *jumped_levels(known, good + newest)]
    return {finding.kind for finding in found if finding.is_firm}


@pytest.mark.parametrize(("pages", "kinds"), [(2, set()), (3, {AlarmKind.LAYOUT})])
def test_three_pages_without_an_article_on_end_are_a_new_layout(pages: int, kinds: set[AlarmKind]) -> None:
    newest = [hour(number, bylines=0, no_article=1) for number in range(pages)]
    assert told(usual(0.95), newest) == kinds


@pytest.mark.parametrize(
    ("share", "enough"),
    [(0.98, 3), (0.9, 5), (0.6, 10), (0.4, 17)],
)
def test_how_many_articles_without_a_byline_are_told_depends_on_how_usual_that_is(
    share: float, enough: int
) -> None:
    took = next(
        count
        for count in range(1, 60)
        if AlarmKind.COVERAGE in told(usual(share), [hour(number, bylines=0) for number in range(count)])
    )
    assert took == enough


def test_two_missing_bylines_among_articles_that_have_one_are_chance() -> None:
    newest = [hour(number, bylines=number % 3 > 0) for number in range(5)]
    assert told(usual(0.95), newest) == set()


@pytest.mark.parametrize(
    ("chars", "is_told"),
    [
        ((400,) * 5, True),
        ((9000,) * 5, True),
        ((400,) * 3, False),
        ((1300,) * 5, False),
        ((400, 400, 400, 2000, 3000), False),
    ],
)
def test_a_handful_of_articles_far_beyond_the_usual_length_is_a_new_layout(
    chars: tuple[int, ...], *, is_told: bool
) -> None:
    newest = [hour(number, length) for number, length in enumerate(chars)]
    assert (AlarmKind.LAYOUT in told(usual(0.95), newest)) is is_told


@pytest.mark.parametrize(("count", "is_told"), [(12, False), (17, True)])
def test_articles_as_short_as_its_briefs_are_a_new_layout_where_only_briefs_were_short(
    count: int, *, is_told: bool
) -> None:
    lengths = Level(tuple(map(SCALE, (350, 350, 2000, 2900, 5700))), 50, 200)  # type: ignore[arg-type]
    known = replace(usual(0.95), levels={"chars": lengths})
    assert (AlarmKind.LAYOUT in told(known, [hour(number, 600) for number in range(count)])) is is_told


@pytest.mark.parametrize(("share", "enough"), [(0.995, 3), (0.98, 4), (0.9, 6), (0.75, 10)])
def test_texts_that_stand_together_where_none_stood_are_a_new_layout(share: float, enough: int) -> None:
    took = next(
        count
        for count in range(1, 60)
        if told(housed(share), [stood(number, "body/p") for number in range(count)])
    )
    assert took == enough


@pytest.mark.parametrize(
    "containers",
    [
        [f"live/{number}" for number in range(12)],
        ["main/section"] * 12,
        ["live/div", "main/div", "live/div", "main/div", "main/section", "live/div"],
    ],
)
def test_texts_that_stand_each_elsewhere_or_in_a_known_place_are_none(containers: list[str]) -> None:
    newest = [stood(number, container) for number, container in enumerate(containers)]
    assert told(housed(0.9), newest) == set()


def test_the_alarm_names_the_new_place() -> None:
    newest = [stood(number, "article/p") for number in range(5)]
    (finding,) = fallen_shares(housed(0.995), newest)
    assert (
        finding.words
        == "texts outside of article/p, where none stood before: 0 of the newest 3, usually 100%"
    )
    assert finding.since == MONDAY
