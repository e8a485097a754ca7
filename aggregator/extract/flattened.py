"""Furniture flattened into running text: a caption before it, read-also lines inside, notices at its end."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from aggregator.extract import phrases, read_also, sentences
from aggregator.extract.headlines import Headlines
from aggregator.model.article import Block, BlockKind, CutBlock

_TAIL_KINDS = frozenset({"paywall", "newsletter"})
_LONGEST_NOTICE_CHARS = 160
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


def cut_inside(
    blocks: Sequence[Block], links: Iterable[str] = ()
) -> tuple[tuple[Block, ...], tuple[CutBlock, ...], Caption | None]:
    """The blocks without what was flattened into their text, what was cut, and a caption if one led.

    ``links`` are the texts of the page's links: they tell where the headline of another article ends.
    """
    cuts: list[CutBlock] = []
    ordinary, headlines = read_also.ordinary_words(blocks), Headlines(links)
    kept: list[Block] = []
    caption: Caption | None = None
    for block in blocks:
        text = block.text
        if block.kind is BlockKind.PARAGRAPH:
            if not kept and (found := _CAPTION.match(text)):
                caption = Caption(found["caption"], found["credit"])
                cuts.append(CutBlock.inside(block, found[0].rstrip(), "flattened/caption", 0))
                text = text[found.end() :]
            text, lines = read_also.without(replace(block, text=text), ordinary, headlines)
            cuts.extend(lines)
        if text:
            kept.append(block if text == block.text else replace(block, text=text))
    return *_without_notices(kept, cuts), caption


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
