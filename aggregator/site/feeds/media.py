"""Media RSS: an item's pictures with their credit and licence, in Atom and in RSS."""

from lxml import etree

from aggregator.site.feeds.feed import FeedItem, Picture

NAMESPACE = "http://search.yahoo.com/mrss/"


def add(entry: etree._Element, item: FeedItem) -> None:
    """Add the pictures that readers may be shown; an item without such has none."""
    for picture in item.pictures:
        _add(entry, item, picture)


def _add(entry: etree._Element, item: FeedItem, picture: Picture) -> None:
    content = _element(entry, "content")
    content.set("url", picture.url)
    content.set("medium", "image")
    content.set("type", "image/webp")
    content.set("width", str(picture.width))
    content.set("height", str(picture.height))
    described = (("title", picture.alt), ("description", picture.caption))
    for name, text in described:
        if text:
            _element(content, name, text).set("type", "plain")
    credit = _element(content, "credit", picture.credit or item.credit)
    credit.set("role", "photographer" if picture.credit else "distribution company")
    if item.licence_url:
        licence = _element(content, "license", item.licence or item.licence_url)
        licence.set("type", "text/html")
        licence.set("href", item.licence_url)


def _element(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    element.text = text
    return element
