"""A page as segments: the runs of text between the borders of its block elements, in reading order."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from lxml.html import HtmlElement

from aggregator.extract.plain import folded, key

_BLOCKS = frozenset({
    "p", "div", "section", "article", "main", "body", "header", "footer", "aside", "nav", "ul", "ol",
    "li", "dl", "dt", "dd", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hgroup", "table",
    "tr", "td", "th", "thead", "tbody", "tfoot", "caption", "figure", "figcaption", "form", "fieldset",
    "address", "details", "summary", "center", "label", "option", "legend", "video", "audio", "button",
})  # fmt: skip
_SKIPPED_TAGS = frozenset({
    "script", "style", "noscript", "template", "svg", "head", "select", "textarea", "iframe", "object",
    "canvas", "map", "math",
})  # fmt: skip
# What an element does to the run of text that it stands in; those from _BREAK on end it.
_PLAIN, _LINK, _STRONG, _SKIPPED, _BREAK, _BLOCK = range(1, 7)
_NO_MARKS = frozenset({_PLAIN, -_PLAIN, -_SKIPPED, -_BREAK})
_KINDS: dict[object, int] = {
    **dict.fromkeys(_BLOCKS, _BLOCK),
    **dict.fromkeys(_SKIPPED_TAGS, _SKIPPED),
    **dict.fromkeys(("b", "i", "em", "strong"), _STRONG),
    **dict.fromkeys(("br", "hr"), _BREAK),
    "a": _LINK,
}
# Class names are words joined by dashes or capitals: article-body, articleBody, ARTICLEBody.
_NAME = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_LOWER_NAME = re.compile(r"[a-z]{3,}")
_LONGEST_NAMES_CHARS = 300
_MOST_SEGMENTS = 20_000
# One alone between two characters: French and Czech typography sets these between words and signs.
_NO_BREAK = re.compile("(?<=\\S)[\u00a0\u202f](?=\\S)")
_MARKS = {"\u00a0": "\u2420", "\u202f": "\u2422"}
_UNMARK = str.maketrans({mark: space for space, mark in _MARKS.items()})


@dataclass(slots=True, eq=False)
class Frame:
    """A block element, where it stands, and the words of its class and id.

    Frames are numbered as they open, so that those inside it follow, up to number ``behind``; the segments in
    it and them are the page's from ``start`` up to ``stop``.
    """

    element: HtmlElement
    tag: str
    number: int
    depth: int
    parent: "Frame | None"
    names: frozenset[str]
    start: int
    stop: int = 0
    behind: int = 0

    def line(self) -> Iterator["Frame"]:
        """The frame and those around it, nearest first."""
        frame: Frame | None = self
        while frame is not None:
            yield frame
            frame = frame.parent

    def is_body_of_article(self) -> bool:
        """Whether schema.org's microdata call it so."""
        return bool(self.element.get("itemprop") == "articleBody")


@dataclass(slots=True, eq=False)
class Segment:
    """A run of text in one frame: ``raw`` as written, ``text`` with each run of space as one.

    Of its characters ``link_chars`` stand in ``links`` links, ``strong_chars`` in bold or italics.
    """

    raw: str
    text: str
    frame: Frame
    link_chars: int
    links: int
    strong_chars: int

    def plain(self) -> str:
        """The text without unseen characters, in NFC; single no-break spaces inside it stay."""
        if self.raw.isascii() and self.text.isprintable():
            return self.text
        marked = _NO_BREAK.sub(lambda found: _MARKS[found[0]], self.raw)
        return folded(marked).translate(_UNMARK)


class _Run:
    """A run of text as it grows: its parts, the links in it, and how many of its characters are marked.

    ``open_links`` and ``open_strong`` elements stand around what comes next, also behind the run's end.
    """

    __slots__ = ("link_chars", "links", "open_links", "open_strong", "parts", "strong_chars")

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.links = self.link_chars = self.strong_chars = 0
        self.open_links = self.open_strong = 0

    def add(self, text: str) -> None:
        """Go on with this text."""
        self.parts.append(text)
        if self.open_links:
            self.link_chars += len(text)
        if self.open_strong:
            self.strong_chars += len(text)

    def cross(self, kind: int) -> None:
        """Enter an element that marks its text, or leave it (a negative kind)."""
        if kind == _LINK:
            self.open_links += 1
            self.links += 1
        elif kind == -_LINK:
            self.open_links -= 1
        elif kind == _STRONG:
            self.open_strong += 1
        elif kind == -_STRONG:
            self.open_strong -= 1


class Page:
    """The segments and frames of a page or of some of its elements."""

    def __init__(self, roots: Iterable[HtmlElement]) -> None:
        self.segments: list[Segment] = []
        self.frames: list[Frame] = []
        self._names: dict[tuple[str | None, str | None], frozenset[str]] = {}
        for root in roots:
            self._read(root)

    @cached_property
    def keys(self) -> list[str]:
        """The key of each segment's text."""
        return [key(one.text) for one in self.segments]

    def _read(self, root: HtmlElement) -> None:
        frame = self._framed(root, None)
        kind = _KINDS.get(root.tag) or _kind({}, root.tag)
        if kind == _SKIPPED:
            return
        run = _Run()
        run.cross(kind)
        if root.text:
            run.add(root.text)
        for kind, element, text in _walk(root):
            if kind >= _BREAK or kind == -_BLOCK:
                self._close(frame, run)
                if kind == _BLOCK:
                    frame = self._framed(element, frame)
                elif kind == -_BLOCK:
                    frame = self._left(frame)
            elif kind not in _NO_MARKS:
                run.cross(kind)
            if text:
                run.add(text)
        self._close(frame, run)
        self._left(frame)

    def _close(self, frame: Frame, run: "_Run") -> None:
        """Make a segment of a run of text, which begins anew."""
        if run.parts:
            raw = "".join(run.parts)
            text = " ".join(raw.split())
            if text and len(self.segments) < _MOST_SEGMENTS:
                longest = len(text)
                link_chars, strong_chars = min(run.link_chars, longest), min(run.strong_chars, longest)
                self.segments.append(Segment(raw, text, frame, link_chars, run.links, strong_chars))
            run.parts, run.link_chars, run.strong_chars = [], 0, 0
        run.links = 0

    def _left(self, frame: Frame) -> Frame:
        """The frame around one that closes; the root's is itself."""
        frame.stop, frame.behind = len(self.segments), len(self.frames)
        return frame.parent or frame

    def _framed(self, element: HtmlElement, parent: Frame | None) -> Frame:
        made = Frame(
            element,
            element.tag,
            len(self.frames),
            parent.depth + 1 if parent else 0,
            parent,
            self._words(element.get("class"), element.get("id")),
            len(self.segments),
        )
        self.frames.append(made)
        return made

    def _words(self, classes: str | None, name: str | None) -> frozenset[str]:
        known = self._names.get((classes, name))
        if known is None:
            written = f"{classes or ''} {name or ''}"[:_LONGEST_NAMES_CHARS]
            known = self._names[classes, name] = _names(written)
        return known


def _walk(root: HtmlElement) -> Iterator[tuple[int, HtmlElement, str | None]]:
    """What is inside an element, without recursion, however deep a page nests.

    Where an element opens its kind, it and its text; where it closes its kind as a negative, it and its tail.
    """
    kinds = dict(_KINDS)
    children: Iterator[HtmlElement] = iter(root)
    opened: list[tuple[Iterator[HtmlElement], HtmlElement, int]] = []
    while True:
        element = next(children, None)
        if element is not None:
            tag = element.tag
            kind = kinds.get(tag) or _kind(kinds, tag)
            if kind != _SKIPPED:
                yield kind, element, element.text
                if len(element):
                    opened.append((children, element, kind))
                    children = iter(element)
                    continue
        elif opened:
            children, element, kind = opened.pop()
        else:
            return
        yield -kind, element, element.tail


def _names(written: str) -> frozenset[str]:
    """The words of a class or id, lower case; shorter ones than three letters are grid columns and hashes."""
    if written.islower():  # as most are, and found twice as fast
        return frozenset(_LOWER_NAME.findall(written))
    return frozenset(word.lower() for word in _NAME.findall(written) if len(word) > 2)  # noqa: PLR2004


def _kind(kinds: dict[object, int], tag: object) -> int:
    """The kind of an element of any other tag, from then on known; comments have no tag."""
    kind = kinds[tag] = _SKIPPED if not isinstance(tag, str) else _BLOCK if "-" in tag else _PLAIN
    return kind
