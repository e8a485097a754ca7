"""Parts of a page that it keeps out of excerpts: elements with ``data-nosnippet``."""

import re
from collections.abc import Sequence
from dataclasses import replace

from lxml.etree import XPath
from lxml.html import HtmlElement

from aggregator.extract.plain import folded
from aggregator.model.article import Block

# https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag#data-nosnippet-attr: the
# attribute alone counts, whatever its value, on span, div and section; we take it on any element.
_MARKED = XPath("descendant-or-self::*[@data-nosnippet]")


def parts(tree: HtmlElement) -> tuple[str, ...]:
    """The texts of the outermost marked elements, as plain text; ask before the tree is used up."""
    marked = _MARKED(tree)
    known = set(marked)
    outer = (one for one in marked if known.isdisjoint(one.iterancestors()))
    return tuple(text for one in outer if (text := folded(" ".join(one.itertext()))))


def marked(blocks: Sequence[Block], withheld: Sequence[str]) -> tuple[Block, ...]:
    """The blocks, not quotable where they lie in a withheld part or one lies in them."""
    if not withheld:
        return tuple(blocks)
    wholes = [_spaceless(text) for text in withheld]
    return tuple(
        replace(block, is_quotable=False)
        if any(_spaceless(block.text) in whole for whole in wholes)
        or any(_holds(block.text, text) for text in withheld)
        else block
        for block in blocks
    )


def _holds(line: str, words: str) -> bool:
    """Whether a line holds these words, not as a part of others."""
    return words in line and bool(re.search(rf"(?<!\w){re.escape(words)}(?!\w)", line))


def _spaceless(text: str) -> str:
    """Without white space: between a part's blocks the page has some that their texts have not."""
    return "".join(text.split())
