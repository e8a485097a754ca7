"""An outlet's rhythm as a page shows it: bars by day of the week and by hour, and what it changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregator.clock import to_utc
from aggregator.model.edition import Publication
from aggregator.site import dates
from aggregator.site.card import Card, card
from aggregator.site.links import Links
from aggregator.site.updates import WORDS
from aggregator.site.wording import say

TALLEST = 40
"""Pixels of the tallest bar."""

LEAST = 7
"""From fewer articles nobody sees a rhythm."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A day or an hour: its name, how many articles it has, and its height from 0 to ``TALLEST``."""

    name: str
    count: int
    height: int


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How many articles there are, by day of the week and by hour (UTC)."""

    count: int
    days: tuple[Bar, ...]
    hours: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class ChangedCard:
    """An article that its outlet changed: when, and how in words (empty if nobody knows)."""

    card: Card
    moment: dates.Moment
    kinds: str


def rhythm(moments: Sequence[datetime]) -> Rhythm | None:
    """The rhythm of articles with these dates; None if they are too few."""
    if len(moments) < LEAST:
        return None
    utc = [to_utc(each) for each in moments]
    names = [short for _, short in dates.weekdays()]
    return Rhythm(
        len(utc),
        _bars(names, [each.weekday() for each in utc]),
        _bars([f"{hour:02d}" for hour in range(24)], [each.hour for each in utc]),
    )


def changed(publications: Iterable[Publication], links: Links) -> tuple[ChangedCard, ...]:
    """What an outlet changed, as its page lists it."""
    return tuple(
        ChangedCard(
            card(each, links),
            dates.words(each.updated_at),
            ", ".join(say(WORDS[kind]) for kind in each.last_change.kinds) if each.last_change else "",
        )
        for each in publications
    )


def _bars(names: Sequence[str], places: Sequence[int]) -> tuple[Bar, ...]:
    counts = [places.count(place) for place in range(len(names))]
    most = max(counts)
    return tuple(
        Bar(name, count, round(TALLEST * count / most)) for name, count in zip(names, counts, strict=True)
    )
