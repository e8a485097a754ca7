"""An article: what was extracted from a page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class BlockKind(StrEnum):
    """What a block of the body is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list_item"
    QUOTE = "quote"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Block:
    """One block of the body, plain text in reading order; ``level`` is a heading's (2 to 6), else 0.

    ``origin`` is the XPath of the page's element that the text came from (``/html/body/main/p[3]``), or empty
    where it is not known. ``place`` counts the blocks as extracted, before any cut, from 0; -1 is not known.
    ``is_quotable`` is false where the page keeps a part of it out of excerpts (``data-nosnippet``).
    """

    kind: BlockKind
    text: str
    level: int = 0
    origin: str = ""
    place: int = -1
    is_quotable: bool = True


def plain_text(blocks: Iterable[Block]) -> str:
    """The blocks' words, parted by a line feed each."""
    return "\n".join(block.text for block in blocks)


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that the page shows with the article; only ever linked by its own page's URL."""

    url: str
    alt: str | None = None
    caption: str | None = None
    credit: str | None = None


@dataclass(frozen=True, slots=True)
class FieldOrigin:
    """Where a field of an article came from, such as ``headline`` from ``json-ld:headline``."""

    field: str
    source: str


CONTAINER: Final = "container"
"""The element of the page in which the text stands, among the origins of an article's fields."""


@dataclass(frozen=True, slots=True)
class FieldLoser:
    """A value that another source gave for a field and that was not taken, as text."""

    field: str
    source: str
    value: str


@dataclass(frozen=True, slots=True)
class CutBlock:
    """A block that was extracted and then cut from the body, with the name of the rule that cut it.

    ``origin`` and ``place`` are as a block's; a line cut inside a paragraph has the paragraph's, with the
    characters that stay before it there in ``behind`` (-1: a whole block). ``after`` counts the blocks that
    stay in front of it; -1 is not known. ``kind`` and ``level`` are those of the block; ``before`` is the
    paragraph's text before a line was cut inside it.
    """

    text: str
    rule: str
    origin: str = ""
    place: int = -1
    behind: int = -1
    after: int = -1
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    before: str = ""

    @classmethod
    def whole(cls, block: Block, rule: str) -> "CutBlock":
        """A block that is cut as it stands."""
        return cls(block.text, rule, block.origin, block.place, kind=block.kind, level=block.level)

    @classmethod
    def inside(cls, block: Block, text: str, rule: str, behind: int) -> "CutBlock":
        """A line that is cut from a block's text, of which ``behind`` characters stay before it."""
        return cls(
            text,
            rule,
            block.origin,
            block.place,
            behind,
            kind=block.kind,
            level=block.level,
            before=block.text,
        )


class Completeness(StrEnum):
    """Whether the text is the whole article, and if not, what the page is instead."""

    FULL = "full"
    TEASER = "teaser"
    PAYWALLED = "paywalled"
    GALLERY = "gallery"
    VIDEO = "video"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Article:
    """What was extracted from a page; all text is plain text, all times are aware.

    ``url`` is the page's URL as fetched, ``canonical_url`` the one it claims (absolute) or ``url``,
    ``source_link`` where the reader is sent: the original if this page says that it republishes one,
    else the canonical URL. ``language`` is a BCP 47 tag detected from the text.
    ``byline`` holds one name an element, ``agency`` the news agencies that the page credits with its text or
    parts of it, by our names for them ("AFP"); ``robots`` the directives of robots meta and X-Robots-Tag in
    lower case. ``tdm_reserved``: text and data mining is reserved (TDMRep), on the terms of ``tdm_policy``.
    ``origins`` tell of the text, too: ``blocks`` who found it, ``container`` in which element it stands.
    """

    outlet: str
    url: str
    canonical_url: str
    source_link: str
    headline: str
    blocks: tuple[Block, ...]
    language: str | None
    fetched_at: datetime
    dek: str | None = None
    byline: tuple[str, ...] = ()
    agency: tuple[str, ...] = ()
    published: datetime | None = None
    modified: datetime | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    site_name: str | None = None
    licence: str | None = None
    completeness: Completeness = Completeness.FULL
    robots: tuple[str, ...] = ()
    tdm_reserved: bool = False
    tdm_policy: str | None = None
    origins: tuple[FieldOrigin, ...] = ()
    losers: tuple[FieldLoser, ...] = ()
    cuts: tuple[CutBlock, ...] = ()

    @property
    def container(self) -> str | None:
        """The element of the page in which the text stands, as ``main/article/div``; None if nobody knows."""
        return next((origin.source for origin in self.origins if origin.field == CONTAINER), None)

    @property
    def body(self) -> str:
        """The body as plain text, blocks parted by a line feed each."""
        return plain_text(self.blocks)
