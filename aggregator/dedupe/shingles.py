"""Shingles: overlapping runs of words, and the sample of them by which candidates are found."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aggregator.dedupe.words import IS_UNSPACED, Words, flagged, plain

SCHEME = 1
"""The number of this way to sample. What changes a sample raises it: stored samples need a rebuild then."""

WIDTH_WORDS = 5
"""Two runs of five words are rare enough to find a copy by among millions of articles; of three not."""

WIDTH_CHARACTERS = 8
"""The same in scripts without spaces, where a character is a word."""

PROBE_SHARE = 4
"""One shingle in so many is looked up: those whose hash is divisible by it."""

LEAD_SHINGLES = 96
"""The lead is indexed densely: excerpts, cut copies and teasers nearly always carry it."""

MOST_OTHER_ROWS = 16
"""Further rows of an article, the lowest hashes of the rest: they find copies whose lead is another."""

# Odd, below 2^30: eight products with words of 29 bits stay below 2^62.
_FACTORS = tuple(map(np.uint64, (0x2545F491, 0x1B873593, 0x0C2B2AE3, 0x27D4EB2F, 0x165667B1)))
_MIX = np.uint64(0x9E3779B97F4A7C15)
_ROW_BITS = 40


@dataclass(frozen=True, slots=True)
class Sample:
    """Which shingles of a text are looked up (``probes``, with their place) and which are kept.

    ``early`` are those to look up first: those of the lead, and half of the others, as nobody keeps more of
    them. ``rows`` is a subset of these: about 40 for a long text. Hashes have 40 bits: among ten million rows
    a text meets one by chance once in a thousand times, and two of one article never.
    """

    probes: dict[int, int]
    early: tuple[int, ...]
    rows: tuple[int, ...]


def sample(text: Words) -> Sample:
    """The sample of a text; empty for one shorter than a shingle."""
    sums = _sums(text)
    places = np.flatnonzero(sums % PROBE_SHARE == 0)
    shingles = sums[places]
    hashes = (shingles ^ shingles >> np.uint64(29)) * _MIX >> np.uint64(64 - _ROW_BITS)
    first = np.unique(hashes, return_index=True)[1]
    first.sort()
    places, shingles, hashes = places[first], shingles[first], hashes[first]
    is_lead = places < LEAD_SHINGLES
    is_early = is_lead | (shingles % (2 * PROBE_SHARE) == 0)
    others = np.sort(hashes[is_early & ~is_lead])[:MOST_OTHER_ROWS]
    return Sample(
        probes=dict(zip(hashes.tolist(), places.tolist(), strict=True)),
        early=tuple(hashes[is_early].tolist()),
        rows=(*hashes[is_lead].tolist(), *others.tolist()),
    )


def _sums(text: Words) -> NDArray[np.uint64]:
    """The shingles that begin at each place: sums of words with factors."""
    h = plain(text).astype(np.uint64)
    count = max(len(h) - WIDTH_WORDS + 1, 0)
    sums = np.zeros(count, np.uint64)
    for after, factor in enumerate(_FACTORS):
        sums += h[after : after + count] * factor
    is_unspaced = (flagged(text)[:count] & IS_UNSPACED).astype(bool)
    if is_unspaced.any():
        h = np.append(h, np.zeros(WIDTH_CHARACTERS - WIDTH_WORDS, np.uint64))
        for after, factor in zip(range(WIDTH_WORDS, WIDTH_CHARACTERS), _FACTORS[1:], strict=False):
            sums += h[after : after + count] * factor * is_unspaced
    return sums
