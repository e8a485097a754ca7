"""Words: the form in which texts are indexed and queries are asked."""

import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

LONGEST_WORD_CHARS: Final = 64
"""What is longer is no word but data; PostgreSQL refuses words of over 2 kB."""

MOST_TERMS: Final = 24
"""Terms of a query that count; a person types fewer, and each costs a look into the index."""

LONGEST_QUERY_CHARS: Final = 500
"""Characters of a query that are read."""

# Scripts written without spaces, or (Korean) with particles stuck to the words: Thai, Lao, Myanmar, Hangul,
# Khmer, Kana and Han. Their texts are indexed as overlapping pairs of characters: most Chinese words have
# two, so that an index of three would miss them.
_PAIRED: Final = (
    "\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9d\U00020000-\U000323af"
)

# Accents of Latin, Greek and Cyrillic, vowel points of Hebrew and Arabic, and what cannot be seen: readers
# leave them out. The vowel signs of India's scripts are marks, too, and stay: without them words fall apart.
_LEFT_OUT: Final = (
    (0x0300, 0x036F),
    (0x0591, 0x05C7),
    (0x0610, 0x061A),
    (0x0640, 0x0640),
    (0x064B, 0x065F),
    (0x0670, 0x0670),
    (0x06D6, 0x06ED),
    (0x00AD, 0x00AD),
    (0x200B, 0x200F),
    (0x2060, 0x2060),
    (0xFEFF, 0xFEFF),
)
_DROP: Final = {code: None for start, end in _LEFT_OUT for code in range(start, end + 1)}

_QUOTED: Final = re.compile('"([^"]*)"|“([^”]*)”|„([^“”]*)[“”]|«([^»]*)»|「([^」]*)」|(\\S+)')


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must stand one after the other; ``is_start`` if the only one may be a word's beginning."""

    words: tuple[str, ...]
    is_start: bool = False


def fold(text: str) -> str:
    """The text without what readers do not type: case, accents, vowel points, wide and narrow forms."""
    if text.isascii():
        return text.lower()
    bare = unicodedata.normalize("NFKD", text.casefold()).translate(_DROP)
    return unicodedata.normalize("NFC", bare)


@lru_cache(maxsize=20_000)
def fold_word(word: str) -> str:
    """``fold`` for words, which come again."""
    return fold(word)


@cache
def word_pattern() -> re.Pattern[str]:
    """Matches a run of one kind: group 1 of a script that is indexed in pairs, else a word."""
    marks = "".join(
        f"\\U{code:08x}"
        for code in range(0x300, min(sys.maxunicode, 0xFFFF))
        if unicodedata.category(chr(code))[0] == "M"
    )
    return re.compile(f"([{_PAIRED}]+)|(?:(?![{_PAIRED}])[^\\W_]|(?![{_PAIRED}])[{marks}])+")


def words(text: str) -> Iterator[str]:
    """The words of a text as they are indexed, in order."""
    for run in word_pattern().finditer(fold(text)):
        if run.group(1) is None:
            yield run.group()[:LONGEST_WORD_CHARS]
        else:
            yield from pairs(run.group())


def pairs(run: str) -> Iterator[str]:
    """Overlapping pairs of characters, then the last character alone, so that any one is a word's start."""
    for start in range(len(run)):
        yield run[start : start + 2]


def terms(query: str) -> tuple[Term, ...]:
    """What a query asks for; all of its terms must be found. Quoted words stay together. Never fails."""
    found: dict[Term, None] = {}
    for piece in _QUOTED.finditer(query[:LONGEST_QUERY_CHARS]):
        phrase = next(group for group in piece.groups() if group is not None)
        found.update(dict.fromkeys(_terms_of(phrase)))
    return tuple(found)[:MOST_TERMS]


def _terms_of(phrase: str) -> Iterator[Term]:
    """The terms of a phrase: parted where the script changes, as the pairs' last characters stand between."""
    together: list[str] = []
    for run in word_pattern().finditer(fold(phrase)):
        if run.group(1) is None:
            together.append(run.group()[:LONGEST_WORD_CHARS])
            continue
        if together:
            yield Term(tuple(together))
            together = []
        if len(run.group()) == 1:
            yield Term((run.group(),), is_start=True)
        else:
            yield Term(tuple(pairs(run.group()))[:-1])
    if together:
        yield Term(tuple(together))
