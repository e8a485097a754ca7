"""Invented texts in which words are as frequent as in real ones: few very common, most very rare."""

import importlib
import itertools
import random
from collections.abc import Iterator, Sequence
from typing import Final

from dumps.filling import SYLLABLES

VOCABULARY: Final = 100_000
HEADLINE_WORDS: Final = 8
PARAGRAPH_WORDS: Final = (45, 60, 60)
"""About 1 kB."""


class Words:
    """A vocabulary of unique words, the most frequent first, and texts in which they follow Zipf's law.

    A word of rank r stands in about ``1 - exp(-13.6 / r)`` of all bodies: the tenth in three of four, the
    hundredth in one of eight, one of rank 30,000 in 450 of a million.
    """

    def __init__(self, seed: int) -> None:
        numpy = importlib.import_module("numpy")
        self.ranked = _vocabulary()
        self._chance = numpy.random.default_rng(seed)
        self._shares = numpy.cumsum(1 / numpy.arange(1, VOCABULARY + 1))
        self._shares /= self._shares[-1]

    def texts(self, count: int) -> Iterator[tuple[str, ...]]:
        """So many texts: each a headline and three paragraphs, words in lower case between spaces."""
        sizes = (HEADLINE_WORDS, *PARAGRAPH_WORDS)
        places = self._shares.searchsorted(self._chance.random((count, sum(sizes)))).tolist()
        ends = list(itertools.accumulate(sizes))
        ranked = self.ranked
        for drawn in places:
            words = [ranked[place] for place in drawn]
            yield tuple(" ".join(words[end - size : end]) for size, end in zip(sizes, ends, strict=True))


def _vocabulary() -> Sequence[str]:
    """Words of one syllable, then of two, then of three: common words are short."""
    shuffled = random.Random(1).sample(SYLLABLES, len(SYLLABLES))
    every = ("".join(each) for size in (1, 2, 3) for each in itertools.product(shuffled, repeat=size))
    return list(itertools.islice(every, VOCABULARY))
