"""The markup of an article's blocks, the same on its page and in feeds."""

from collections.abc import Iterable, Mapping
from itertools import groupby

from lxml import etree
from markupsafe import Markup

from aggregator.model.article import Block, BlockKind

_FIRST_LEVEL = 2  # the page's headline is its h1
_LAST_LEVEL = 6


def elements(blocks: Iterable[Block]) -> list[etree._Element]:
    """HTML elements of cleaned blocks: headings from h2, runs of list items or quotes as one list or quote.

    Rows of a table are paragraphs, since their cells were joined when the page was read.
    """
    whole = list(blocks)
    levels = _levels(whole)
    made: list[etree._Element] = []
    for kind, run in groupby(whole, key=lambda block: block.kind):
        match kind:
            case BlockKind.LIST_ITEM:
                made.append(_around("ul", "li", run))
            case BlockKind.QUOTE:
                made.append(_around("blockquote", "p", run))
            case BlockKind.HEADING:
                made += [_element(f"h{levels[block.level]}", block) for block in run]
            case BlockKind.PARAGRAPH:
                made += [_element("p", block) for block in run]
            case BlockKind.TABLE:
                made += [_element("p", block, "row") for block in run]
    return made


def body(blocks: Iterable[Block]) -> Markup:
    """The same as text for a template."""
    lines = (etree.tostring(each, encoding="unicode", method="html") for each in elements(blocks))
    return Markup("\n".join(lines))  # noqa: S704 - the serializer escapes every text


def _levels(blocks: Iterable[Block]) -> Mapping[int, int]:
    """The level of each level met: an article that starts at h4 gets h2, and none is skipped."""
    met = sorted({block.level for block in blocks if block.kind is BlockKind.HEADING})
    return {level: min(_FIRST_LEVEL + rank, _LAST_LEVEL) for rank, level in enumerate(met)}


def _around(outer: str, inner: str, run: Iterable[Block]) -> etree._Element:
    element = etree.Element(outer)
    element.extend([_element(inner, block) for block in run])
    return element


def _element(tag: str, block: Block, name: str | None = None) -> etree._Element:
    element = etree.Element(tag)
    element.text = block.text
    if name:
        element.set("class", name)
    return element
