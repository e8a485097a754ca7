"""The index of stories by term: which of them an article may belong to."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
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


def likely(vector: Vector, terms: Iterable[int], near: Sequence[Mapping[int, AbstractSet[int]]]) -> list[int]:
    """The stories that share most with an article, best first.

    ``terms`` are its heaviest, ``near`` holds for each week within the window the stories of a term.
    """
    shared: dict[int, float] = {}
    for term in terms:
        found = [index[term] for index in near if term in index]
        held = found[0] if len(found) == 1 else frozenset[int]().union(*found)
        if len(held) <= MOST_HOLDERS:
            weight = vector.weights[term] ** 2
            for story in held:
                shared[story] = shared.get(story, 0.0) + weight
    least = _LEAST_OF_BEST * max(shared.values(), default=0.0)
    close = [(-weight, story) for story, weight in shared.items() if weight >= least]
    return [story for _, story in sorted(close)[:CANDIDATES]]
