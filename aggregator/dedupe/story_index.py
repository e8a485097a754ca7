"""The index of stories by term: which of them an article may belong to."""

from collections.abc import Collection, Mapping
from datetime import datetime

from aggregator.dedupe.story import CANDIDATES, WINDOW
from aggregator.dedupe.story_vector import Vector

MOST_HOLDERS = 60
"""A term of more stories of one week is none's own: it is a word that the counts will learn."""

_LEAST_OF_BEST = 0.25


def period_of(at: datetime) -> int:
    """The number of the week that a moment lies in, counted from 1970."""
    return int(at.timestamp() // WINDOW.total_seconds())


def periods_near(at: datetime) -> tuple[int, ...]:
    """The weeks that hold every article within the window round a moment."""
    own = period_of(at)
    return (own - 1, own, own + 1)


def likely(vector: Vector, holders: Mapping[int, Collection[int]]) -> list[int]:
    """The stories that share most with an article, best first; ``holders`` are its heaviest terms'."""
    shared: dict[int, float] = {}
    for term, held in holders.items():
        if len(held) <= MOST_HOLDERS:
            weight = vector.weights[term] ** 2
            for story in held:
                shared[story] = shared.get(story, 0.0) + weight
    ordered = sorted(shared.items(), key=lambda pair: (-pair[1], pair[0]))[:CANDIDATES]
    return [story for story, weight in ordered if weight >= _LEAST_OF_BEST * ordered[0][1]]
