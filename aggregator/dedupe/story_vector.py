"""The vector of an article: its terms, weighed by how rare they are in its language."""

import math
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from aggregator.dedupe.story_terms import Terms

PRIOR_ARTICLES = 1_000
"""Counts start as if so many articles were known: in a small store a story's own words are half of all."""

COMMON_SHARE = 0.3
"""Of these, this share is taken to hold each common word of the language."""

NAME = 1.5
"""Names tell events apart: a fire is like any other fire but for its place."""

RARE = 0.01
"""A name or number that one article in a hundred holds (a head of state, an agency, a year) marks none."""

INDEXED_TERMS = 24
"""An article is found by its heaviest terms; what follows is as good as common."""

_LARGEST = 65_535
_FLAG_BITS = 3


class Usage(Protocol):
    """How many articles hold a term; a language's own number counts its articles."""

    def __getitem__(self, term: int) -> int: ...


@dataclass(frozen=True, slots=True)
class Vector:
    """Terms with weights of unit length; ``weights`` are whole numbers of 1/65,535, as they are kept.

    ``names`` and ``numbers`` list those terms; ``marks`` are the rare ones of both: by them events of
    one kind are told apart.
    """

    weights: Mapping[int, float]
    numbers: frozenset[int]
    names: frozenset[int]
    marks: frozenset[int]
    words: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", frozenset(self.weights.keys() - self.numbers))

    def heaviest(self) -> list[int]:
        """The terms that the article is found by, heaviest first."""
        order = sorted(self.weights, key=lambda term: (-self.weights[term], term))
        return order[:INDEXED_TERMS]

    def packed(self) -> bytes:
        """As it is kept: for each term four bytes with its number and flags, then two with each weight."""
        terms = sorted(self.weights)
        keys = [
            term << _FLAG_BITS
            | (term in self.numbers)
            | (term in self.names) << 1
            | (term in self.marks) << 2
            for term in terms
        ]
        weights = [round(self.weights[term] * _LARGEST) for term in terms]
        return struct.pack(f"<{len(terms)}I{len(terms)}H", *keys, *weights)

    @classmethod
    def unpacked(cls, data: bytes) -> "Vector":
        """What ``packed`` made."""
        count = len(data) // struct.calcsize("<IH")
        values = struct.unpack(f"<{count}I{count}H", data)
        keys, weights = values[:count], values[count:]
        flagged = [frozenset(key >> _FLAG_BITS for key in keys if key & flag) for flag in (1, 2, 4)]
        terms = {key >> _FLAG_BITS: weight / _LARGEST for key, weight in zip(keys, weights, strict=True)}
        return cls(terms, *flagged)


def vector(terms: Terms, usage: Usage) -> Vector:
    """Weigh an article's terms; itself is counted in ``usage`` already."""
    articles = usage[terms.language] + PRIOR_ARTICLES
    weights: dict[int, float] = {}
    for number, term in terms.found.items():
        holders = usage[number] + 1 + (COMMON_SHARE * PRIOR_ARTICLES if term.is_common else 0)
        rarity = max(math.log(articles / holders), 0.0)
        times = 1 + math.log(term.times) if term.times >= 1 else term.times
        weights[number] = times * rarity * (NAME if term.is_name else 1.0)
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    rounded = {n: round(weight / length * _LARGEST) / _LARGEST for n, weight in weights.items()}
    numbers = frozenset(number for number, term in terms.found.items() if term.is_number)
    names = frozenset(n for n, term in terms.found.items() if term.is_name and not term.is_common)
    marks = frozenset(number for number in numbers | names if usage[number] <= RARE * articles)
    return Vector(rounded, numbers, names, marks)


def counted(terms: Terms) -> Iterable[int]:
    """The numbers that an article adds one to: its terms and its language."""
    return (*terms.found, terms.language)
