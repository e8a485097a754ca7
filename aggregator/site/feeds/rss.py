"""RSS 2.0, with Dublin Core authors, whole texts and Creative Commons licences where they are allowed."""

from datetime import datetime
from email.utils import format_datetime

from lxml import etree

from aggregator.clock import to_utc
from aggregator.site.feeds.atom import ATOM
from aggregator.site.feeds.feed import Feed, FeedItem, html

MEDIA_TYPE = "application/rss+xml"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
CREATIVE_COMMONS = "http://backend.userland.com/creativeCommonsRssModule"
_NAMESPACES = {"atom": ATOM, "content": CONTENT, "dc": DUBLIN_CORE, "creativeCommons": CREATIVE_COMMONS}


def write(feed: Feed) -> bytes:
    """The feed as an RSS document in UTF-8."""
    root = etree.Element("rss", nsmap=_NAMESPACES)
    root.set("version", "2.0")
    channel = etree.SubElement(root, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", feed.page)
    _add(channel, "description", feed.description)
    _add(channel, "lastBuildDate", _rfc822(feed.updated))
    itself = _add(channel, f"{{{ATOM}}}link")
    itself.set("rel", "self")
    itself.set("href", feed.address)
    itself.set("type", MEDIA_TYPE)
    for item in feed.items:
        _item(channel, item)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def _item(channel: etree._Element, item: FeedItem) -> None:
    element = _add(channel, "item")
    _add(element, "title", item.headline)
    _add(element, "link", item.url)
    _add(element, "guid", item.id).set("isPermaLink", "false")
    _add(element, "pubDate", _rfc822(item.published))
    for name in item.byline:
        _add(element, f"{{{DUBLIN_CORE}}}creator", name)
    if item.language:
        _add(element, f"{{{DUBLIN_CORE}}}language", item.language)
    if item.source:
        _add(element, f"{{{DUBLIN_CORE}}}source", item.source)
    if item.rights:
        _add(element, f"{{{DUBLIN_CORE}}}rights", item.rights)
    if item.licence_url:
        _add(element, f"{{{CREATIVE_COMMONS}}}license", item.licence_url)
    if item.section:
        _add(element, "category", item.section)
    # The outlet's own feed may not exist (sitemaps, section pages); ours of that outlet always does.
    _add(element, "source", item.outlet).set("url", item.outlet_feed)
    # Readers take a description for HTML: escaped once more, plain text stays plain text.
    if item.summary:
        _add(element, "description", _as_html(item.summary))
    if content := html(item):
        _add(element, f"{{{CONTENT}}}encoded", content)


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
