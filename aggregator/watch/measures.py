"""Measures: the shares and levels of an outlet's articles that are watched, and what a fall means."""

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from aggregator.model.alarm import AlarmKind
from aggregator.model.watched import OutletHour


@dataclass(frozen=True, slots=True)
class ShareMeasure:
    """A share that should not fall: of how many articles or pages how many are as they should be.

    It has fallen when ``left`` of the usual one is left at most. ``cause`` is the word for programs; without
    one it is the aspect or the kind. A share is trusted as much as ``firmest``.
    """

    kind: AlarmKind
    aspect: str
    of: Callable[[OutletHour], tuple[int, int]]
    words: str
    left: float = 0.6
    cause: str = ""
    firmest: float = math.inf


@dataclass(frozen=True, slots=True)
class LevelMeasure:
    """A number of single articles that should not jump.

    ``scale`` makes it even (a length counts by its logarithm), ``back`` undoes that. ``least_jump`` is the
    least change of the median that is worth a word, on that scale. Only a rise counts if ``only_up``.
    """

    kind: AlarmKind
    of: Callable[[OutletHour], tuple[int, ...]]
    scale: Callable[[float], float]
    back: Callable[[float], float]
    least_jump: float
    unit: str
    words: str
    only_up: bool = False


CONTAINER: Final = "container"
"""The name of the share of texts that stand where texts stood before."""

MOVED: Final = "moved"
"""The cause of a finding that texts stand elsewhere."""

_FIRMEST_MOVED: Final = 10.0
"""Specials and live pages come in throngs, on days of their own: no eight weeks teach how large."""

_LEFT: Final = 0.5
"""Of several templates the one that most pages are made from may be all that a new layout has replaced."""

SHARES: Final[Mapping[str, ShareMeasure]] = {
    "allowed": ShareMeasure(
        AlarmKind.ROBOTS,
        "",
        lambda hour: (hour.articles, hour.articles + hour.forbidden),
        "pages that robots.txt lets us fetch",
    ),
    "native": ShareMeasure(
        AlarmKind.LANGUAGE,
        "",
        lambda hour: (hour.articles - hour.foreign, hour.articles),
        "articles in the outlet's language",
    ),
    "readable": ShareMeasure(
        AlarmKind.LAYOUT,
        "",
        lambda hour: (hour.articles, hour.articles + hour.no_article),
        "pages on which an article is found",
    ),
    "past": ShareMeasure(
        AlarmKind.DATES,
        "",
        lambda hour: (hour.dates - hour.future, hour.dates),
        "dates that are not in the future",
    ),
    "headline": ShareMeasure(
        AlarmKind.COVERAGE,
        "headline",
        lambda hour: (hour.headlines, hour.articles),
        "articles with a headline",
    ),
    "byline": ShareMeasure(
        AlarmKind.COVERAGE, "byline", lambda hour: (hour.bylines, hour.articles), "articles with a byline"
    ),
    "date": ShareMeasure(
        AlarmKind.COVERAGE, "date", lambda hour: (hour.dates, hour.articles), "articles with a date"
    ),
    "image": ShareMeasure(
        AlarmKind.COVERAGE, "image", lambda hour: (hour.images, hour.articles), "articles with a picture"
    ),
    "text": ShareMeasure(
        AlarmKind.COVERAGE,
        "text",
        lambda hour: (hour.complete, hour.articles),
        "articles with their whole text",
    ),
    "own": ShareMeasure(
        AlarmKind.DUPLICATES,
        "",
        lambda hour: (hour.stored, hour.articles),
        "articles that are no copies of others",
    ),
}
"""The shares, by name, in the order in which one explains the others."""


def moved(containers: Collection[str], hours: Iterable[OutletHour]) -> ShareMeasure:
    """The share of texts that do not stand where none stood before and most of the new ones do.

    ``containers`` are those that are known, ``hours`` the ones that are looked at. A live page, a special and
    a guest's column stand elsewhere, too, each in its own place; a new layout sets them all in one.
    """
    unknown = Counter[str]()
    for hour in hours:
        unknown.update({one: count for one, count in hour.containers.items() if one not in containers})
    new = max(unknown, key=unknown.__getitem__, default="")

    def elsewhere(hour: OutletHour) -> tuple[int, int]:
        total = sum(hour.containers.values())
        return total - hour.containers.get(new, 0), total

    words = f"texts outside of {new}, where none stood before"
    return ShareMeasure(
        AlarmKind.LAYOUT, "", elsewhere, words, left=_LEFT, cause=MOVED, firmest=_FIRMEST_MOVED
    )


def strays(containers: Collection[str]) -> ShareMeasure:
    """The share of texts that stand in one of these elements: the others are an outlet's usual strays."""

    def housed(hour: OutletHour) -> tuple[int, int]:
        told = hour.containers
        return sum(told[one] for one in told if one in containers), sum(told.values())

    return ShareMeasure(AlarmKind.LAYOUT, "", housed, "")


LEVELS: Final[Mapping[str, LevelMeasure]] = {
    "chars": LevelMeasure(
        AlarmKind.LAYOUT,
        lambda hour: hour.chars,
        math.log1p,
        math.expm1,
        math.log(1.6),
        "characters",
        "length of the text",
    ),
    "cuts": LevelMeasure(
        AlarmKind.LAYOUT,
        lambda hour: hour.cuts,
        lambda value: value / 1000,
        lambda value: value,
        0.15,
        "of the text",
        "share cut as boilerplate",
    ),
    "ages": LevelMeasure(
        AlarmKind.DATES,
        lambda hour: hour.ages,
        lambda value: math.log1p(max(value, 0) / 60),
        math.expm1,
        math.log(4),
        "hours",
        "time from an article's date to its fetch",
        only_up=True,
    ),
}
"""The levels, by name: a new layout changes lengths two- or tenfold, a zone misread moves dates by hours."""
