"""A feed before it is written: what Atom, RSS and JSON Feed all say."""

from dataclasses import dataclass
from datetime import datetime

from aggregator.model.article import Block


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that the outlet lets others show; ``url`` is our own WebP file, its sizes are in pixels."""

    url: str
    caption: str
    alt: str
    credit: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One publication as feeds carry it; text is plain and clean, addresses are absolute.

    ``id`` stays when the headline changes. ``blocks`` is the whole text (mode full only), ``summary``
    an excerpt, or one line that says where to read. ``source`` is the original's address.
    ``outlet_feed`` is the outlet's own feed, or ours of the outlet where it has none. ``note`` says when and
    what the outlet changed last, empty if nothing.
    """

    id: str
    url: str
    source: str | None
    headline: str
    language: str
    direction: str
    byline: tuple[str, ...]
    blocks: tuple[Block, ...]
    summary: str
    outlet: str
    outlet_homepage: str | None
    outlet_feed: str
    mode: str
    licence: str
    licence_url: str | None
    credit: str
    topics: tuple[str, ...]
    published: datetime
    carried: datetime
    updated: datetime
    pictures: tuple[Picture, ...] = ()
    note: str = ""

    @property
    def rights(self) -> str:
        """Credit and licence on one line."""
        return " · ".join(filter(None, (self.credit, self.licence)))

    @property
    def authors(self) -> tuple[str, ...]:
        """Who wrote it: the outlet where its page names nobody."""
        return self.byline or (self.outlet,)


@dataclass(frozen=True, slots=True)
class GoneItem:
    """A withdrawn publication: its id, when, and why (empty if nobody said)."""

    id: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Ways:
    """From a feed's document to the others (RFC 5005); all are absolute addresses.

    ``older`` and ``newer`` are None at the ends, ``newest`` is the document to subscribe to. Documents of a
    lasting feed keep what they hold: the older ones are its archive.
    """

    newest: str
    oldest: str
    older: str | None = None
    newer: str | None = None
    is_lasting: bool = True
    is_archive: bool = False

    @property
    def links(self) -> tuple[tuple[str, str], ...]:
        """Each relation with its address."""
        older = ("next", "prev-archive") if self.is_lasting else ("next",)
        # What is newer than the newest archive is the feed itself, which is no archive.
        newer = ["previous"]
        if self.is_lasting and self.newer != self.newest:
            newer.append("next-archive")
        found = [("first", self.newest), ("last", self.oldest)]
        found += [(relation, self.older) for relation in older if self.older]
        found += [(relation, self.newer) for relation in newer if self.newer]
        return tuple(found + ([("current", self.newest)] if self.is_archive else []))


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: ``page`` is the HTML page it follows, ``address`` its own; both absolute.

    ``id`` is the same in all documents of a feed and in all formats.
    """

    title: str
    description: str
    page: str
    address: str
    updated: datetime
    items: tuple[FeedItem, ...]
    ways: Ways
    gone: tuple[GoneItem, ...] = ()
    language: str = "en"
    hubs: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """What names the feed for ever: the page that it follows."""
        return self.page
