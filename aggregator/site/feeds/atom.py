"""Atom 1.0 (RFC 4287), with licences (RFC 4946) and tombstones (RFC 6721)."""

from datetime import datetime

from lxml import etree

from aggregator.site import dates
from aggregator.site.feeds.feed import Feed, FeedItem, GoneItem, html

MEDIA_TYPE = "application/atom+xml"
ATOM = "http://www.w3.org/2005/Atom"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def write(feed: Feed) -> bytes:
    """The feed as an Atom document in UTF-8."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM, "at": TOMBSTONES})
    root.set(_LANG, "en")
    _add(root, "id", feed.page)
    _add(root, "title", feed.title)
    _add(root, "subtitle", feed.description)
    _moment(root, "updated", feed.updated)
    _link(root, "self", feed.address, MEDIA_TYPE)
    _link(root, "alternate", feed.page, "text/html")
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
    # An entry needs an author (4.1.2): the outlet stands in where the page names nobody.
    for name in item.byline or (item.outlet,):
        _add(_add(entry, "author"), "name", name)
    _link(entry, "alternate", item.url, "text/html")
    if item.source:
        _link(entry, "via", item.source)
    if item.licence_url:
        _link(entry, "license", item.licence_url)
    if item.section:
        _add(entry, "category").set("term", item.section)
    if item.rights:
        _add(entry, "rights", item.rights)
    _source(entry, item)
    if item.summary:
        _add(entry, "summary", item.summary)
    if content := html(item):
        _add(entry, "content", content).set("type", "html")


def _source(entry: etree._Element, item: FeedItem) -> None:
    source = _add(entry, "source")
    _add(source, "id", item.outlet_homepage or item.outlet_feed)
    _add(source, "title", item.outlet)
    _moment(source, "updated", item.updated)
    if item.outlet_homepage:
        _link(source, "alternate", item.outlet_homepage, "text/html")
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
