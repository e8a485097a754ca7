"""A page on its way in: what a seed lists, and what the server sent."""

from dataclasses import dataclass
from datetime import datetime

from aggregator.model.outlet import Seed


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a feed, a sitemap or a section page; text fields are plain text, times aware UTC.

    ``licence`` is what is named as one, ``rights`` what the feed says of rights in words.
    """

    url: str
    seed: Seed
    guid: str | None = None
    headline: str | None = None
    dek: str | None = None
    byline: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    licence: str | None = None
    rights: str | None = None


@dataclass(frozen=True, slots=True)
class Validator:
    """What tells whether a resource changed: the server's validators (RFC 9110, 8.8) and our own hash.

    Servers send the same ETag for a changed feed, so the hash of the body decides.
    """

    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Reservation:
    """Text and data mining is reserved for a page (TDMRep); ``policy`` is the URL of its terms, if named."""

    source: str
    policy: str | None = None


@dataclass(frozen=True, slots=True)
class ArchiveRef:
    """Where a page lies in the WARC archive; ``file`` is relative to the pages folder."""

    file: str
    offset_bytes: int
    length_bytes: int


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """What the server sent for an entry: the bytes as received (content coding removed), never decoded twice.

    ``url`` is the final URL after redirects, ``charset`` the one named by the Content-Type header.
    Header names are lower case. ``reservation`` is what the host's ``/.well-known/tdmrep.json`` says of it.
    """

    outlet: str
    entry: Entry
    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    charset: str | None
    body: bytes
    fetched_at: datetime
    archived: ArchiveRef | None = None
    reservation: Reservation | None = None

    def header(self, name: str) -> str | None:
        """The first value of a header, by its lower-case name."""
        return next((value for key, value in self.headers if key == name), None)
