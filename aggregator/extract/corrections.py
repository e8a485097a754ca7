"""Notices of correction that a page shows apart from its text, in an element named for it."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path

from lxml.html import HtmlElement

from aggregator.extract.body import select_body
from aggregator.extract.cuts import DOUBTFUL
from aggregator.extract.phrases import kind_of
from aggregator.extract.plain import folded, key
from aggregator.model.article import Block, CutBlock, plain_text

# Less is a button, or a label without its notice; more is a column of corrections, not a notice on this text.
_NOTICE_CHARS = range(30, 1200)
_MOST_PARENTS = 4
_MOST_CHILDREN = 80
_MOST_INSIDE = 12
_NEEDLE_CHARS = 24
_FIRST_TEXTS = 3
_NAME_CHARS = 300
_MOST_WORDS = 4
_WRAPPERS = frozenset(("div", "section", "aside", "footer", "header"))
_LAST = frozenset(("article", "main", "body"))
_NO_NOTICE = "descendant-or-self::*[self::form or self::button or self::input or self::textarea]"
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ASKS = re.compile(r"mailto:|correct|error|contact|feedback", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def with_notices(
    tree: HtmlElement, blocks: tuple[Block, ...], gone: tuple[CutBlock, ...]
) -> tuple[tuple[Block, ...], tuple[CutBlock, ...]]:
    """A body and its cuts, with the notices of correction that stand around it and are not in it.

    Only what lies beside the text, inside of its container or right around that, is looked at. What card and
    phrases have cut stays cut; what was only doubtful comes back.
    """
    ends = [_element(tree, block) for block in (blocks[0], blocks[-1])] if blocks else []
    named = list(dict.fromkeys(_beside(ends)))
    if not named:
        return blocks, gone
    have = {key(block.text) for block in blocks} | {key(cut.text) for cut in gone if cut.rule != DOUBTFUL}
    found = {element: select_body([element]).blocks for element in named if _is_shown(element)}
    fresh = {
        element: lines
        for element, lines in found.items()
        if _is_notice(element, plain_text(lines)) and have.isdisjoint(key(line.text) for line in lines)
    }
    back = {key(line.text) for lines in fresh.values() for line in lines}
    left = tuple(cut for cut in gone if cut.rule != DOUBTFUL or key(cut.text) not in back)
    return _placed(tree, blocks, fresh), left


def _element(tree: HtmlElement, block: Block) -> HtmlElement | None:
    """The element that a block came from, if it still stands where it stood."""
    found = tree.xpath(block.origin) if block.origin.startswith("/") else []
    if not found:
        return None
    needle = block.text[:_NEEDLE_CHARS]
    # Nearly every block begins with its element; the whole text of a page's container takes longer to read.
    start = "".join(islice(found[0].itertext(), _FIRST_TEXTS))
    return found[0] if needle in folded(start) or needle in folded(found[0].text_content()) else None


def _beside(ends: Sequence[HtmlElement | None]) -> Iterator[HtmlElement]:
    """Named elements beside the first and the last block, nearest first, and those in boxes beside them."""
    line = {up for end in ends if end is not None for up in (end, *end.iterancestors())}
    seen = set[HtmlElement]()
    for end in ends:
        if end is None:
            continue
        for parent in islice(end.iterancestors(), _MOST_PARENTS):
            if parent not in seen:
                seen.add(parent)
                yield from _named(parent, line)
            if parent.tag in _LAST:
                break


def _named(parent: HtmlElement, line: set[HtmlElement]) -> Iterator[HtmlElement]:
    for child in islice(parent.iterchildren("*"), _MOST_CHILDREN):
        if child in line:
            continue
        if _is_named(child):
            yield child
        elif child.tag in _WRAPPERS:
            yield from filter(_is_named, islice(child.iterchildren("*"), _MOST_INSIDE))


def _is_named(element: HtmlElement) -> bool:
    name, number, role = map(element.get, ("class", "id", "itemprop"))
    return bool((name and is_role(name)) or (number and is_role(number)) or (role and is_role(role)))


@lru_cache(maxsize=4096)
def is_role(name: str) -> bool:
    """Whether a class, id or itemprop names a notice of correction; pages of an outlet repeat them."""
    return any(_is_token_role(token) for token in name[:_NAME_CHARS].split())


def _is_token_role(token: str) -> bool:
    roles, others = _words()
    words = key(_CAMEL.sub(" ", token).replace("_", " ")).split()
    places = range(len(words))
    runs = (" ".join(words[at : at + width]) for at in places for width in range(1, _MOST_WORDS + 1))
    return others.isdisjoint(words) and not roles.isdisjoint(runs)


@cache
def _words() -> tuple[frozenset[str], frozenset[str]]:
    data = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return frozenset(map(key, data["roles"])), frozenset(map(key, data["not_roles"]))


def _is_shown(element: HtmlElement) -> bool:
    return element.get("hidden") is None and not _HIDDEN.search(element.get("style") or "")


def _is_notice(element: HtmlElement, text: str) -> bool:
    if len(text) not in _NOTICE_CHARS or element.xpath(_NO_NOTICE) or kind_of(text) is not None:
        return False
    links = list(element.iter("a"))
    # "Seen a mistake? Tell us": a box that asks for corrections is none.
    asks = any(_ASKS.search(link.get("href") or "") for link in links)
    return not asks and 2 * sum(len(link.text_content()) for link in links) <= len(text)


def _placed(
    tree: HtmlElement, blocks: Sequence[Block], notices: Mapping[HtmlElement, Sequence[Block]]
) -> tuple[Block, ...]:
    """Blocks and notices in the order of the page."""
    out = list(blocks)
    order = {element: number for number, element in enumerate(tree.iter("*"))} if notices else {}
    for notice, lines in sorted(notices.items(), key=lambda pair: order[pair[0]]):
        origins = [_element(tree, block) for block in out]
        before = [
            number
            for number, element in enumerate(origins)
            if element is not None and order[element] < order[notice]
        ]
        at = before[-1] + 1 if before else 0
        out[at:at] = [replace(line, place=out[at - 1].place if at else -1) for line in lines]
    return tuple(out)
