"""The vector of an article: its terms, weighed by how rare they are in its language."""

import math
import operator
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
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

KEPT_VECTORS = 4_096
"""Vectors kept at hand under the bytes that they are stored as, so that none is ever out of date."""

KEPT_PRODUCTS = 16_384
"""Products of two vectors kept at hand: a story's members are the same for each article that comes."""

_LARGEST = 65_535
_FLAG_BITS = 3
_FLAGS = (1 << _FLAG_BITS) - 1


class Usage(Protocol):
    """How many articles hold a term; a language's own number counts its articles."""

    def __getitem__(self, term: int) -> int: ...


@dataclass(frozen=True, slots=True, eq=False)
class Vector:
    """Terms with weights of unit length; ``weights`` are whole numbers of 1/65,535, as they are kept.

    ``names`` and ``numbers`` list those terms; ``marks`` are the rare ones of both: by them events of
    one kind are told apart. ``square`` is the product with itself: 1, but for the rounding of weights.
    """

    weights: Mapping[int, float]
    numbers: frozenset[int]
    names: frozenset[int]
    marks: frozenset[int]
    square: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "square", _square(self.weights))

    @property
    def words(self) -> int:
        """How many terms are no numbers."""
        return len(self.weights) - len(self.numbers)

    def heaviest(self) -> list[int]:
        """The terms that the article is found by, heaviest first."""
        order = sorted(zip(map(operator.neg, self.weights.values()), self.weights, strict=True))
        return [term for _, term in order[:INDEXED_TERMS]]

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


@lru_cache(maxsize=KEPT_VECTORS)
def unpacked(data: bytes) -> Vector:
    """The vector whose ``packed`` this is."""
    count = len(data) // struct.calcsize("<IH")
    values = struct.unpack(f"<{count}I{count}H", data)
    keys, weights = values[:count], values[count:]
    marked = [key for key in keys if key & _FLAGS]
    flagged = [frozenset(key >> _FLAG_BITS for key in marked if key & flag) for flag in (1, 2, 4)]
    terms = {key >> _FLAG_BITS: weight / _LARGEST for key, weight in zip(keys, weights, strict=True)}
    return Vector(terms, *flagged)


@lru_cache(maxsize=KEPT_PRODUCTS)
def product(one: Vector, other: Vector) -> float:
    """The product of two vectors, their cosine but for the rounding of weights."""
    a, b = one.weights, other.weights
    return sum([a[term] * b[term] for term in a.keys() & b.keys()])


def vector(terms: Terms, usage: Usage) -> Vector:
    """Weigh an article's terms; itself is counted in ``usage`` already."""
    articles = usage[terms.language] + PRIOR_ARTICLES
    weights: dict[int, float] = {}
    numbers, names, marks = [], [], []
    for number, (times, is_name, is_number, is_common) in terms.found.items():
        held = usage[number]
        holders = held + 1 + (COMMON_SHARE * PRIOR_ARTICLES if is_common else 0)
        rarity = max(math.log(articles / holders), 0.0)
        often = 1 + math.log(times) if times >= 1 else times
        weights[number] = often * rarity * (NAME if is_name else 1.0)
        if is_number:
            numbers.append(number)
        if is_name and not is_common:
            names.append(number)
        if (is_number or (is_name and not is_common)) and held <= RARE * articles:
            marks.append(number)
    length = math.sqrt(_square(weights)) or 1.0
    rounded = {n: round(weight / length * _LARGEST) / _LARGEST for n, weight in weights.items()}
    return Vector(rounded, frozenset(numbers), frozenset(names), frozenset(marks))


def counted(terms: Terms) -> Iterable[int]:
    """The numbers that an article adds one to: its terms and its language."""
    return (*terms.found, terms.language)


def _square(weights: Mapping[int, float]) -> float:
    return sum([weight * weight for weight in weights.values()])
