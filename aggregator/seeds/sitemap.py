"""A sitemap: its bytes become entries, or the addresses of further sitemaps."""

import gzip
import heapq
import io
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from lxml import etree

from aggregator.errors import FeedError
from aggregator.model.outlet import Seed
from aggregator.model.page import Entry
from aggregator.seeds.charset import decode
from aggregator.seeds.feed import parse_feed
from aggregator.seeds.moment import moment
from aggregator.seeds.plain import HEADLINE_CHARS, plain
from aggregator.seeds.xml import Readable, elements, forget, mended, name, text_of
from aggregator.urls import absolute, is_web, url_key

# What sitemaps.org allows a sitemap to hold once unpacked.
MOST_BYTES = 50 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024
_GZIP = b"\x1f\x8b"
_FEEDS = frozenset({"rss", "feed", "rdf"})
_LINES = {"urlset": "url", "sitemapindex": "sitemap"}
_LINE_END = re.compile(r"</(?:\w+:)?(?:url|sitemap)\s*>", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([a-zA-Z][\w.-]*)")
_NEVER = datetime.min.replace(tzinfo=UTC)
# Kept beyond the limit, since some of the newest may be the same page twice.
_SPARE = 2
# What sitemaps.org allows.
_MOST_TEXT_LINES = 50_000


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap lists: entries, or ``children`` (URLs of further sitemaps), newest first in both."""

    entries: tuple[Entry, ...] = ()
    children: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    """One ``<url>`` or ``<sitemap>``."""

    url: str
    headline: str | None = None
    published: datetime | None = None
    updated: datetime | None = None

    def date(self) -> datetime:
        return self.published or self.updated or _NEVER


def parse_sitemap(body: bytes, seed: Seed, *, limit: int) -> Sitemap:
    """The newest ``limit`` entries of a sitemap, or the ``limit`` newest children of an index.

    Newest first by news publication date, else ``lastmod``; undated ones follow in the document's order. A
    news sitemap's date is ``published``, a ``lastmod`` is ``updated``. Reads XML (news extension, broken XML,
    gzip of at most 50 MB unpacked), plain text with one URL a line, and a feed used as sitemap; 50,000 URLs
    are read as a stream.

    Raises:
        FeedError: empty, HTML, over 50 MB, or nothing of a sitemap; the message says what to do.
    """
    stream = _Opened(body, seed.url)
    head = decode(stream.peek(), None).lstrip()
    if not head:
        raise FeedError(f"{seed.url}: is empty: try again later, or correct the seed's address")
    if not head.startswith("<"):
        return _text_sitemap(stream, seed, limit)
    found = _ROOT.search(_COMMENT.sub("", head))
    root = found.group(1).lower() if found else ""
    if root in _FEEDS:
        return Sitemap(parse_feed(stream.read(), None, seed, limit=limit))
    if root not in _LINES:
        raise FeedError(f"{seed.url}: {not_a_sitemap(root)}")
    lines = _newest(stream, body, seed.url, limit * _SPARE, root)
    if root == "sitemapindex":
        children = (absolute(seed.url, line.url) for line in lines)
        return Sitemap(children=tuple(dict.fromkeys(filter(None, children)))[:limit])
    return Sitemap(_entries(lines, seed, limit))


def not_a_sitemap(root: str) -> str:
    """What to tell about a document whose root element is no sitemap's."""
    if root == "html":
        return 'is HTML, not a sitemap: give the sitemap\'s own address, or make the seed kind = "section"'
    return "is not a sitemap: open it in a browser and correct the seed's address"


def _newest(stream: Readable, body: bytes, url: str, most: int, root: str) -> list[_Line]:
    """The newest lines of an XML sitemap: read as a stream, or mended and read again if it is broken."""
    try:
        return heapq.nlargest(most, _lines(stream, _LINES[root]), key=_Line.date)
    except etree.XMLSyntaxError:
        # A bare "&" in an address is the usual fault, and libxml2 alone would lose the letters after it.
        text = _whole_lines(mended(decode(_Opened(body, url).read(), None)))
    try:
        return heapq.nlargest(most, _lines(text, _LINES[root]), key=_Line.date)
    except etree.XMLSyntaxError as error:
        raise FeedError(f"{url}: is no sitemap that can be read: {error.msg}") from error


def _whole_lines(text: str) -> str:
    """The text up to the end of its last line: an address that was cut off leads nowhere."""
    ends = [match.end() for match in _LINE_END.finditer(text)]
    return text[: ends[-1]] if ends else text


class _Opened:
    """A sitemap's bytes as a stream, unpacked while read; truncated gzip ends where it was cut."""

    def __init__(self, body: bytes, url: str) -> None:
        self._url = url
        raw = io.BytesIO(body)
        self._stream: Readable = gzip.GzipFile(fileobj=raw) if body.startswith(_GZIP) else raw
        self._read_bytes = 0
        self._ahead = b""

    def peek(self) -> bytes:
        """The first four kilobytes, which the next read still gives."""
        self._ahead = self.read(4096)
        self._read_bytes -= len(self._ahead)
        return self._ahead

    def read(self, size: int = -1, /) -> bytes:
        """Up to ``size`` bytes, unpacked.

        Raises:
            FeedError: more than 50 MB were read.
        """
        if size < 0:
            return b"".join(iter(lambda: self.read(_CHUNK_BYTES), b""))
        chunk, self._ahead = self._ahead, b""
        if not chunk:
            try:
                chunk = self._stream.read(size)
            except (EOFError, zlib.error, gzip.BadGzipFile):
                chunk = b""
        self._read_bytes += len(chunk)
        if self._read_bytes > MOST_BYTES:
            raise FeedError(f"{self._url}: holds more than 50 MB: name a smaller sitemap of the outlet")
        return chunk


def _lines(source: str | Readable, kind: str) -> Iterator[_Line]:
    for event, element in elements(source, recover=isinstance(source, str)):
        if event == "end" and name(element) == kind:
            line = _line(element)
            forget(element)
            if line.url:
                yield line


def _line(element: Any) -> _Line:
    texts: dict[str, str] = {}
    for child in element.iterchildren("*"):
        if name(child) == "news:news":
            texts.update((name(part), text_of(part).strip()) for part in child.iterchildren("*"))
        else:
            texts.setdefault(name(child), text_of(child).strip())
    return _Line(
        url=texts.get("loc", ""),
        headline=texts.get("news:title"),
        published=moment(texts.get("news:publication_date")),
        updated=moment(texts.get("lastmod")),
    )


def _text_sitemap(stream: _Opened, seed: Seed, limit: int) -> Sitemap:
    words = (line.decode("utf-8", "replace").strip() for line in io.BytesIO(stream.read()))
    # Further down are addresses of the same kind, or none.
    found = (_Line(word) for word in islice(words, _MOST_TEXT_LINES) if is_web(word))
    entries = _entries(found, seed, limit)
    if not entries:
        raise FeedError(f"{seed.url}: is no sitemap: neither XML nor one address a line; correct the seed")
    return Sitemap(entries)


def _entries(lines: Iterable[_Line], seed: Seed, limit: int) -> tuple[Entry, ...]:
    found: dict[str, Entry] = {}
    for line in lines:
        if len(found) >= limit:
            break
        url = absolute(seed.url, line.url)
        if url is not None:
            headline = plain(line.headline, HEADLINE_CHARS)
            entry = Entry(
                url=url, seed=seed, headline=headline, published=line.published, updated=line.updated
            )
            found.setdefault(url_key(url), entry)
    return tuple(found.values())
