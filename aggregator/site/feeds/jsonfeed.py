"""JSON Feed 1.1."""

import json

from aggregator.site import dates
from aggregator.site.feeds.feed import Feed, FeedItem, GoneItem, Picture
from aggregator.site.feeds.item import html

MEDIA_TYPE = "application/feed+json"
VERSION = "https://jsonfeed.org/version/1.1"


def write(feed: Feed) -> bytes:
    """The feed as a JSON document in UTF-8."""
    document: dict[str, object] = {
        "version": VERSION,
        "title": feed.title,
        "description": feed.description,
        "home_page_url": feed.page,
        "feed_url": feed.address,
        "language": feed.language,
        "items": [_item(item) for item in feed.items],
    }
    if feed.ways.older:
        document["next_url"] = feed.ways.older
    if feed.hubs:
        document["hubs"] = [{"type": "WebSub", "url": hub} for hub in feed.hubs]
    if feed.gone:
        # Not in the standard; names with an underscore are its way to add something.
        document["_deleted"] = [_gone(item) for item in feed.gone]
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")


def _item(item: FeedItem) -> dict[str, object]:
    content = html(item)
    facts: dict[str, object] = {
        "id": item.id,
        "url": item.url,
        "external_url": item.source,
        "title": item.headline,
        "date_published": dates.iso(item.published),
        "date_modified": dates.iso(item.updated),
        "language": item.language,
        "authors": _authors(item),
        "tags": list(item.topics),
        "image": item.pictures[0].url if item.pictures else None,
        "_pictures": [_picture(picture, item) for picture in item.pictures],
        "_rights": _rights(item),
        "_note": item.note,
    }
    kept = {name: value for name, value in facts.items() if value}
    return kept | ({"content_html": content} if content else {"content_text": item.summary})


def _authors(item: FeedItem) -> list[dict[str, str]]:
    outlet = {"name": item.outlet} | ({"url": item.outlet_homepage} if item.outlet_homepage else {})
    return [{"name": name} for name in item.byline] or [outlet]


def _rights(item: FeedItem) -> dict[str, str]:
    facts = {
        "outlet": item.outlet,
        "mode": item.mode,
        "credit": item.credit,
        "license": item.licence,
        "license_url": item.licence_url,
    }
    return {name: value for name, value in facts.items() if value}


def _picture(picture: Picture, item: FeedItem) -> dict[str, str]:
    facts = {"url": picture.url, "caption": picture.caption, "alt": picture.alt}
    return {name: value for name, value in facts.items() if value} | {"credit": picture.credit or item.credit}


def _gone(item: GoneItem) -> dict[str, str]:
    return {"id": item.id, "date_deleted": dates.iso(item.at)} | (
        {"reason": item.reason} if item.reason else {}
    )
