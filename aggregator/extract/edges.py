"""Furniture at a paragraph's edge: its first or last sentences, where the rest is the article's own text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from aggregator.extract import phrases, sentences
from aggregator.extract.known import Known
from aggregator.extract.phrasebook import UNSPACED
from aggregator.extract.plain import key
from aggregator.model.article import Block, BlockKind, CutBlock

KINDS = frozenset({"newsletter", "paywall", "share", "comments", "media", "read_also"})
# Of 21 such paragraphs of 777 recorded pages 16 are furniture throughout: what leads to a call ("There is
# plenty more where that came from."), authors' notes with their addresses, questions to readers. None has so
# much beside the call and speaks of what the article speaks of.
_LEAST_TEXT_CHARS = 80
_LEAST_SHARED_WORDS = 2  # holds of 95 % of real paragraphs of 80 to 200 characters, 3 of 88 %
_LEAST_WORD_CHARS = 6  # shorter ones are of every text; endings beyond them change
_WORD = re.compile(rf"(?<![^\W\d_])[^\W\d_]{{{_LEAST_WORD_CHARS}}}")
_ADDRESS = re.compile(r"@|\bhttps?:|\bwww\.")
_QUESTION = re.compile(r"[?？؟]\W*$")


@dataclass(frozen=True, slots=True)
class Parted:
    """A paragraph without the sentences that were cut from its edges, and those."""

    block: Block
    cuts: tuple[CutBlock, ...]


def part(block: Block, known: Known, others: Iterable[Block]) -> Parted | None:
    """A paragraph that holds a phrase, parted into text and furniture; None if all of it is furniture.

    What remains must tell by itself that it is text: by its length, and by words of the ``others``, the
    article's blocks. Scripts without spaces have no words to tell it by, and are never parted.
    """
    text = block.text
    if block.kind is not BlockKind.PARAGRAPH or UNSPACED.search(text):
        return None
    if text in known.links or phrases.is_by_head(text):
        return None
    pieces = _pieces(text)
    kinds = [phrases.kind_of(piece) for piece in pieces]
    texts = [number for number, kind in enumerate(kinds) if kind not in KINDS]
    if not texts or len(texts) == len(pieces):
        return None
    first, stop = texts[0], texts[-1] + 1
    rest = "".join(pieces[first:stop]).strip()
    if any(kinds[first:stop]) or not _is_text(rest, block, known, others):
        return None
    cuts = (
        CutBlock.inside(block, piece.strip(), f"flattened/{kind}", 0 if number < first else len(rest))
        for number, (piece, kind) in enumerate(zip(pieces, kinds, strict=True))
        if not first <= number < stop
    )
    return Parted(replace(block, text=rest), tuple(cuts))


def _pieces(text: str) -> list[str]:
    """The sentences of a text, with the space before them."""
    ends = [match.end() for match in sentences.END.finditer(text)]
    bounds = zip([0, *ends], [*ends, len(text)], strict=True)
    return [text[start:end] for start, end in bounds if text[start:end].strip()]


def _is_text(rest: str, block: Block, known: Known, others: Iterable[Block]) -> bool:
    if len(rest) < _LEAST_TEXT_CHARS or not sentences.CLOSED.search(rest) or _QUESTION.search(rest):
        return False
    folded = key(rest)
    if _ADDRESS.search(rest) or any(name and name in folded for name in known.byline):
        return False
    words = set(_WORD.findall(rest.lower()))
    told = {word for one in others if one is not block for word in _WORD.findall(one.text.lower())}
    return len(words & told) >= _LEAST_SHARED_WORDS
