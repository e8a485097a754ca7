"""Stories: into which of those that it may belong to an article goes."""

import itertools
import math
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.dedupe.story_vector import Vector, product

WINDOW = timedelta(days=7)
"""An article joins no story that was silent for so long: what comes then is a new event or an anniversary."""

FRESH = timedelta(days=1)
"""Within a day, time tells nothing: outlets sleep at different hours."""

FADING = timedelta(days=3)
"""Behind that, likeness fades by e in so many days: a follow-up of six days later has a fifth left."""

ONE_TERM = 0.075
"""No term speaks for more than this: one place or one company name may have two events on one day."""

JOINS = 0.15
"""From here on an article belongs to a story; two strong terms are just not enough alone."""

MERGES = 0.18
"""Two stories become one only where they are as like as this, which is more than an article needs."""

MARKED = 0.04
"""So much of that must come from rare names and numbers, where a script has capitals: one topic shares words,
one event who, where and how many."""

SERIES = 0.34
"""Two articles that share so many of their words, but not their names and numbers, are pages of a series."""

SERIES_FACTS = 0.3
"""Pages of a series share fewer of their names and numbers than this, reports on one event more."""

MEMBERS = 8
"""An article is compared with so many of a story's, the nearest in time: a story goes on, and moves."""

CANDIDATES = 6


@dataclass(frozen=True, slots=True)
class Member:
    """An article as stories know it; ``voice`` is the article whose text it carries, usually itself."""

    article_id: int
    voice: int
    outlet: str
    at: datetime
    vector: Vector


@dataclass(frozen=True, slots=True)
class Candidate:
    """A story that an article may belong to, with the members nearest to it in time, none a copy.

    ``apart`` lists the stories that an operator told apart from it.
    """

    story_id: int
    members: Sequence[Member]
    apart: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Opens:
    """Nothing tells of the same event yet."""


@dataclass(frozen=True, slots=True)
class Joins:
    """The story that it belongs to; those in ``merged`` turn out to be the same, and go into it."""

    story_id: int
    score: float
    merged: tuple[int, ...] = ()


def place(article: Member, candidates: Sequence[Candidate]) -> Opens | Joins:
    """Where an article belongs.

    It joins the story that it fits best. If it fits others, too, and they fit that one, all become one: the
    oldest (the lowest number) survives. Nothing is ever split here: a story ends by silence.
    """
    scored = [(fit(article, each.members), each) for each in candidates]
    fitting = [(score, each) for score, each in scored if score >= JOINS]
    if not fitting:
        return Opens()
    fitting.sort(key=lambda pair: (-pair[0], pair[1].story_id))
    score, best = fitting[0]
    same = [best]
    for _, other in fitting[1:]:
        if all(_is_one(each, other) for each in same):
            same.append(other)
    survivor, *merged = sorted(each.story_id for each in same)
    return Joins(survivor, round(score, 4), tuple(merged))


def fit(article: Member, members: Sequence[Member]) -> float:
    """How well an article fits a story, 0 to 1: the cosine with its centre, each term's part of it bounded.

    Members further away in time count less, and so does the whole if none is near. A page of a series that
    the story holds another page of never fits, nor does what shares no rare name or number with it.
    """
    weights = [_freshness(article.at - member.at) for member in members]
    if not weights or max(weights) == 0:
        return 0.0
    shared = [_shared(article, member) for member in members]
    if any(map(_is_series, itertools.repeat(article), members, shared)):
        return 0.0
    parts = _parts(article, members, weights, shared)
    if article.vector.names and any(member.vector.names for member in members):
        marks = article.vector.marks.union(*(member.vector.marks for member in members))
        if sum(part for term, part in parts.items() if term in marks) < MARKED:
            return 0.0
    return max(weights) * sum(parts.values())


def is_series(one: Member, other: Member) -> bool:
    """Whether two articles are pages of a series: the weather, the stock market's close, an obituary.

    These are like their template, and differ in names and numbers. Two reports on one event have few words
    in common, and copies the names and numbers, too.
    """
    return _is_series(one, other, _shared(one, other))


def _is_series(one: Member, other: Member, shared: AbstractSet[int]) -> bool:
    a, b = one.vector, other.vector
    if one.voice == other.voice or not _is_share(SERIES, len(shared), a.words, b.words):
        return False
    if not _is_share(SERIES, len(shared - a.numbers - b.numbers), a.words, b.words):
        return False
    facts, others = a.numbers | a.names, b.numbers | b.names
    return not _is_share(SERIES_FACTS, len(facts & others), len(facts), len(others))


def _is_share(share: float, same: int, one: int, other: int) -> bool:
    return same >= share * (one + other - same)


def _shared(one: Member, other: Member) -> set[int]:
    return one.vector.weights.keys() & other.vector.weights.keys()


def _is_one(one: Candidate, other: Candidate) -> bool:
    if other.story_id in one.apart or one.story_id in other.apart:
        return False
    if any(is_series(a, b) for a in one.members for b in other.members):
        return False
    likeness = [fit(member, other.members) for member in one.members]
    return sum(likeness) >= MERGES * len(likeness)


def _freshness(gap: timedelta) -> float:
    gap = abs(gap)
    return 0.0 if gap > WINDOW else math.exp(-max(gap - FRESH, timedelta(0)) / FADING)


def _parts(
    article: Member, members: Sequence[Member], weights: Sequence[float], shared: Iterable[AbstractSet[int]]
) -> dict[int, float]:
    """What each term that an article shares with the centre of members brings to their cosine."""
    sums: dict[int, float] = {}
    for member, weight, terms in zip(members, weights, shared, strict=True):
        theirs = member.vector.weights
        for term in terms:
            sums[term] = sums.get(term, 0.0) + theirs[term] * weight
    length = _length(members, weights)
    mine = article.vector.weights
    return {term: min(mine[term] * value / length, ONE_TERM) for term, value in sums.items()}


def _length(members: Sequence[Member], weights: Sequence[float]) -> float:
    """The length of the weighed sum of members; by products of pairs, for these are known from before."""
    square = 0.0
    for place, (member, weight) in enumerate(zip(members, weights, strict=True)):
        one = member.vector
        across = sum([product(one, members[n].vector) * weights[n] for n in range(place)])
        square += weight * (weight * one.square + 2 * across)
    return math.sqrt(square) or 1.0


def nearest(members: Iterable[Member], at: datetime) -> list[Member]:
    """The members that an article of this time is compared with: of each text the first, nearest first."""
    first: dict[int, Member] = {}
    for member in members:
        first.setdefault(member.voice, member)
    order = sorted(first.values(), key=lambda member: (abs(member.at - at), member.article_id))
    return order[:MEMBERS]
