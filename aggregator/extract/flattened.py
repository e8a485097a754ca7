"""Furniture flattened into running text: a caption before it, read-also lines inside, notices at its end."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from aggregator.extract import phrases, sentences
from aggregator.extract.plain import key
from aggregator.model.article import Block, BlockKind, CutBlock

_TAIL_KINDS = frozenset({"paywall", "newsletter"})
_LONGEST_NOTICE_CHARS = 160
_LONGEST_OPENING_CHARS = 40
_LONGEST_HEADLINE_CHARS = 250
_LONGEST_LAST_CHARS = 200
_LEAST_HEADLINE_WORDS = 3
_MOST_OPENING_WORDS = 5
_LEAST_OPENING_WORDS = 2
_LEAST_USES = 2
_MOST_READ_ALSO = 10  # in one paragraph; more is a list, and each costs a copy of the text
_COLON = re.compile(r"\s?[:：]\s*")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# A sentence, then only an agency's name, then the text: a caption whose line break was lost.
_CAPTION = re.compile(
    r"^(?P<caption>[^\n]{20,400}?[.…])\s+(?P<credit>(?:[\w.’' -]{2,40}/\s?)?"
    r"(?:AP|AFP|EPA|EFE|DPA|dpa|ANSA|REUTERS|Reuters|Getty Images|Xinhua|TASS))\s+(?=[^\W\d_a-z])"
)


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption that stood before the text, and whose picture it is."""

    text: str
    credit: str


def cut_inside(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], tuple[CutBlock, ...], Caption | None]:
    """The blocks without what was flattened into their text, what was cut, and a caption if one led."""
    cuts: list[CutBlock] = []
    ordinary = _ordinary_words(blocks)
    kept: list[Block] = []
    caption: Caption | None = None
    for block in blocks:
        text = block.text
        if block.kind is BlockKind.PARAGRAPH:
            if not kept and (found := _CAPTION.match(text)):
                caption = Caption(found["caption"], found["credit"])
                cuts.append(CutBlock.inside(block, found[0].rstrip(), "flattened/caption", 0))
                text = text[found.end() :]
            stays, last = "", 0
            for start, end in islice(_read_also(text, ordinary), _MOST_READ_ALSO):
                stays = _joined(stays, text[last:start])
                line = text[start:end].strip()
                cuts.append(CutBlock.inside(block, line, "flattened/read_also", len(stays)))
                last = end
            text = _joined(stays, text[last:]) if last else text
        if text:
            kept.append(block if text == block.text else replace(block, text=text))
    return *_without_notices(kept, cuts), caption


def _joined(first: str, second: str) -> str:
    return f"{first} {second.strip()}".strip()


def _ordinary_words(blocks: Sequence[Block]) -> frozenset[str]:
    """Words that the article writes in lower case: one that opens with a capital opens a sentence."""
    counts = Counter(word for block in blocks for word in _WORD.findall(block.text) if word.islower())
    return frozenset(word for word, uses in counts.items() if uses >= _LEAST_USES)


def _read_also(text: str, ordinary: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Where read-also lines begin and end that stand between the sentences of a paragraph."""
    last = 0
    for colon in _COLON.finditer(text):
        start = _opening(text, colon.start())
        if start is None or start < last:
            continue
        end = _end_of_headline(text, colon.end(), ordinary)
        if end is not None and (start, end) != (0, len(text)):
            yield start, end
            last = end


def _opening(text: str, colon: int) -> int | None:
    """Where a read-also phrase of several words begins that ends at a colon and follows a sentence's end."""
    before = list(sentences.END.finditer(text, max(0, colon - 80), colon))
    start = before[-1].end() if before else (0 if colon <= _LONGEST_OPENING_CHARS else None)
    if start is None:
        return None
    start += len(text[start:colon]) - len(text[start:colon].lstrip())
    words = key(text[start:colon])
    if not _LEAST_OPENING_WORDS <= len(words.split()) <= _MOST_OPENING_WORDS:
        return None
    return start if phrases.opening(text[start:colon]) == "read_also" else None


def _end_of_headline(text: str, start: int, ordinary: frozenset[str]) -> int | None:
    """Where a headline without a full stop ends: before a capital on an ordinary word, or with the text.

    Such as: … au-delà de l’Asie du Nord-Est Que pensez-vous …: the article writes "que" in lower case.
    """
    start = _behind_label(text, start)
    for number, word in enumerate(_WORD.finditer(text, start, start + _LONGEST_HEADLINE_CHARS)):
        stop = sentences.END.search(text, start, word.start())
        if stop and number >= _LEAST_HEADLINE_WORDS:
            return stop.end()
        first = re.split(r"['’-]", word[0])[0]
        if number >= _LEAST_HEADLINE_WORDS and first[:1].isupper() and first.lower() in ordinary:
            return word.start()
    rest = text[start:]
    return len(text) if len(rest) <= _LONGEST_LAST_CHARS else None


def _behind_label(text: str, start: int) -> int:
    """Behind a label such as 'Article réservé à nos abonnés' that stands before the headline."""
    words = list(_WORD.finditer(text, start, start + _LONGEST_NOTICE_CHARS))[:7]
    for count in range(len(words), 1, -1):
        if phrases.whole(text[start : words[count - 1].end()]) == "paywall":
            return words[count - 1].end()
    return start


def _without_notices(
    blocks: list[Block], cuts: list[CutBlock]
) -> tuple[tuple[Block, ...], tuple[CutBlock, ...]]:
    """Sentences at the very end that ask to subscribe are cut, as lines of their own are."""
    while blocks and blocks[-1].kind is BlockKind.PARAGRAPH:
        text = blocks[-1].text
        ends = [match.end() for match in sentences.END.finditer(text)]
        start = next((end for end in reversed(ends) if text[end:].strip()), 0)
        sentence = text[start:].strip()
        if not start or len(sentence) > _LONGEST_NOTICE_CHARS:
            break
        if phrases.kind_of(sentence) not in _TAIL_KINDS:
            break
        stays = text[:start].rstrip()
        cuts.append(
            CutBlock.inside(blocks[-1], sentence, f"flattened/{phrases.kind_of(sentence)}", len(stays))
        )
        blocks[-1] = replace(blocks[-1], text=stays)
    return tuple(blocks), tuple(cuts)
