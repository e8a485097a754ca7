"""RSS 2.0, with Dublin Core authors, whole texts, licences, archives and tombstones as in Atom."""

from datetime import datetime
from email.utils import format_datetime

from lxml import etree

from aggregator.clock import to_utc
from aggregator.site import dates
from aggregator.site.feeds import media
from aggregator.site.feeds.atom import ATOM, HISTORY, TOMBSTONES
from aggregator.site.feeds.feed import Feed, FeedItem, GoneItem
from aggregator.site.feeds.item import html

MEDIA_TYPE = "application/rss+xml"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
CREATIVE_COMMONS = "http://backend.userland.com/creativeCommonsRssModule"
_NAMESPACES = {
    "atom": ATOM,
    "at": TOMBSTONES,
    "content": CONTENT,
    "creativeCommons": CREATIVE_COMMONS,
    "dc": DUBLIN_CORE,
    "fh": HISTORY,
    "media": media.NAMESPACE,
}


def write(feed: Feed) -> bytes:
    """The feed as an RSS document in UTF-8."""
    root = etree.Element("rss", nsmap=_NAMESPACES)
    root.set("version", "2.0")
    channel = etree.SubElement(root, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", feed.page)
    _add(channel, "description", feed.description)
    _add(channel, "language", feed.language)
    _add(channel, "lastBuildDate", _rfc822(feed.updated))
    _link(channel, "self", feed.address, MEDIA_TYPE)
    for hub in feed.hubs:
        _link(channel, "hub", hub)
    for relation, address in feed.ways.links:
        _link(channel, relation, address, MEDIA_TYPE)
    if feed.ways.is_archive:
        _add(channel, f"{{{HISTORY}}}archive")
    for gone in feed.gone:
        _tombstone(channel, gone)
    for item in feed.items:
        _item(channel, item)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def _item(channel: etree._Element, item: FeedItem) -> None:
    element = _add(channel, "item")
    _add(element, "title", item.headline)
    _add(element, "link", item.url)
    _add(element, "guid", item.id).set("isPermaLink", "false")
    _add(element, "pubDate", _rfc822(item.published))
    for name in item.authors:
        _add(element, f"{{{DUBLIN_CORE}}}creator", name)
    if item.language:
        _add(element, f"{{{DUBLIN_CORE}}}language", item.language)
    if item.source:
        _add(element, f"{{{DUBLIN_CORE}}}source", item.source)
    if item.rights:
        _add(element, f"{{{DUBLIN_CORE}}}rights", item.rights)
    if item.licence_url:
        _add(element, f"{{{CREATIVE_COMMONS}}}license", item.licence_url)
    for topic in item.topics:
        _add(element, "category", topic)
    _add(element, "source", item.outlet).set("url", item.outlet_feed)
    # Readers take a description for HTML: escaped once more, plain text stays plain text.
    if item.summary:
        _add(element, "description", _as_html(item.summary))
    if content := html(item):
        _add(element, f"{{{CONTENT}}}encoded", content)
    media.add(element, item)


def _tombstone(channel: etree._Element, gone: GoneItem) -> None:
    deleted = _add(channel, f"{{{TOMBSTONES}}}deleted-entry")
    deleted.set("ref", gone.id)
    deleted.set("when", dates.iso(gone.at))
    if gone.reason:
        _add(deleted, f"{{{TOMBSTONES}}}comment", gone.reason)


def _link(channel: etree._Element, rel: str, href: str, kind: str | None = None) -> None:
    link = _add(channel, f"{{{ATOM}}}link")
    link.set("rel", rel)
    link.set("href", href)
    if kind:
        link.set("type", kind)


def _as_html(text: str) -> str:
    paragraph = etree.Element("p")
    paragraph.text = text
    return str(etree.tostring(paragraph, encoding="unicode", method="html"))


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(parent, name)
    element.text = text
    return element


def _rfc822(moment: datetime) -> str:
    return format_datetime(to_utc(moment), usegmt=True)
