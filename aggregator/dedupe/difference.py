"""The difference of two versions, sentence by sentence: kept, changed, added, removed or moved."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from aggregator import sentences
from aggregator.dedupe.pieces import Part, forms, likeness, marked, parts
from aggregator.model.revision import Difference, Fate, Mark, Piece, SentenceChange, Version

ALIKE = 0.5
"""Sentences that share half of their words are two versions of one."""

ALIKE_ANYWHERE = 0.7
"""The same for sentences that do not stand at one place."""

MOST_SENTENCES = 2_000
"""What lies behind is not compared; a live blog of a day has no more."""

_MOST_PAIRS = 2_500
"""More pairs at one place are two texts: comparing all with all would take quadratic time."""

_LEAST_MOVED_PARTS = 3


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a version, with the block that it stands in."""

    text: str
    parts: tuple[Part, ...]
    block: int

    @property
    def key(self) -> tuple[str, ...]:
        """What equal sentences have in common: all but a house's style."""
        return forms(self.parts)


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence in both versions; None where it does not stand."""

    older: Sentence | None
    newer: Sentence | None
    is_moved: bool = False

    @property
    def fate(self) -> Fate:
        """What became of it."""
        if self.older is None:
            return Fate.ADDED
        if self.newer is None:
            return Fate.REMOVED
        if self.older.key != self.newer.key:
            return Fate.CHANGED
        return Fate.MOVED if self.is_moved else Fate.KEPT


IsFurniture = Callable[[str], bool]
"""Tells whether a line of a body is page furniture."""


def difference(older: Version, newer: Version, is_furniture: IsFurniture) -> Difference:
    """What differs between two versions, to be shown to people; a house's style alone is no difference."""
    aligned = pairs(older, newer, is_furniture)
    return Difference(
        headline=_field(older.headline, newer.headline),
        dek=None if stands_in(newer.dek, aligned) else _field(older.dek or "", newer.dek or ""),
        sentences=tuple(map(_shown, aligned)),
    )


def stands_in(dek: str | None, aligned: Iterable[Pair]) -> bool:
    """Whether a standfirst opens the body, too: then its change is told there."""
    key = forms(parts(dek or ""))
    return bool(key) and any(pair.newer is not None and pair.newer.key == key for pair in aligned)


def _field(older: str, newer: str) -> SentenceChange | None:
    if forms(parts(older)) == forms(parts(newer)):
        return None
    if not older or not newer:
        mark, fate = (Mark.INSERTED, Fate.ADDED) if newer else (Mark.DELETED, Fate.REMOVED)
        return SentenceChange(fate, (Piece(older or newer, mark),))
    return SentenceChange(Fate.CHANGED, marked(older, newer))


def _shown(pair: Pair) -> SentenceChange:
    fate = pair.fate
    if pair.older is None or pair.newer is None:
        text, mark = (pair.newer, Mark.INSERTED) if pair.newer else (pair.older, Mark.DELETED)
        return SentenceChange(fate, (Piece(text.text if text else "", mark),))
    if fate is Fate.CHANGED:
        return SentenceChange(fate, marked(pair.older.text, pair.newer.text))
    return SentenceChange(fate, (Piece(pair.newer.text),))


def pairs(older: Version, newer: Version, is_furniture: IsFurniture) -> list[Pair]:
    """The sentences of both bodies, aligned, in reading order; furniture is left out.

    Equal sentences that stand once in both are anchors, the longest chain of them that ascends in both stays
    in place (patience diff); between them the most alike are two versions of one. What is left on both sides
    and is equal, or nearly, was moved.
    """
    one, other = (list(_sentences(version, is_furniture)) for version in (older, newer))
    found: list[Pair] = []
    start_one = start_other = 0
    for i, j in (*_anchors(one, other), (len(one), len(other))):
        found += _gap(one[start_one:i], other[start_other:j])
        if i < len(one):
            found.append(Pair(one[i], other[j]))
        start_one, start_other = i + 1, j + 1
    return _moved(found)


def _sentences(version: Version, is_furniture: IsFurniture) -> Iterator[Sentence]:
    count = 0
    for number, block in enumerate(version.blocks):
        if is_furniture(block.text):
            continue
        for text in sentences.split(block.text, version.language):
            if (found := parts(text)) and not is_furniture(text):
                yield Sentence(text, found, number)
                count += 1
            if count >= MOST_SENTENCES:
                return


def _anchors(one: Sequence[Sentence], other: Sequence[Sentence]) -> list[tuple[int, int]]:
    counts = [Counter(sentence.key for sentence in side) for side in (one, other)]
    places = {sentence.key: i for i, sentence in enumerate(one) if counts[0][sentence.key] == 1}
    matches = [
        (places[sentence.key], j)
        for j, sentence in enumerate(other)
        if sentence.key in places and counts[1][sentence.key] == 1
    ]
    tails: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (i, _) in enumerate(matches):
        length = bisect_left(tails, i)
        tails[length : length + 1] = [i]
        last[length : length + 1] = [number]
        before.append(last[length - 1] if length else -1)
    chain: list[tuple[int, int]] = []
    number = last[-1] if last else -1
    while number >= 0:
        chain.append(matches[number])
        number = before[number]
    return chain[::-1]


def _gap(one: Sequence[Sentence], other: Sequence[Sentence]) -> list[Pair]:
    """Pair the sentences between two anchors so that the sum of their likeness is greatest."""
    if not one or not other or len(one) * len(other) > _MOST_PAIRS:
        return [*(Pair(each, None) for each in one), *(Pair(None, each) for each in other)]
    gains = [[likeness(a.parts, b.parts) for b in other] for a in one]
    best = [[0.0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i in range(len(one) - 1, -1, -1):
        for j in range(len(other) - 1, -1, -1):
            paired = gains[i][j] + best[i + 1][j + 1] if gains[i][j] >= ALIKE else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    found: list[Pair] = []
    i = j = 0
    while i < len(one) and j < len(other):
        if gains[i][j] >= ALIKE and best[i][j] == gains[i][j] + best[i + 1][j + 1]:
            found.append(Pair(one[i], other[j]))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            found.append(Pair(one[i], None))
            i += 1
        else:
            found.append(Pair(None, other[j]))
            j += 1
    return [*found, *(Pair(each, None) for each in one[i:]), *(Pair(None, each) for each in other[j:])]


def _moved(found: list[Pair]) -> list[Pair]:
    """Pair what is left on both sides, wherever it stands."""
    gone = {n: pair.older for n, pair in enumerate(found) if pair.newer is None and pair.older}
    came = {n: pair.newer for n, pair in enumerate(found) if pair.older is None and pair.newer}
    if not gone or not came or len(gone) * len(came) > _MOST_PAIRS:
        return found
    taken: dict[int, Sentence] = {}
    for place, newer in came.items():
        if len(newer.parts) < _LEAST_MOVED_PARTS:
            continue
        score, from_ = max((likeness(older.parts, newer.parts), -n) for n, older in gone.items())
        if score >= ALIKE_ANYWHERE:
            taken[place] = gone.pop(-from_)
        if not gone:
            break
    dropped = {id(sentence) for sentence in taken.values()}
    return [
        Pair(taken[n], pair.newer, is_moved=True) if n in taken else pair
        for n, pair in enumerate(found)
        if not (pair.newer is None and id(pair.older) in dropped)
    ]
