"""Candidates: of the articles that share rows with a new one, which it is a copy of."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from aggregator.dedupe.likeness import Likeness, Probes, likeness
from aggregator.dedupe.shingles import Sample
from aggregator.dedupe.words import Words
from aggregator.model.duplicate import CopyKind

PERIOD = timedelta(days=30)
"""Candidates are looked for in an article's own period and those beside it: copies come within days."""

COMMON_CLUSTERS = 4
"""A shingle of so many texts is boilerplate or a phrase: it finds nothing and is not kept again."""

LEAST_SHARED_ROWS = 2
MOST_COMPARED = 4
_MOST_COMPARED_OF_CLUSTER = 2
_SURE = 0.9

Id = TypeVar("Id", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Hits(Generic[Id]):
    """What was found of a text's probes: for each article how many rows it shares, most first."""

    shared: Sequence[tuple[Id, int]]
    probes: Probes


@dataclass(frozen=True, slots=True)
class Match(Generic[Id]):
    """The article that a new one is a copy of."""

    of: Id
    shared_rows: int
    likeness: Likeness


def period_of(at: datetime) -> int:
    """The number of the period that a moment lies in, counted from 1970."""
    return int(at.timestamp() // PERIOD.total_seconds())


def hits(found: Sample, holders: Callable[[int], Sequence[Id]]) -> Hits[Id]:
    """Look a sample up; ``holders`` gives the articles that hold a row, one for each cluster."""
    shared: Counter[Id] = Counter()
    common = set()
    for row, place in found.probes.items():
        held = holders(row)
        if len(held) < COMMON_CLUSTERS:
            for one in held:
                shared[one] += 1
        else:
            common.add(place)
    enough = [pair for pair in shared.most_common() if pair[1] >= LEAST_SHARED_ROWS]
    return Hits(enough, Probes(tuple(found.probes.values()), frozenset(common)))


def chosen(found: Hits[Id], cluster_of: Callable[[Id], Hashable]) -> list[tuple[Id, int]]:
    """Which of the articles are worth a comparison, best first: a few, and of a cluster two."""
    compared: Counter[Hashable] = Counter()
    out = []
    for candidate, shared in found.shared:
        cluster = cluster_of(candidate)
        if compared[cluster] < _MOST_COMPARED_OF_CLUSTER:
            compared[cluster] += 1
            out.append((candidate, shared))
            if len(out) == MOST_COMPARED:
                break
    return out


def best(
    text: Words,
    outlet: str,
    candidates: Iterable[tuple[Id, int]],
    known: Callable[[Id], tuple[Words, str]],
    probes: Probes,
) -> Match[Id] | None:
    """The candidate that the text is most surely a copy of; ``known`` gives a candidate's text and outlet.

    Of several that are sure it is the one that has most of the text: a full article goes before its teaser.
    """
    found: Match[Id] | None = None
    rank = (0.0, 0.0)
    for candidate, shared in candidates:
        other, its_outlet = known(candidate)
        seen = likeness(other, text, one_outlet=its_outlet == outlet, probes=probes)
        has_more = (min(seen.score, _SURE), seen.evidence.of_newer)
        if seen.kind and has_more > rank:
            found, rank = Match(candidate, shared, seen), has_more
            if seen.score >= _SURE and seen.kind is not CopyKind.CONTAINS:
                break
    return found
