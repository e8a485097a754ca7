"""RSS documents: what RSS 2.0 and the RSS Advisory Board's best practices ask for."""

from collections.abc import Iterator
from email.utils import parsedate_to_datetime

from aggregator.checking import atom
from aggregator.checking.entries import Entry
from aggregator.checking.finding import Document, Fault, Finding
from aggregator.checking.parsed import Tree
from aggregator.checking.words import untagged
from aggregator.urls import is_web

NAMES = atom.NAMES | {
    "content": "http://purl.org/rss/1.0/modules/content/",
    "cc": "http://backend.userland.com/creativeCommonsRssModule",
    "dc": "http://purl.org/dc/elements/1.1/",
}


def is_rss(root: Tree) -> bool:
    """Whether this is the root of an RSS feed."""
    return bool(root.tag == "rss")


def check(root: Tree, document: Document) -> Iterator[Finding]:
    """What the format forbids or misses in it."""
    if root.get("version") != "2.0" or len(root.findall("channel")) != 1:
        message = "expected <rss version=2.0> with one channel"
        yield Finding(Fault.FEED_ELEMENT, document.url, "rss", message)
        return
    channel = root.find("channel")
    for name in ("title", "link", "description"):
        if not (channel.findtext(name) or "").strip():
            yield Finding(Fault.FEED_ELEMENT, document.url, "channel", f"there is no {name}")
    if not channel.xpath("a:link[@rel='self']", namespaces=NAMES):
        yield Finding(Fault.FEED_ELEMENT, document.url, "channel", "there is no atom:link rel=self")
    yield from _dates(channel, document, "channel")
    for number, item in enumerate(channel.findall("item"), start=1):
        yield from _item(item, document, f"item {number}")
    yield from atom.common(root, document)


def entries(root: Tree) -> list[Entry]:
    """The items of the feed, in order."""
    return [_entry(item, number) for number, item in enumerate(root.iter("item"), start=1)]


def _item(item: Tree, document: Document, place: str) -> Iterator[Finding]:
    if not (item.findtext("title") or item.findtext("description") or "").strip():
        yield Finding(Fault.FEED_ELEMENT, document.url, place, "it has neither title nor description")
    guid = item.find("guid")
    if guid is None or not (guid.text or "").strip():
        yield Finding(Fault.FEED_ELEMENT, document.url, place, "it has no guid")
    elif guid.get("isPermaLink") != "false" and not is_web(guid.text):
        message = f"the guid {guid.text!r} is no address and does not say isPermaLink=false"
        yield Finding(Fault.FEED_ADDRESS, document.url, place, message)
    if not is_web(item.findtext("link") or ""):
        yield Finding(Fault.FEED_ADDRESS, document.url, place, "its link is no absolute address")
    source = item.find("source")
    if source is not None and not is_web(source.get("url") or ""):
        yield Finding(Fault.FEED_ADDRESS, document.url, f"{place} source", "its url is no absolute address")
    yield from _dates(item, document, place)


def _dates(element: Tree, document: Document, place: str) -> Iterator[Finding]:
    for name in ("pubDate", "lastBuildDate"):
        text = element.findtext(name)
        if text is None:
            continue
        try:
            is_date = parsedate_to_datetime(text).tzinfo is not None
        except ValueError:
            is_date = False
        if not is_date:
            yield Finding(Fault.FEED_DATE, document.url, place, f"{name} {text!r} is no date by RFC 822")


def _entry(item: Tree, number: int) -> Entry:
    def first(path: str) -> str:
        found = item.xpath(path, namespaces=NAMES)
        return str(found[0]) if found else ""

    content = first("content:encoded/text()")
    return Entry(
        place=f"item {number}",
        id=first("guid/text()"),
        link=first("link/text()"),
        source_name=first("source/text()"),
        original=first("dc:source/text()"),
        authors=tuple(map(str, item.xpath("dc:creator/text()", namespaces=NAMES))),
        licence=first("cc:license/text()"),
        rights=first("dc:rights/text()"),
        text=untagged(content or first("description/text()")),
        is_whole=bool(content),
        pictures=atom.pictures(item),
    )
