"""A page as segments: the runs of text between the borders of its block elements, in reading order."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

from aggregator.extract.plain import folded

_BLOCKS = frozenset({
    "p", "div", "section", "article", "main", "body", "header", "footer", "aside", "nav", "ul", "ol",
    "li", "dl", "dt", "dd", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hgroup", "table",
    "tr", "td", "th", "thead", "tbody", "tfoot", "caption", "figure", "figcaption", "form", "fieldset",
    "address", "details", "summary", "center", "label", "option", "legend", "video", "audio", "button",
})  # fmt: skip
_SKIPPED = frozenset({
    "script", "style", "noscript", "template", "svg", "head", "select", "textarea", "iframe", "object",
    "canvas", "map", "math",
})  # fmt: skip
_INLINE = frozenset({"a", "b", "i", "em", "strong", "span"})
_EMPHASIS = frozenset({"b", "i", "em", "strong"})
_BREAKS = frozenset({"br", "hr"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_PLAIN_ROLES = frozenset({"article", "main", "presentation", "region", "none", ""})
# Class names are words joined by dashes or capitals: article-body, articleBody, ARTICLEBody.
_NAME = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_LONGEST_NAMES_CHARS = 300
_MOST_SEGMENTS = 20_000
# One alone between two characters: French and Czech typography sets these between words and signs.
_NO_BREAK = re.compile("(?<=\\S)[\u00a0\u202f](?=\\S)")
_MARKS = {"\u00a0": "\u2420", "\u202f": "\u2422"}
_UNMARK = str.maketrans({mark: space for space, mark in _MARKS.items()})


@dataclass(slots=True, eq=False)
class Frame:
    """An open block element, where it stands, and the words of its class and id."""

    element: HtmlElement
    tag: str
    number: int
    depth: int
    parent: "Frame | None"
    names: frozenset[str]

    def line(self) -> Iterator["Frame"]:
        """The frame and those around it, nearest first."""
        frame: Frame | None = self
        while frame is not None:
            yield frame
            frame = frame.parent

    def is_hidden(self) -> bool:
        """Whether the element says that it is not shown."""
        get = self.element.get
        style = get("style")
        return (
            get("hidden") is not None or get("aria-hidden") == "true" or bool(style and _HIDDEN.search(style))
        )

    def has_role(self) -> bool:
        """Whether the element has a part in the page other than to hold its text."""
        return str(self.element.get("role", "")) not in _PLAIN_ROLES

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
        marked = _NO_BREAK.sub(lambda found: _MARKS[found[0]], self.raw)
        return folded(marked).translate(_UNMARK)


@dataclass(slots=True)
class _Run:
    """What is gathered until a block element begins or ends."""

    parts: list[str] = field(default_factory=list)
    link_chars: int = 0
    links: int = 0
    strong_chars: int = 0


class Page:
    """The segments and frames of a page or of some of its elements."""

    def __init__(self, roots: Iterable[HtmlElement]) -> None:
        self.segments: list[Segment] = []
        self.frames: list[Frame] = []
        self._names: dict[tuple[str | None, str | None], frozenset[str]] = {}
        for root in roots:
            self._read(root)

    def _read(self, root: HtmlElement) -> None:  # noqa: C901, PLR0912 - one loop over every element, for speed
        """Walks without recursion, however deep a page nests."""
        frame = self._framed(root, None)
        run, open_links, open_strong = _Run(), 0, 0
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            tag = element.tag
            if event == "start":
                if not isinstance(tag, str) or tag in _SKIPPED:
                    walk.skip_subtree()
                    continue
                if tag in _INLINE:
                    if tag == "a":
                        open_links += 1
                        run.links += 1
                    elif tag in _EMPHASIS:
                        open_strong += 1
                elif _is_block(tag):
                    run = self._close(run, frame)
                    if element is not root:
                        frame = self._framed(element, frame)
                elif tag in _BREAKS:
                    run = self._close(run, frame)
                text = element.text
            else:
                if tag in _INLINE:
                    if tag == "a":
                        open_links -= 1
                    elif tag in _EMPHASIS:
                        open_strong -= 1
                elif isinstance(tag, str) and tag not in _SKIPPED and _is_block(tag):
                    run = self._close(run, frame)
                    if element is not root:
                        frame = frame.parent or frame
                text = element.tail if element is not root else None
            if text:
                run.parts.append(text)
                if open_links:
                    run.link_chars += len(text)
                if open_strong:
                    run.strong_chars += len(text)
        self._close(run, frame)

    def _close(self, run: _Run, frame: Frame) -> _Run:
        """End a run: what it holds becomes a segment, and the next begins."""
        if not run.parts:
            run.links = 0
            return run
        raw = "".join(run.parts)
        text = " ".join(raw.split())
        if text and len(self.segments) < _MOST_SEGMENTS:
            longest = len(text)
            chars = min(run.link_chars, longest), min(run.strong_chars, longest)
            self.segments.append(Segment(raw, text, frame, chars[0], run.links, chars[1]))
        return _Run()

    def _framed(self, element: HtmlElement, parent: Frame | None) -> Frame:
        made = Frame(
            element,
            element.tag,
            len(self.frames),
            parent.depth + 1 if parent else 0,
            parent,
            self._words(element.get("class"), element.get("id")),
        )
        self.frames.append(made)
        return made

    def _words(self, classes: str | None, name: str | None) -> frozenset[str]:
        known = self._names.get((classes, name))
        if known is None:
            written = f"{classes or ''} {name or ''}"[:_LONGEST_NAMES_CHARS]
            known = frozenset(word.lower() for word in _NAME.findall(written) if len(word) > 2)  # noqa: PLR2004 - shorter ones are grid columns and hashes
            self._names[classes, name] = known
        return known


def _is_block(tag: str) -> bool:
    return tag in _BLOCKS or (tag not in _INLINE and "-" in tag)
