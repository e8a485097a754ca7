"""The body of an article as blocks: chosen among the page's segments, or named by the card's selector."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

from lxml import etree
from lxml.html import HtmlElement
from trafilatura import bare_extraction

from aggregator.extract import features, forest, surroundings
from aggregator.extract.known import Known
from aggregator.extract.segments import Frame, Page, Segment
from aggregator.model.article import Block, BlockKind

_HEADINGS = {f"h{level}": max(level, 2) for level in range(1, 7)}
_ITEMS = frozenset({"li", "dd", "dt"})
# How far above the text the element lies that makes it a quote, an item or a row.
_NEAR = 4
# On unseen outlets all from .48 to .54 score within .001 of one another, news and other pages alike.
_LIKELY = 0.52
# The classifier has seen whole pages; where it leaves next to nothing of what trafilatura found, it is lost.
_LEAST_SHARE = 0.15
_LONGEST_CELL_CHARS = 120
_CROWD = 100
_LONGEST_HEADING_CHARS = 300
_CELL_BORDER = " | "
_IDLE_TAG = "idle"
_IDLE = f"descendant::{_IDLE_TAG}"
_APART = frozenset({"figure", "aside", "nav", "form"})


@dataclass(frozen=True, slots=True)
class FoundBody:
    """What may be the body, in reading order.

    ``doubtful`` are the numbers of the blocks that trafilatura took and the classifier of segments did not.
    """

    blocks: tuple[Block, ...]
    doubtful: frozenset[int] = frozenset()


def find_body(tree: HtmlElement, url: str, known: Known) -> FoundBody:
    """The blocks that trafilatura or the classifier of segments takes for the article; none without text.

    Trafilatura runs without comments, tables and its slower second opinions: the classifier is one. It knows
    trafilatura's choice and what surrounds each segment
    (docs/decisions/0014-bodies-by-classified-segments.md).
    """
    page = Page([tree])
    if not page.segments:
        return FoundBody(())
    model = forest.shipped()
    taken = _by_trafilatura(tree, page, url)
    numbers = features.plausible(page, taken)
    chances = model.chances(features.matrix(page, taken, numbers, known, model.names))
    likely = [False] * len(taken)
    for number, chance in zip(numbers, chances, strict=True):
        likely[number] = bool(chance > _LIKELY)
    if _chars(page.segments, likely) < _LEAST_SHARE * _chars(page.segments, taken):
        likely = [bool(one) for one in taken]
    either = [one or bool(other) for one, other in zip(likely, taken, strict=True)]
    return _found(page.segments, either, likely)


def select_body(elements: Iterable[HtmlElement]) -> FoundBody:
    """The blocks of the elements that a card's body selector matched."""
    segments = Page(elements).segments
    chosen = [_APART.isdisjoint(_tags_below_root(segment.frame)) for segment in segments]
    return _found(segments, chosen, chosen)


def _tags_below_root(frame: Frame) -> Iterator[str]:
    # An aside that the card names is the body.
    return (one.tag for one in frame.line() if one.parent is not None)


def _by_trafilatura(tree: HtmlElement, page: Page, url: str) -> list[int]:
    """For each segment 1 if trafilatura takes it, else 0.

    It is spared what it would drop or overlook in the end, half of a page's elements: they bear another tag
    meanwhile, by which it prunes the copy that it makes.
    """
    idle = [(frame.element, frame.tag) for frame in surroundings.idle(page)]
    for element, _ in idle:
        element.tag = _IDLE_TAG
    try:
        found: Any = bare_extraction(
            tree, url=url, include_comments=False, include_tables=False, fast=True, prune_xpath=_IDLE
        )
    finally:
        for element, tag in idle:
            element.tag = tag
    lines = (found.text or "").split("\n") if found is not None else []
    return features.kept(page.keys, lines)


def _chars(segments: Sequence[Segment], chosen: Sequence[bool] | Sequence[int]) -> int:
    return sum(len(one.text) for one, is_chosen in zip(segments, chosen, strict=True) if is_chosen)


class _Paths:
    """The XPaths of a page's elements; lxml counts the siblings before each anew, which thousands feel."""

    def __init__(self) -> None:
        self._crowds: dict[HtmlElement, dict[HtmlElement, str]] = {}

    def of(self, element: HtmlElement) -> str:
        parent = element.getparent()
        # Counting a crowd once more for each of its children is as slow as looking for its path.
        if parent is None or (parent not in self._crowds and len(parent) < _CROWD):
            return str(element.getroottree().getpath(element))
        if parent not in self._crowds:
            base, counts = parent.getroottree().getpath(parent), Counter[str]()
            steps = self._crowds[parent] = {}
            for child in parent.iterchildren(etree.Element):
                counts[child.tag] += 1
                steps[child] = f"{base}/{child.tag}[{counts[child.tag]}]"
        return self._crowds[parent][element]


def _found(segments: Sequence[Segment], chosen: Sequence[bool], likely: Sequence[bool]) -> FoundBody:
    """The chosen segments as blocks; the cells of a row are one."""
    paths = _Paths()
    picked = [number for number, is_chosen in enumerate(chosen) if is_chosen]
    blocks: list[Block] = []
    doubtful = set[int]()
    for (row, is_likely), numbers in groupby(
        picked, lambda number: (_row(segments[number]) or number, likely[number])
    ):
        parts = [segments[number] for number in numbers]
        place = len(blocks)
        block = _row_block(parts, paths, place) if isinstance(row, Frame) else _block(parts[0], paths, place)
        if block.text:
            if not is_likely:
                doubtful.add(len(blocks))
            blocks.append(block)
    return FoundBody(tuple(blocks), frozenset(doubtful))


def _row(segment: Segment) -> Frame | None:
    """The table's row that a short text is a cell of; long ones are of tables that lay out a page."""
    if len(segment.text) > _LONGEST_CELL_CHARS:
        return None
    return next((frame for frame in islice(segment.frame.line(), _NEAR) if frame.tag == "tr"), None)


def _row_block(cells: Sequence[Segment], paths: _Paths, place: int) -> Block:
    text = _CELL_BORDER.join(cell.plain() for cell in cells)
    return Block(BlockKind.TABLE, text, origin=paths.of(cells[0].frame.element), place=place)


def _block(segment: Segment, paths: _Paths, place: int) -> Block:
    tags = [frame.tag for frame in islice(segment.frame.line(), _NEAR)]
    level = next((_HEADINGS[tag] for tag in tags if tag in _HEADINGS), 0)
    if len(segment.text) > _LONGEST_HEADING_CHARS:
        level = 0  # an h2 that nobody closed
    kind = BlockKind.HEADING if level else BlockKind.PARAGRAPH
    # A quote made of paragraphs is a quote, a paragraph of a list item is the item.
    if "blockquote" in tags:
        kind = BlockKind.QUOTE
    elif not _ITEMS.isdisjoint(tags):
        kind = BlockKind.LIST_ITEM
    return Block(
        kind,
        segment.plain(),
        level if kind is BlockKind.HEADING else 0,
        origin=paths.of(segment.frame.element),
        place=place,
    )
