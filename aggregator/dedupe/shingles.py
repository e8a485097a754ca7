"""Shingles: overlapping runs of words, and the sample of them by which candidates are found."""

from dataclasses import dataclass

from aggregator.dedupe.words import IS_UNSPACED, Words, plain

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

# Odd, below 2^30: products with words of 29 bits fit two digits of a Python number, which is twice as fast.
_FACTORS = (0x2545F491, 0x1B873593, 0x0C2B2AE3, 0x27D4EB2F, 0x165667B1)
_MIX = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1
_ROW_BITS = 40


@dataclass(frozen=True, slots=True)
class Sample:
    """Which shingles of a text are looked up (``probes``, with their place) and which are kept.

    ``rows`` is a subset of the probes: about 40 for a long text. Hashes have 40 bits: among
    ten million rows a text meets one by chance once in a thousand times, and two of one article never.
    """

    probes: dict[int, int]
    rows: tuple[int, ...]


def sample(text: Words) -> Sample:
    """The sample of a text; empty for one shorter than a shingle."""
    probes: dict[int, int] = {}
    lead: list[int] = []
    others: list[int] = []
    for place, shingle in _looked_up(text):
        row = ((shingle ^ shingle >> 29) * _MIX & _MASK) >> 64 - _ROW_BITS
        if row in probes:
            continue
        probes[row] = place
        if place < LEAD_SHINGLES:
            lead.append(row)
        elif not shingle & PROBE_SHARE:
            others.append(row)
    others.sort()
    return Sample(probes, (*lead, *others[:MOST_OTHER_ROWS]))


def _looked_up(text: Words) -> list[tuple[int, int]]:
    """Place and hash of the shingles in the sample: sums of words with factors, divisible by PROBE_SHARE."""
    a, b, c, d, e = _FACTORS
    h = plain(text)
    fives = zip(h, h[1:], h[2:], h[3:], h[4:], strict=False)
    sums = [v * a + w * b + x * c + y * d + z * e for v, w, x, y, z in fives]
    if any(word & IS_UNSPACED for word in text):
        for place in range(len(sums)):
            if text[place] & IS_UNSPACED:
                rest = h[place + WIDTH_WORDS : place + WIDTH_CHARACTERS]
                sums[place] += sum(word * factor for word, factor in zip(rest, (b, c, d), strict=False))
    return [(place, number) for place, number in enumerate(sums) if not number % PROBE_SHARE]
