"""Atom documents: what RFC 4287, 4946, 5005 and 6721 ask for."""

import re
from collections.abc import Iterator

from aggregator.checking.entries import Entry
from aggregator.checking.finding import Document, Fault, Finding
from aggregator.checking.linkeddata import is_moment
from aggregator.checking.parsed import Tree
from aggregator.checking.words import untagged
from aggregator.urls import is_web

NAMES = {
    "a": "http://www.w3.org/2005/Atom",
    "at": "http://purl.org/atompub/tombstones/1.0",
    "fh": "http://purl.org/syndication/history/1.0",
    "media": "http://search.yahoo.com/mrss/",
}
_ONCE = ("id", "title", "updated")


def is_atom(root: Tree) -> bool:
    """Whether this is the root of an Atom feed."""
    return bool(root.tag == f"{{{NAMES['a']}}}feed")


def check(root: Tree, document: Document) -> Iterator[Finding]:
    """What the formats forbid or miss in it."""
    yield from _element(root, document, "feed")
    if not root.xpath("a:link[@rel='self']/@href", namespaces=NAMES):
        yield Finding(Fault.FEED_ELEMENT, document.url, "feed", "there is no link rel=self (4.1.1)")
    for number, entry in enumerate(root.xpath("a:entry", namespaces=NAMES), start=1):
        place = f"entry {number}"
        yield from _element(entry, document, place)
        if not entry.xpath("a:author/a:name | ../a:author/a:name", namespaces=NAMES):
            yield Finding(Fault.FEED_AUTHOR, document.url, place, "it has no author (4.1.2)")
        if not entry.xpath("a:content | a:link[not(@rel) or @rel='alternate']", namespaces=NAMES):
            message = "it has neither content nor a link rel=alternate (4.1.2)"
            yield Finding(Fault.FEED_ELEMENT, document.url, place, message)
        for source in entry.xpath("a:source", namespaces=NAMES):
            yield from _element(source, document, f"{place} source")
    for stone in root.xpath("at:deleted-entry", namespaces=NAMES):
        if not stone.get("ref") or not is_moment(stone.get("when")):
            message = "a deleted-entry needs ref and when (RFC 6721, 3)"
            yield Finding(Fault.FEED_ELEMENT, document.url, "deleted-entry", message)
    yield from common(root, document)


def common(root: Tree, document: Document) -> Iterator[Finding]:
    """What holds for Atom's elements in Atom and in RSS: links lead somewhere, archives name their feed."""
    for link in root.xpath("//a:link", namespaces=NAMES):
        if not is_web(link.get("href") or ""):
            place = f"link rel={link.get('rel')}"
            message = f"{link.get('href')!r} is no absolute address"
            yield Finding(Fault.FEED_ADDRESS, document.url, place, message)
    is_archive = bool(root.xpath("//fh:archive", namespaces=NAMES))
    if is_archive and not root.xpath("//a:link[@rel='current']", namespaces=NAMES):
        message = "an archive document names its feed with rel=current (RFC 5005, 4)"
        yield Finding(Fault.FEED_ELEMENT, document.url, "fh:archive", message)


def entries(root: Tree) -> list[Entry]:
    """The entries of the feed, in order."""
    return [
        _entry(entry, number) for number, entry in enumerate(root.xpath("a:entry", namespaces=NAMES), start=1)
    ]


def gone(root: Tree) -> list[str]:
    """The ids of the tombstones, in Atom or in RSS."""
    return [str(ref) for ref in root.xpath("//at:deleted-entry/@ref", namespaces=NAMES)]


def older(root: Tree) -> str | None:
    """Where the document before this one is; None in the oldest. In Atom or in RSS."""
    found = root.xpath(
        "(/a:feed | /rss/channel)/a:link[@rel='prev-archive' or @rel='next']/@href", namespaces=NAMES
    )
    return str(found[0]) if found else None


def pictures(element: Tree) -> tuple[str, ...]:
    """The addresses of an entry's pictures, in Atom or in RSS."""
    return tuple(map(str, element.xpath("media:content/@url", namespaces=NAMES)))


def _element(element: Tree, document: Document, place: str) -> Iterator[Finding]:
    """The three elements that a feed, an entry and a source have once each; dates; an absolute id."""
    for name in _ONCE:
        found = element.xpath(f"a:{name}", namespaces=NAMES)
        if len(found) != 1 or not "".join(found[0].itertext()).strip():
            message = f"it has {len(found)} {name}; expected one with something in it (RFC 4287)"
            yield Finding(Fault.FEED_ELEMENT, document.url, place, message)
    for date in element.xpath("a:updated | a:published", namespaces=NAMES):
        if not is_moment(date.text):
            name = date.tag.rpartition("}")[2]
            message = f"{name} {date.text!r} is no date by RFC 3339"
            yield Finding(Fault.FEED_DATE, document.url, place, message)
    ids = element.xpath("a:id/text()", namespaces=NAMES)
    if ids and not re.match(r"[a-z][a-z0-9+.-]*:", str(ids[0])):
        yield Finding(Fault.FEED_ADDRESS, document.url, place, f"the id {ids[0]!r} is no absolute IRI")


def _entry(entry: Tree, number: int) -> Entry:
    def first(path: str) -> str:
        found = entry.xpath(path, namespaces=NAMES)
        return str(found[0]) if found else ""

    content = first("a:content/text()")
    return Entry(
        place=f"entry {number}",
        id=first("a:id/text()"),
        link=first("a:link[not(@rel) or @rel='alternate']/@href"),
        source_name=first("a:source/a:title/text()"),
        original=first("a:link[@rel='via']/@href"),
        authors=tuple(map(str, entry.xpath("a:author/a:name/text()", namespaces=NAMES))),
        licence=first("a:link[@rel='license']/@href"),
        rights=first("a:rights/text()"),
        text=untagged(content or first("a:summary/text()")),
        is_whole=bool(content),
        pictures=pictures(entry),
    )
