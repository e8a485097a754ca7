"""Stories: into which of those that it may belong to an article goes."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.dedupe.story_vector import Vector

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
    if not weights or max(weights) == 0 or any(is_series(article, member) for member in members):
        return 0.0
    parts = _parts(article.vector.weights, _centre(members, weights))
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
    if one.voice == other.voice:
        return False
    a, b = one.vector, other.vector
    if not _shares(a.words, b.words, SERIES):
        return False
    return not _shares(a.numbers | a.names, b.numbers | b.names, SERIES_FACTS)


def _shares(one: frozenset[int], other: frozenset[int], share: float) -> bool:
    same = len(one & other)
    return same >= share * (len(one) + len(other) - same)


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


def _centre(members: Sequence[Member], weights: Sequence[float]) -> dict[int, float]:
    centre: dict[int, float] = {}
    for member, weight in zip(members, weights, strict=True):
        for term, value in member.vector.weights.items():
            centre[term] = centre.get(term, 0.0) + value * weight
    length = math.sqrt(sum(value * value for value in centre.values())) or 1.0
    return {term: value / length for term, value in centre.items()}


def _parts(one: Mapping[int, float], other: Mapping[int, float]) -> dict[int, float]:
    """What each shared term brings."""
    return {term: min(value * other[term], ONE_TERM) for term, value in one.items() if term in other}


def nearest(members: Iterable[Member], at: datetime) -> list[Member]:
    """The members that an article of this time is compared with: of each text the first, nearest first."""
    first: dict[int, Member] = {}
    for member in members:
        first.setdefault(member.voice, member)
    order = sorted(first.values(), key=lambda member: (abs(member.at - at), member.article_id))
    return order[:MEMBERS]
