"""A sentence in parts: words, numbers and marks; what changed between two sentences."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import regex

from aggregator.dedupe.words import is_unspaced
from aggregator.model.revision import Mark, Piece

LONGEST_PIECES = 400
"""Longer sentences (lists without stops) are not compared word by word: that takes quadratic time."""

_UNSPACED = r"\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_PIECE = regex.compile(
    r"\p{Nd}{1,3}(?:[ \u00a0\u202f]\p{Nd}{3})+(?!\p{Nd})(?:[.,]\p{Nd}+)?"  # 12 000, 1 250,50
    r"|\p{Nd}+(?:[.,:٫٬’]\p{Nd}+)*(?:[十百千万億兆萬亿천만억조]+\p{Nd}*)*"
    r"|[\u30a0-\u30ff]+"  # a katakana word is one
    rf"|[{_UNSPACED}]"
    rf"|(?:(?![{_UNSPACED}])[\p{{L}}\p{{M}}\u200c])(?:(?![{_UNSPACED}])[\p{{L}}\p{{M}}\p{{Nd}}\u200c])*"
    rf"(?:['’](?![{_UNSPACED}])[\p{{L}}\p{{M}}]+)*"
    r"|\S"
)
# What houses set in their own style: quotation marks, dashes, ellipses, spaces.
_STYLE = regex.compile(r"[\"'“”„‟«»‹›‘’‚‛「」『』〝〟＂＇`´\p{Pd}\p{Cf}…·•]+")
_APOSTROPHES = str.maketrans("’‘ʼ＇", "''''")


@dataclass(frozen=True, slots=True)
class Part:
    """A word, number or mark: as written, where, and in the form that is compared, with case and accents."""

    text: str
    start: int
    form: str

    @property
    def is_word(self) -> bool:
        """Whether it is a word or a number."""
        return self.form[:1].isalnum()

    @property
    def plain(self) -> str:
        """The form without case and accents."""
        folded = unicodedata.normalize("NFKD", self.form.casefold())
        return "".join(char for char in folded if not unicodedata.combining(char))


@dataclass(frozen=True, slots=True)
class Edit:
    """Parts that were replaced, on one side perhaps none; ``one`` and ``other`` are their places."""

    deleted: tuple[Part, ...]
    inserted: tuple[Part, ...]
    one: int
    other: int


def parts(sentence: str) -> tuple[Part, ...]:
    """A sentence's parts; what is only a house's style (quotes, dashes) is left out."""
    found = []
    for match in _PIECE.finditer(sentence):
        form = unicodedata.normalize("NFKC", match[0]).translate(_APOSTROPHES)
        if not _STYLE.fullmatch(form):
            found.append(Part(match[0], match.start(), form))
    return tuple(found)


def forms(sentence: Sequence[Part]) -> tuple[str, ...]:
    """What a sentence is compared by."""
    return tuple(part.form for part in sentence)


def likeness(one: Sequence[Part], other: Sequence[Part]) -> float:
    """The share of words that two sentences have in common, 0 to 1, whatever their order."""
    theirs: dict[str, int] = {}
    count = 0
    for part in other:
        if part.is_word:
            theirs[part.plain] = theirs.get(part.plain, 0) + 1
            count += 1
    common = 0
    for part in one:
        if not part.is_word:
            continue
        count += 1
        if left := theirs.get(part.plain, 0):
            theirs[part.plain] = left - 1
            common += 1
    return 2 * common / count if count else 0.0


def edits(one: Sequence[Part], other: Sequence[Part]) -> list[Edit]:
    """What was replaced, deleted and inserted between two sentences, in order."""
    if max(len(one), len(other)) > LONGEST_PIECES:
        return [Edit(tuple(one), tuple(other), 0, 0)]
    return [
        Edit(tuple(one[i:k]), tuple(other[j:m]), i, j)
        for tag, i, k, j, m in _matcher(one, other).get_opcodes()
        if tag != "equal"
    ]


def marked(older: str, newer: str) -> tuple[Piece, ...]:
    """Both versions of a sentence as one: what stayed, in the newer one's style, what is gone, what came."""
    one, other = parts(older), parts(newer)
    if max(len(one), len(other)) > LONGEST_PIECES:
        return (Piece(older, Mark.DELETED), Piece(newer, Mark.INSERTED))
    found: list[Piece] = []
    for tag, i, k, j, m in _matcher(one, other).get_opcodes():
        if tag == "equal":
            found.append(Piece(_between(newer, other, j, m)))
            continue
        gone, came = _between(older, one, i, k), _between(newer, other, j, m)
        found += [Piece(text, mark) for text, mark in ((gone, Mark.DELETED), (came, Mark.INSERTED)) if text]
    return tuple(found)


def _between(text: str, known: Sequence[Part], start: int, end: int) -> str:
    first = known[start].start if start and start < len(known) else len(text) if start else 0
    last = known[end].start if end < len(known) else len(text)
    return text[first:last]


def _matcher(one: Sequence[Part], other: Sequence[Part]) -> SequenceMatcher[str]:
    return SequenceMatcher(None, forms(one), forms(other), autojunk=False)


def has_unspaced(text: str) -> bool:
    """Whether a text is written without spaces between words."""
    return any(map(is_unspaced, text))
