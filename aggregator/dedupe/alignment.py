"""Alignment of two texts: which passages they share, in order, and what was changed inside of these."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aggregator.dedupe.words import Words, plain

_ANCHOR_WORDS = 3
# Odd numbers of 64 bits: two threes of a text get one number by chance once in a hundred billion texts.
_FACTORS = tuple(map(np.uint64, (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)))
BRIDGE_WORDS = 12
"""A gap in both texts that is no longer, half a sentence, is an edit inside of a passage."""

LEAST_WORDS = 8
"""Passages with fewer equal words are phrases that anybody may use."""


LEAST_DENSITY = 0.5
"""So many words of a passage are equal: three quarters where a fifth was edited; chance leaves long gaps."""


@dataclass(frozen=True, slots=True)
class Run:
    """Equal words: ``words`` of them from place ``one`` of the first text, ``other`` of the second."""

    one: int
    other: int
    words: int


@dataclass(frozen=True, slots=True)
class Passage:
    """Runs with small gaps between them: a passage that both texts have, perhaps edited."""

    runs: tuple[Run, ...]

    @property
    def equal_words(self) -> int:
        """Words that are equal in both."""
        return sum(run.words for run in self.runs)

    @property
    def one(self) -> tuple[int, int]:
        """Its first place in the first text, and the place behind its last."""
        return self.runs[0].one, self.runs[-1].one + self.runs[-1].words

    @property
    def other(self) -> tuple[int, int]:
        """The same in the second text."""
        return self.runs[0].other, self.runs[-1].other + self.runs[-1].words


def passages(one: Words, other: Words) -> tuple[Passage, ...]:
    """The passages that two texts share in the same order.

    Patience diff (Bram Cohen): three words in a row that the first text has once are anchors; of these the
    longest chain that ascends in both counts, and grows as far as words are equal. Time is n log n.
    """
    found: list[list[Run]] = []
    for run in _runs(plain(one), plain(other)):
        if found:
            last = found[-1][-1]
            gaps = run.one - last.one - last.words, run.other - last.other - last.words
            if max(gaps) <= BRIDGE_WORDS:
                found[-1].append(run)
                continue
        found.append([run])
    made = (Passage(tuple(runs)) for runs in found)
    return tuple(passage for passage in made if _is_solid(passage))


def _is_solid(passage: Passage) -> bool:
    longest = max(passage.one[1] - passage.one[0], passage.other[1] - passage.other[0])
    return passage.equal_words >= max(LEAST_WORDS, LEAST_DENSITY * longest)


def _runs(one: NDArray[np.uint32], other: NDArray[np.uint32]) -> list[Run]:
    """Maximal runs of equal words along the chain of anchors."""
    out: list[list[int]] = []
    end_one = end_other = 0
    these, those = one.tolist(), other.tolist()
    for start_one, start_other, words in _joined(*_chain(*_anchors(one, other))):
        if out:
            end_one, end_other = _grow(out[-1], these, those, start_one, start_other)
        skipped = max(end_one - start_one, end_other - start_other, 0)
        i, j, length = start_one + skipped, start_other + skipped, words - skipped
        while i > end_one and j > end_other and these[i - 1] == those[j - 1]:
            i, j, length = i - 1, j - 1, length + 1
        out.append([i, j, length])
        end_one, end_other = i + length, j + length
    if out:
        _grow(out[-1], these, those, len(one), len(other))
    return [Run(*run) for run in out]


def _grow(
    run: list[int], one: Sequence[int], other: Sequence[int], limit_one: int, limit_other: int
) -> tuple[int, int]:
    """Lengthen a run up to the limits while words are equal; where it ends then."""
    i, j = run[0] + run[2], run[1] + run[2]
    while i < limit_one and j < limit_other and one[i] == other[j]:
        i, j = i + 1, j + 1
    run[2] = i - run[0]
    return i, j


def _joined(one: NDArray[np.int64], other: NDArray[np.int64]) -> Iterable[tuple[int, int, int]]:
    """Anchors that overlap or touch in both texts as one: places in both texts, and number of words."""
    step = np.diff(other)
    breaks = np.flatnonzero((step != np.diff(one)) | (step > _ANCHOR_WORDS)) + 1
    firsts = np.append(0, breaks)[: len(other)]
    lasts = np.append(breaks - 1, len(other) - 1)[: len(other)]
    lengths = other[lasts] - other[firsts] + _ANCHOR_WORDS
    return zip(one[firsts].tolist(), other[firsts].tolist(), lengths.tolist(), strict=True)


def _chain(one: NDArray[np.int64], other: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The longest chain of anchors that ascends in both texts (patience sorting); the second's do."""
    if (np.diff(one) > 0).all():
        return one, other
    tails: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, i in enumerate(one.tolist()):
        length = bisect_left(tails, i)
        if length == len(tails):
            tails.append(i)
            last.append(number)
        else:
            tails[length] = i
            last[length] = number
        before.append(last[length - 1] if length else -1)
    chain = []
    number = last[-1]
    while number >= 0:
        chain.append(number)
        number = before[number]
    chain.reverse()
    return one[chain], other[chain]


def _anchors(
    one: NDArray[np.uint32], other: NDArray[np.uint32]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where three words in a row stand that the first text has once, in the order of the second."""
    known, wanted = _threes(one), _threes(other)
    order = np.argsort(known, kind="stable")
    known = known[order]
    differs = np.append(known[1:] != known[:-1], values=True)[: len(known)]
    once = differs & np.append(True, differs[:-1])[: len(known)]
    places, known = order[once], known[once]
    if not len(known):
        return places, places
    at = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    others = np.flatnonzero(known[at] == wanted)
    return places[at[others]], others


def _threes(text: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """A number for each three words in a row, the same for the same words."""
    a, b, c = _FACTORS
    h = text.astype(np.uint64)
    threes: NDArray[np.uint64] = h[:-2] * a + h[1:-1] * b + h[2:] * c
    return threes
