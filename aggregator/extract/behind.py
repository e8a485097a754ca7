"""What a page shows right behind its text: there a wall stands, if there is one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from aggregator.extract.plain import folded
from aggregator.model.article import Block

# A wall stands next to the text, or behind tags and buttons to share; further down other articles begin.
_MOST_CHARS = 800
_MOST_ELEMENTS = 200
_MOST_BLOCKS = 3
_NEEDLE_CHARS = 24
_LEAST_NEEDLE_CHARS = 8
# A box that asks to pay holds a sentence or a list of what one gets; with more it is the paid text itself.
_BOX_CHARS = range(20, 700)
_BOX = re.compile(
    r"pay-?wall|reg-?wall|(?:access|content|premium|registration|subscri\w+|members?)[-_]?(?:wall|gate|barrier)",
    re.IGNORECASE,
)
# Most names fall here already: letters alone are found ten times as fast.
_MAY_BE_BOX = re.compile(r"[wW]all|[gG]ate|[bB]arrier|WALL")
_NO_BOX = re.compile(
    r"modal|pop-?up|overlay|snackbar|loader|icon|label|thumbnail|below|banner", re.IGNORECASE
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SKIPPED = frozenset(
    ("script", "style", "noscript", "template", "svg", "iframe", "select", "nav", "footer", "head", "dialog")
)
_INLINE = frozenset(
    ("a", "abbr", "b", "bdi", "cite", "em", "font", "i", "label", "mark", "q", "s", "small", "span", "strong",
     "sub", "sup", "time", "u", "wbr")
)  # fmt: skip
_NO_BREAK = re.compile("[\u00a0\u202f]")
# Nine of ten texts end in a paragraph that the first finds; lines of the source may part words, so the last.
_HOLDERS = (
    etree.XPath("/descendant::p[contains(., $needle)]"),
    etree.XPath("/descendant::text()[contains(., $needle)]/parent::*[not(self::script or self::style)]"),
    etree.XPath("/descendant::p[contains(normalize-space(.), $needle)]"),
)


@dataclass(frozen=True, slots=True)
class Behind:
    """The lines that follow the text, each folded, and the names (class, id) of boxes that are walls."""

    lines: tuple[str, ...] = ()
    boxes: tuple[str, ...] = ()


def read(tree: HtmlElement, blocks: Sequence[Block]) -> Behind:
    """The lines behind the last block of the body; nothing where the page does not show that block."""
    end = next(
        (found for block in blocks[: -_MOST_BLOCKS - 1 : -1] if (found := _holder(tree, block)) is not None),
        None,
    )
    if end is None:
        return Behind()
    reader = _Reader()
    for element in _following(end):
        if not reader.read(element):
            break
    reader.flush()
    return Behind(tuple(reader.lines), tuple(reader.boxes))


def _holder(tree: HtmlElement, block: Block) -> HtmlElement | None:
    """The page's last element that holds the block's end, or its start."""
    pieces = _NO_BREAK.split(block.text)
    needles = (pieces[-1][-_NEEDLE_CHARS:], pieces[0][:_NEEDLE_CHARS])
    long_enough = [one for one in needles if len(one) >= min(_LEAST_NEEDLE_CHARS, len(block.text))]
    tries = (holds(tree, needle=needle) for needle in long_enough for holds in _HOLDERS)
    return next((found[-1] for found in tries if found), None)


def _following(element: HtmlElement) -> Iterator[HtmlElement]:
    """The elements behind an element, in document order, each as the top of what is in it."""
    while element is not None and element.tag != "body":
        yield from element.itersiblings()
        element = element.getparent()


class _Reader:
    """Gathers lines and boxes until there are enough."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.boxes: list[str] = []
        self._text: list[str] = []
        self._chars = 0
        self._elements = 0

    def read(self, top: HtmlElement) -> bool:
        """Read an element with what is in it and its tail; False once there is enough."""
        opened: list[tuple[HtmlElement, str, int]] = []
        walk = etree.iterwalk(top, events=("start", "end"))
        for event, element in walk:
            if event == "start":
                self._elements += 1
                if not _is_shown(element):
                    walk.skip_subtree()
                    continue
                if name := _box(element):
                    opened.append((element, name, self._chars))
                text = element.text
            else:
                if opened and opened[-1][0] is element:
                    _, name, before = opened.pop()
                    if self._chars - before in _BOX_CHARS:
                        self.boxes.append(name)
                text = element.tail
            if self._text and element.tag not in _INLINE:
                self.flush()
            if text and not text.isspace():
                self._text.append(text)
                self._chars += len(text)
                if self._chars > _MOST_CHARS:
                    return False
        return self._elements <= _MOST_ELEMENTS

    def flush(self) -> None:
        """End the line."""
        if self._text and (line := folded("".join(self._text))):
            self.lines.append(line)
        self._text.clear()


def _is_shown(element: HtmlElement) -> bool:
    tag, get = element.tag, element.get
    if not isinstance(tag, str) or tag in _SKIPPED or get("hidden") is not None:
        return False
    style = get("style")
    return get("aria-hidden") != "true" and not (style and _HIDDEN.search(style))


def _box(element: HtmlElement) -> str | None:
    """The name by which an element calls itself a wall."""
    names: tuple[str | None, ...] = (element.get("class"), element.get("id"))
    for name in names:
        if name and _MAY_BE_BOX.search(name) and _BOX.search(name):
            tokens = (token for token in name.split() if _BOX.search(token) and not _NO_BOX.search(token))
            return next(tokens, None)
    return None
