"""The words of a text as numbers: what texts are compared by."""

import re
import unicodedata
from array import array
from collections.abc import Sequence
from zlib import crc32

import numpy as np
import regex
from numpy.typing import NDArray

from aggregator.unseen import unstacked

MOST_WORDS = 20_000
"""Longer texts are compared by their first words: a live blog of a week has no more."""

IS_NUMBER = 1
IS_NAME = 2
IS_UNSPACED = 4
_FLAG_BITS = 3

_UNSPACED = r"\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# A word, a character of a script without spaces, or what a sentence ends or begins with.
_PIECE = re.compile(
    rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+|[.!?:;\n\"\u201c\u201d\u201e\u00ab\u00bb\u2022\u3002]"
)
_MARKS = regex.compile(r"[\p{Mn}\p{Cf}]+")
_STARTS = frozenset('.!?:;\n"\u201c\u201d\u201e\u00ab\u00bb\u2022\u3002')
_FIRST_UNSPACED = "\u0e00"
_START = 0xFFFFFFFF  # no word is number, name and unspaced at once

_REMEMBERED = 1 << 16
"""So many words' numbers are kept at hand, about 10 MB, before all are forgotten: nearly all of a text's."""

Words = Sequence[int]
"""A text: for each word 29 bits of its CRC-32 above three flags (number, name, script without spaces)."""


def words(text: str) -> Words:
    """A text's words as 32-bit numbers: blind to case, marks, punctuation and invisible characters.

    A name is a word with a capital that opens no sentence: by number and name template pages are told from
    copies. Scripts without capitals have no names; German nouns count as such, which does no harm.
    """
    out = array("I")
    opens = True
    for number in map(_numbers.__getitem__, _PIECE.findall(_folded(text))):
        if number == _START:
            opens = True
        else:
            out.append(number & ~IS_NAME if opens else number)
            opens = False
    return out[:MOST_WORDS]


def _folded(text: str) -> str:
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKD", unstacked(text))
    return unicodedata.normalize("NFC", _MARKS.sub("", plain))


class _Numbers(dict[str, int]):
    """The numbers of words that were met; of what ends or begins a sentence it is ``_START``."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _REMEMBERED:
            self.clear()
        number = self[word] = _START if word in _STARTS else _number(word)
        return number


_numbers = _Numbers()


def _number(word: str) -> int:
    first = word[0]
    flags = 0
    if first.isdigit() or word[-1].isdigit():
        flags = IS_NUMBER
    elif first >= _FIRST_UNSPACED and _PIECE.match(word) and len(word) == 1 and is_unspaced(first):
        flags = IS_UNSPACED
    elif first.isupper():
        flags = IS_NAME
    return (crc32(word.casefold().encode("utf-8", "replace")) & 0x1FFFFFFF) << _FLAG_BITS | flags


def is_unspaced(character: str) -> bool:
    """Whether a character belongs to a script that is written without spaces."""
    return (
        "\u0e00" <= character <= "\u0e7f"
        or "\u3040" <= character <= "\u30ff"
        or "\u3400" <= character <= "\u4dbf"
        or "\u4e00" <= character <= "\u9fff"
        or "\uf900" <= character <= "\ufaff"
    )


def flagged(text: Words) -> NDArray[np.uint32]:
    """The words as they are, flags and all, for reckoning with many at once; they must not be changed."""
    return np.frombuffer(text, np.uint32) if isinstance(text, array) else np.array(text, np.uint32)


def plain(text: Words) -> NDArray[np.uint32]:
    """The words without their flags, for comparison."""
    return flagged(text) >> np.uint32(_FLAG_BITS)
