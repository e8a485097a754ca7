"""XML from strangers: no entity is expanded, no file and no network is touched."""

import io
import re
from collections.abc import Iterator
from functools import lru_cache
from html.entities import html5
from itertools import islice
from typing import Any, Protocol

from lxml import etree

from aggregator.errors import FeedError

_PROLOG_CHARS = 64 * 1024
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")
_DOCTYPE_START = re.compile(r"<!DOCTYPE\b", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE\b[^\[<>]*+(?:\[(?P<subset>.*?)\]\s*)?>", re.DOTALL | re.IGNORECASE)
_FIRST_ELEMENT = re.compile(r"<[a-zA-Z_]")
# An entity made of other entities is a bomb, one that lies elsewhere reads our files; neither has a use.
_HOSTILE_ENTITY = re.compile(
    r"<!ENTITY\s+(?!%)\S+\s+(?:SYSTEM\b|PUBLIC\b|\"[^\"]*&\w[^\"]*\"|'[^']*&\w[^']*')", re.IGNORECASE
)
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ENTITY = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos);|#\d{1,7};|#[xX][0-9a-fA-F]{1,6};)(?:([a-zA-Z][a-zA-Z0-9]{1,31});)?"
)
# A feed's 200 items make about 4,000 elements, a full sitemap 200,000; more are read no further.
_MOST_EVENTS = 2_000_000
_KNOWN_PREFIXES = {
    "purl.org/rss/1.0": "",
    "my.netscape.com/rdf/simple/0.9": "",
    "channel.netscape.com/rdf/simple/0.9": "",
    "purl.org/net/rss1.1#": "",
    "backend.userland.com/rss2": "",
    "blogs.law.harvard.edu/tech/rss": "",
    "www.w3.org/2005/atom": "",
    "purl.org/atom/ns#": "",
    "purl.org/dc/elements/1.1": "dc",
    "purl.org/dc/elements/1.0": "dc",
    "purl.org/dc/terms": "dcterms",
    "www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "backend.userland.com/creativecommonsrssmodule": "cc",
    "cyber.law.harvard.edu/rss/creativecommonsrssmodule.html": "cc",
    "web.resource.org/cc": "cc",
    "creativecommons.org/ns#": "cc",
    "rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "search.yahoo.com/mrss": "media",
    "www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "www.sitemaps.org/schemas/sitemap/0.9": "",
    "www.google.com/schemas/sitemap/0.84": "",
    "www.google.com/schemas/sitemap-news/0.9": "news",
    "www.w3.org/1999/xhtml": "xhtml",
}
# Prefixes that stand for the feed's own vocabulary when their namespace is unknown or was forgotten.
_OWN_PREFIXES = frozenset({"rss", "rss09", "rss1", "rss2", "atom", "atom10", "a", "a10", "feed"})
_FORGOTTEN = {"creativecommons": "cc"}


class Readable(Protocol):
    """Where bytes are read from."""

    def read(self, size: int = -1, /) -> bytes:
        """Up to ``size`` bytes, none at the end."""


def without_doctype(text: str, url: str) -> str:
    """The document without XML declaration and DOCTYPE, so that no parser meets an entity declaration.

    Raises:
        FeedError: the DOCTYPE declares entities that expand into others or lie elsewhere, or has no end.
    """
    text = _DECLARATION.sub("", text, count=1).lstrip()
    first = _FIRST_ELEMENT.search(text, 0, _PROLOG_CHARS)
    opening = _DOCTYPE_START.search(text, 0, first.start() if first else _PROLOG_CHARS)
    if opening is None:
        return text
    start = opening.start()
    doctype = _DOCTYPE.match(text, start, start + _PROLOG_CHARS)
    if doctype is None:
        raise FeedError(f"{url}: its DOCTYPE has no end or is over 64 KB; ask the outlet, or remove the seed")
    if doctype["subset"] and _HOSTILE_ENTITY.search(doctype["subset"]):
        raise FeedError(f"{url}: its DOCTYPE declares entities as an XML bomb does; refused, remove the seed")
    return text[:start] + text[doctype.end() :]


def mended(text: str) -> str:
    """The document with the commonest faults of feeds mended.

    HTML's named entities become characters, bare ampersands are escaped, characters that XML forbids go,
    and so does what stands before the first ``<``.
    """
    start = max(text.find("<"), 0)
    return _ENTITY.sub(_as_character, _ILLEGAL.sub("", text[start:]))


def _as_character(entity: re.Match[str]) -> str:
    name = entity.group(1)
    known = html5.get(f"{name};") if name else None
    if known is None:
        return "&amp;" + entity.group(0)[1:]
    return "".join(f"&#{ord(char)};" for char in known)


def elements(source: str | Readable, *, recover: bool = False) -> Iterator[tuple[str, Any]]:
    """The ``start`` and ``end`` events of a document with their lxml elements, as they are read.

    At most two million of them, so that 50 MB of empty elements cannot fill the memory; what comes later is
    not read.

    Raises:
        lxml.etree.XMLSyntaxError: the document is not well-formed, and ``recover`` is not set.
    """
    stream = io.BytesIO(source.encode("utf-8", "replace")) if isinstance(source, str) else source
    events = etree.iterparse(
        stream,
        events=("start", "end"),
        encoding="utf-8" if isinstance(source, str) else None,
        recover=recover,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    for event, element in islice(events, _MOST_EVENTS):
        if isinstance(element.tag, str):
            yield event, element


def name(element: Any) -> str:
    """An element's name with the prefix under which this program knows its namespace.

    The vocabularies of RSS, Atom and sitemaps have none (``title``), others their usual one (``dc:date``,
    ``cc:license``); case is lowered. Unknown namespaces keep the document's own prefix.
    """
    return _name(element.tag, element.prefix)


@lru_cache(maxsize=4096)
def _name(tag: str, prefix: str | None) -> str:
    if tag[0] == "{":
        space, _, local = tag[1:].partition("}")
        known = _KNOWN_PREFIXES.get(_bare(space))
        found = (prefix or "").lower() if known is None else known
    else:
        found, _, local = tag.lower().rpartition(":")
        known = None
    if known is None:
        found = "" if found in _OWN_PREFIXES else _FORGOTTEN.get(found, found)
    return f"{found}:{local.lower()}" if found else local.lower()


def _bare(space: str) -> str:
    return space.strip().lower().removeprefix("http://").removeprefix("https://").rstrip("/")


def text_of(element: Any) -> str:
    """All text inside an element."""
    return "".join(element.itertext()) if len(element) else (element.text or "")


def forget(element: Any) -> None:
    """Free an element that was read, and what stands before it, so that long documents stay small."""
    element.clear(keep_tail=False)
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]
