"""What is cut from the body after extraction, and by which rule: repeated headline, page furniture."""

import re
from collections.abc import Sequence
from functools import lru_cache

from aggregator.errors import CardError
from aggregator.extract import edges, phrases, sentences, shapes
from aggregator.extract.body import FoundBody
from aggregator.extract.known import Known
from aggregator.extract.plain import key
from aggregator.model.article import Block, BlockKind, CutBlock

# A list of related articles holds headlines; a sentence of the article is longer, or ends like one.
_LONGEST_TEASER_CHARS = 160
# A paragraph of running text; standfirsts and captions above it may be nearly as long.
_SHORTEST_TEXT_CHARS = 200
DOUBTFUL = "unlikely"
"""The rule of a block that only the classifier of segments refuses."""

_COLONS = (":", "：")
_MAY_BE_PARTED = frozenset(f"phrase/{kind}" for kind in edges.KINDS)

Cut = tuple[tuple[Block, ...], tuple[CutBlock, ...]]


def cut(found: FoundBody, known: Known) -> Cut:
    """The blocks that stay, and those that were cut, each with its rule; what is doubtful has none but that.

    Raises:
        CardError: one of the card's expressions is not valid.
    """
    kept: list[Block] = []
    gone: list[CutBlock] = []
    number, is_above_text = 0, True
    blocks = found.blocks
    teasers = _first_of_last_teasers(blocks, known.links)
    while number < len(blocks):
        block = blocks[number]
        rule = _rule(block, known) or (_rule_above_text(block, known) if is_above_text else None)
        may_be_parted = rule in _MAY_BE_PARTED and number not in found.doubtful
        if may_be_parted and (parted := edges.part(block, known, blocks)):
            block, rule = parted.block, None
            gone.extend(parted.cuts)
        if rule is None and number in found.doubtful:
            rule = DOUBTFUL
        if rule is None:
            kept.append(block)
            is_above_text = is_above_text and len(block.text) < _SHORTEST_TEXT_CHARS
            number += 1
            continue
        stop = _stop(blocks, number, rule, links=known.links)
        if rule == "phrase/related" and number + 1 >= teasers:
            stop = len(blocks)
        gone.extend(CutBlock.whole(one, rule) for one in blocks[number:stop])
        number = stop
    bare = _bare_headings(kept)
    gone.extend(CutBlock.whole(block, "bare heading") for block in kept[len(kept) - bare :])
    return tuple(kept[: len(kept) - bare]), tuple(gone)


def _rule(block: Block, known: Known) -> str | None:
    if any(_pattern(line).fullmatch(block.text) for line in known.lines):
        return "card/cut_lines"
    if _only_says(key(block.text), known.headlines):
        return "headline"
    if kind := phrases.kind_of(block.text, is_link=block.text in known.links):
        return f"phrase/{kind}"
    shape = shapes.kind_of(block.text, known.byline)
    return f"shape/{shape}" if shape else None


def _only_says(line: str, headlines: frozenset[str]) -> bool:
    """Whether a line's key is a headline, or one several times over, as tag lines of some themes have it."""
    return any(line == one or (one and not line.replace(one, "").strip()) for one in headlines)


def _rule_above_text(block: Block, known: Known) -> str | None:
    # Further down a line with the day's date may belong to a chronology.
    if block.kind is not BlockKind.PARAGRAPH:
        return None
    return "shape/dateline" if shapes.is_dateline(block.text, known.days) else None


@lru_cache(maxsize=1024)
def _pattern(line: str) -> re.Pattern[str]:
    try:
        return re.compile(line)
    except re.error as error:
        raise CardError(f"rules.cut_lines: {line!r} is not a regular expression: {error}") from error


def _first_of_last_teasers(blocks: Sequence[Block], links: frozenset[str]) -> int:
    """Where the teasers begin that reach to the body's end: behind 'You may also like' those are its list."""
    start = len(blocks)
    while start > 0 and _is_teaser(blocks[start - 1], links):
        start -= 1
    return start


def _stop(blocks: Sequence[Block], number: int, rule: str, *, links: frozenset[str]) -> int:
    """Where what a line of furniture heads ends: a list of links in the middle of the body, or nothing.

    Only links are of it, the rest may be the text. Behind a bare 'Read also' a heading at the list's end may
    be the article's next, to which its table of contents leads.
    """
    stop = number + 1
    is_bare = rule == "phrase/read_also" and _heads_links(blocks[number])
    if rule == "phrase/related" or is_bare:
        while stop < len(blocks) and blocks[stop].text in links:
            stop += 1
    if is_bare and stop < len(blocks):
        while stop > number + 1 and blocks[stop - 1].kind is BlockKind.HEADING:
            stop -= 1
    return stop


def _heads_links(block: Block) -> bool:
    """Whether a line says 'Read also' and no more, as a heading or before a colon; else it is a button."""
    line = block.text
    is_heading = block.kind is BlockKind.HEADING or line.endswith(_COLONS)
    return is_heading and "read_also" in {phrases.whole(line), phrases.opening(line)}


def _is_teaser(block: Block, links: frozenset[str]) -> bool:
    if block.text in links or block.kind is BlockKind.HEADING:
        return True
    return len(block.text) <= _LONGEST_TEASER_CHARS and not sentences.CLOSED.search(block.text)


def _bare_headings(blocks: Sequence[Block]) -> int:
    """How many headings stand at the very end: what they headed was cut or never was text."""
    texts = (number for number, block in enumerate(reversed(blocks)) if block.kind is not BlockKind.HEADING)
    return next(texts, 0)
