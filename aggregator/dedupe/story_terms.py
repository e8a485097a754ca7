"""The terms of an article: what its headline and lead name, as numbers with weights."""

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple
from zlib import crc32

import regex

from aggregator.dedupe.common_words import common_words
from aggregator.unseen import unstacked

LEAD_WORDS = 90
"""The lead is so many words: what happened, where and to whom stands there; the rest is background."""

HEADLINE = 2.0
"""A word of the headline counts as two of the lead."""

_LEAD_CHARS = 1_200
_STEM_CHARS = 6
_ARABIC_STEM_CHARS = 5
_TITLE_CASE = 0.6
"""A headline with so many capitals is in title case: there they tell no names."""

_SMALL_NUMBER = 0.3
"""A number of one digit hardly tells anything."""

_TERM_BITS = 29
_FIRST_UNSPACED = "\u0e00"

# A number (perhaps with a Japanese counter), a run of one script without spaces, a word, or what a sentence
# begins or ends with; the second pattern is the same for texts that write spaces, and three times as fast.
_ANY_PIECE = regex.compile(
    r"\p{Nd}+(?:[.,:\u066b]\p{Nd}+)*\p{Han}?"
    r"|[\p{Han}々]+|[\p{Katakana}ー]+|\p{Hiragana}+|\p{Hangul}+|[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]+"
    r"|[\p{L}\p{M}][\p{L}\p{M}\p{Nd}]*"
    r"|[.!?:;\n\"“”„«»•。「」]"
)
_SPACED_PIECE = re.compile(r"\d+(?:[.,:\u066b]\d+)*|[^\W\d_]\w*|[.!?:;\n\"“”„«»•]")
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]"
)
_STARTS = frozenset('.!?:;\n"“”„«»•。「」')
_PARTS = regex.compile(r"(?P<pair>[\p{Han}々\p{Hangul}])|(?P<four>[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}])")
_ENDINGS = ("er", "en", "es", "em", "s", "e", "n", "a", "o", "i")
_LEAST_STEM = 4
_ARTICLES = ("وال", "فال", "بال", "كال", "لل", "ال")
_ARABIC = str.maketrans({"ـ": "", "أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه"})


class Term(NamedTuple):
    """How often a term stands in headline and lead, and what it is.

    ``times`` is not whole: words of one name share one, and so do the pairs of a run of characters.
    """

    times: float
    is_name: bool
    is_number: bool
    is_common: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """An article's terms by number: 29 bits of a hash of language and stem. ``language`` is a number, too."""

    language: int
    found: Mapping[int, Term]


class _Piece(NamedTuple):
    """A word of a text; a tuple, for hundreds are made of each article."""

    stem: str
    is_name: bool
    is_number: bool
    share: float


def terms(headline: str, text: str, language: str | None) -> Terms:
    """The terms of an article of this language (a BCP 47 tag); ``text`` opens with its dek or its lead."""
    primary = (language or "").partition("-")[0].casefold()
    lead = _in_names(_pieces(text[:_LEAD_CHARS], LEAD_WORDS))
    title = _pieces(headline)
    if sum(piece.is_name for piece in title) > _TITLE_CASE * max(len(title) - 1, 1):
        title = [piece._replace(is_name=False) for piece in title]
    counts: dict[str, float] = {}
    names, numbers = set(), set()
    for piece, weight in [(one, HEADLINE) for one in _in_names(title)] + [(one, 1.0) for one in lead]:
        counts[piece.stem] = counts.get(piece.stem, 0.0) + weight * piece.share
        if piece.is_name:
            names.add(piece.stem)
        if piece.is_number:
            numbers.add(piece.stem)
    common = _common(primary)
    return Terms(
        number(primary, ""),
        {
            number(primary, stem): Term(count, stem in names, stem in numbers, stem in common)
            for stem, count in counts.items()
        },
    )


def _in_names(pieces: list[_Piece]) -> list[_Piece]:
    """The words of a name of several words together weigh as one of a single word."""
    if not any(one.is_name and other.is_name for one, other in pairwise(pieces)):
        return pieces
    out: list[_Piece] = []
    start = 0
    while start < len(pieces):
        end = start + 1
        while pieces[start].is_name and end < len(pieces) and pieces[end].is_name:
            end += 1
        share = 1 / math.sqrt(end - start)
        out += [one if end - start == 1 else one._replace(share=share) for one in pieces[start:end]]
        start = end
    return out


def _pieces(text: str, most: int | None = None) -> list[_Piece]:
    """The words of a text, or the first of them."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", unstacked(text))
    pattern = _ANY_PIECE if _UNSPACED.search(text) else _SPACED_PIECE
    out: list[_Piece] = []
    opens = True
    for piece in pattern.findall(text):
        if piece in _STARTS:
            opens = True
            continue
        first = piece[0]
        if first.isdecimal():
            share = _SMALL_NUMBER if sum(map(str.isdecimal, piece)) == 1 else 1.0
            out.append(_Piece(piece.replace(",", "."), False, True, share))
        elif first >= _FIRST_UNSPACED and (parts := _unspaced(piece)) is not None:
            out += parts
        elif stem := _stem(piece):
            out.append(_Piece(stem, first.isupper() and not opens, False, 1.0))
        opens = False
        if most is not None and len(out) >= most:
            return out[:most]
    return out


def _unspaced(run: str) -> list[_Piece] | None:
    """The parts of a run of a script without spaces; None for any other script."""
    first = run[0]
    if "\u3041" <= first <= "\u309f":
        return []  # Japanese writes grammar so
    if "\u30a0" <= first <= "\u30ff":
        return [_Piece(run, True, False, 1.0)]
    kind = _PARTS.match(first)
    if kind is None:
        return None
    size = 2 if kind["pair"] else 4
    found = [run[place : place + size] for place in range(max(len(run) - size + 1, 1))]
    share = 1 / math.sqrt(len(found))
    return [_Piece(gram, False, False, share) for gram in found]


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    """A word without case, accents and endings, cut after six letters; empty for a single letter.

    Compounds then meet the word that they begin with, and no dictionary of any language is needed.
    """
    folded = unicodedata.normalize("NFKD", word.casefold())
    plain = "".join(c for c in folded if unicodedata.category(c) not in {"Mn", "Cf"})
    if len(plain) <= 1:
        return ""
    if "\u0600" <= plain[0] <= "\u06ff":
        return _arabic(plain)
    if len(plain) > _LEAST_STEM:
        for ending in _ENDINGS:
            if plain.endswith(ending) and len(plain) - len(ending) >= _LEAST_STEM:
                plain = plain[: -len(ending)]
                break
    return plain[:_STEM_CHARS]


def _arabic(word: str) -> str:
    """The word without its article and what is written together with it."""
    plain = word.translate(_ARABIC)
    for prefix in _ARTICLES:
        if plain.startswith(prefix) and len(plain) - len(prefix) > 2:  # noqa: PLR2004 - a root has three letters
            return plain[len(prefix) :][:_ARABIC_STEM_CHARS]
    if plain[0] in "ولب" and len(plain) > _LEAST_STEM:
        plain = plain[1:]
    return plain[:_ARABIC_STEM_CHARS]


@cache
def _common(language: str) -> frozenset[str]:
    stems: set[str] = set()
    for word in common_words(language):
        stems.update(piece.stem for piece in _pieces(word))
    return frozenset(stems)


@lru_cache(maxsize=100_000)
def number(language: str, stem: str) -> int:
    """The number of a term of a language; of the language itself, if the stem is empty."""
    return crc32(f"{language}:{stem}".encode("utf-8", "replace")) >> (32 - _TERM_BITS)
