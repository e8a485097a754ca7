"""Headlines of an outlet's other articles: to see where one of them ends inside a text."""

from collections.abc import Iterable, Iterator

import regex

from aggregator.extract.phrasebook import UNSPACED
from aggregator.extract.plain import key

MOST_HEADLINES = 2_000
"""Of one outlet; the oldest are forgotten. Outlets point to what they have written lately."""

_LEAST_WORDS = 3
_LEAST_CHARS = 12
# A sign of scripts without spaces says about as much as two letters.
_LEAST_UNSPACED_CHARS = 6
_START_CHARS = 6
_LONGEST_CHARS = 300
# What closes a headline beside its last letter, opening quotes and brackets of the next sentence left out.
_CLOSING = regex.compile(r"[^\w\s\p{Ps}\p{Pi}]*")


class Headlines:
    """Headlines by their first letters; case, accents, punctuation and spacing do not count.

    What is too short to be known for a headline is left out. Texts are folded when one is looked for first:
    a page has hundreds of links, and hardly ever a line that needs them.
    """

    def __init__(self, texts: Iterable[str] = (), most: int = MOST_HEADLINES) -> None:
        self._new, self._most = list(texts), most
        self._known: dict[str, None] = {}
        self._by_start: dict[str, set[str]] = {}

    def add(self, texts: Iterable[str]) -> None:
        """Know more headlines."""
        self._new.extend(texts)
        del self._new[: -self._most]

    def end(self, text: str, start: int) -> int | None:
        """Where the longest headline that begins at ``start`` ends, its closing marks included."""
        self._fold()
        if not self._known:
            return None
        read, longest = "", None
        candidates: set[str] = set()
        for at, letters in _letters(text, start):
            read += letters
            if not candidates and len(read) >= _START_CHARS:
                candidates = self._by_start.get(read[:_START_CHARS], set())
                if not candidates:
                    return None
            if read in candidates and _is_end(text, at):
                longest = at
        return None if longest is None else _CLOSING.match(text, longest).end()

    def _fold(self) -> None:
        for text in self._new:
            words = key(text)
            compact = words.replace(" ", "")
            if _is_headline(words, compact) and compact not in self._known:
                self._known[compact] = None
                self._by_start.setdefault(compact[:_START_CHARS], set()).add(compact)
        self._new.clear()
        while len(self._known) > self._most:
            oldest = next(iter(self._known))
            del self._known[oldest]
            self._by_start[oldest[:_START_CHARS]].discard(oldest)


def _is_headline(words: str, compact: str) -> bool:
    if UNSPACED.search(compact):
        return len(compact) >= _LEAST_UNSPACED_CHARS
    return len(compact) >= _LEAST_CHARS and words.count(" ") + 1 >= _LEAST_WORDS


def _letters(text: str, start: int) -> Iterator[tuple[int, str]]:
    """Each letter's end in the text and its folded form, which may have no letter or several."""
    for number, letter in enumerate(text[start : start + _LONGEST_CHARS], start + 1):
        yield number, key(letter).replace(" ", "")


def _is_end(text: str, at: int) -> bool:
    """Whether no word goes on here; scripts without spaces do not tell."""
    return not regex.match(r"\w", text[at : at + 1]) or UNSPACED.match(text[at - 1]) is not None
