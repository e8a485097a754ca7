"""Atom 1.0 (RFC 4287), with licences (RFC 4946), archives (RFC 5005), tombstones (RFC 6721)."""

from datetime import datetime

from lxml import etree

from aggregator.site import dates
from aggregator.site.feeds import media
from aggregator.site.feeds.feed import Feed, FeedItem, GoneItem
from aggregator.site.feeds.item import html

MEDIA_TYPE = "application/atom+xml"
ATOM = "http://www.w3.org/2005/Atom"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
HISTORY = "http://purl.org/syndication/history/1.0"
_NAMESPACES = {None: ATOM, "at": TOMBSTONES, "fh": HISTORY, "media": media.NAMESPACE}
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def write(feed: Feed) -> bytes:
    """The feed as an Atom document in UTF-8."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap=_NAMESPACES)
    root.set(_LANG, feed.language)
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "subtitle", feed.description)
    _moment(root, "updated", feed.updated)
    _link(root, "self", feed.address, MEDIA_TYPE)
    _link(root, "alternate", feed.page, "text/html")
    for hub in feed.hubs:
        _link(root, "hub", hub)
    for relation, address in feed.ways.links:
        _link(root, relation, address, MEDIA_TYPE)
    if feed.ways.is_archive:
        etree.SubElement(root, f"{{{HISTORY}}}archive")
    for gone in feed.gone:
        _tombstone(root, gone)
    for item in feed.items:
        _entry(root, item)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def _entry(root: etree._Element, item: FeedItem) -> None:
    entry = _add(root, "entry")
    if item.language:
        entry.set(_LANG, item.language)
    _add(entry, "id", item.id)
    _add(entry, "title", item.headline)
    _moment(entry, "published", item.published)
    _moment(entry, "updated", item.updated)
    for name in item.authors:
        _add(_add(entry, "author"), "name", name)
    _link(entry, "alternate", item.url, "text/html")
    if item.source:
        _link(entry, "via", item.source)
    if item.licence_url:
        _link(entry, "license", item.licence_url)
    for topic in item.topics:
        _add(entry, "category").set("term", topic)
    if item.rights:
        _add(entry, "rights", item.rights)
    _source(entry, item)
    if item.summary:
        _add(entry, "summary", item.summary)
    if content := html(item):
        _add(entry, "content", content).set("type", "html")
    media.add(entry, item)


def _source(entry: etree._Element, item: FeedItem) -> None:
    source = _add(entry, "source")
    _add(source, "id", item.outlet_homepage or item.outlet_feed)
    _add(source, "title", item.outlet)
    _moment(source, "updated", item.updated)
    if item.outlet_homepage:
        _link(source, "alternate", item.outlet_homepage, "text/html")
    _link(source, "self", item.outlet_feed)
    if item.rights:
        _add(source, "rights", item.rights)


def _tombstone(root: etree._Element, gone: GoneItem) -> None:
    deleted = etree.SubElement(root, f"{{{TOMBSTONES}}}deleted-entry")
    deleted.set("ref", gone.id)
    deleted.set("when", dates.iso(gone.at))
    if gone.reason:
        etree.SubElement(deleted, f"{{{TOMBSTONES}}}comment").text = gone.reason


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(parent, f"{{{ATOM}}}{name}")
    element.text = text
    return element


def _moment(parent: etree._Element, name: str, moment: datetime) -> None:
    _add(parent, name, dates.iso(moment))


def _link(parent: etree._Element, rel: str, href: str, kind: str | None = None) -> None:
    link = _add(parent, "link")
    link.set("rel", rel)
    link.set("href", href)
    if kind:
        link.set("type", kind)
