"""Alignment of two texts: which passages they share, in order, and what was changed inside of these."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from aggregator.dedupe.words import Words, plain

_ANCHOR_WORDS = 3
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


def _runs(one: Sequence[int], other: Sequence[int]) -> list[Run]:
    """Maximal runs of equal words along the chain of anchors."""
    out: list[list[int]] = []
    end_one = end_other = 0
    for start_one, start_other in _chain(one, other):
        i, j = start_one, start_other
        if out and i - j == out[-1][0] - out[-1][1] and j <= end_other:
            end_other = max(end_other, j + _ANCHOR_WORDS)
            end_one = end_other + i - j
            out[-1][2] = end_other - out[-1][1]
            continue
        if out:
            end_one, end_other = _grow(out[-1], one, other, i, j)
        skipped = max(end_one - i, end_other - j, 0)
        if skipped >= _ANCHOR_WORDS:
            continue
        i, j = i + skipped, j + skipped
        length = _ANCHOR_WORDS - skipped
        while i > end_one and j > end_other and one[i - 1] == other[j - 1]:
            i, j, length = i - 1, j - 1, length + 1
        out.append([i, j, length])
        end_one, end_other = i + length, j + length
    if out:
        _grow(out[-1], one, other, len(one), len(other))
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


def _chain(one: Sequence[int], other: Sequence[int]) -> list[tuple[int, int]]:
    """The longest chain of anchors that ascends in both texts (patience sorting)."""
    anchors = _anchors(one, other)
    if not anchors:
        return []
    tails: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (i, _) in enumerate(anchors):
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
        chain.append(anchors[number])
        number = before[number]
    chain.reverse()
    return chain


def _anchors(one: Sequence[int], other: Sequence[int]) -> list[tuple[int, int]]:
    places: dict[tuple[int, int, int], int] = {}
    twice = set()
    for place, three in enumerate(zip(one, one[1:], one[2:], strict=False)):
        if three in places:
            twice.add(three)
        places[three] = place
    for three in twice:
        del places[three]
    found = ((places.get(three), j) for j, three in enumerate(zip(other, other[1:], other[2:], strict=False)))
    return [(i, j) for i, j in found if i is not None]
