"""Feeds that are not well-formed: read by feedparser, which forgives nearly everything."""

import calendar
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import feedparser

from aggregator.errors import FeedError
from aggregator.seeds.feed_xml import not_a_feed
from aggregator.seeds.listed import Listed

# feedparser takes 2 µs a byte, and 10 µs a byte of hostile text (measured): this bounds it to about 2 s,
# while 200 items without their full texts fit.
_MOST_CHARS = 192 * 1024
# What is left of a broken feed before it is mended: enough for 1,000 items without their full texts.
_SHORT_CHARS = 1024 * 1024
_FULL_TEXT = re.compile(r"<(content:encoded|content)(?:\s[^<>]*)?(?<!/)>", re.IGNORECASE)
_ITEM_END = re.compile(r"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)


def shortened(text: str) -> str:
    """A feed without its items' full texts, which no entry needs.

    One still over a million characters loses items from its middle, so that its end still closes it.
    """
    pieces, position = [], 0
    while start := _FULL_TEXT.search(text, position):
        end = text.find(f"</{start.group(1)}", start.end())
        if end < 0:
            break
        pieces.append(text[position : start.end()])
        position = end
    return _cut("".join((*pieces, text[position:])), _SHORT_CHARS, keep_end=True)


def _cut(text: str, most_chars: int, *, keep_end: bool) -> str:
    if len(text) <= most_chars:
        return text
    ends = [match.end() for match in _ITEM_END.finditer(text)]
    kept = max((end for end in ends if end <= most_chars), default=most_chars)
    return text[:kept] + (text[ends[-1] :][:most_chars] if keep_end and ends else "")


def _whole_items(text: str) -> str:
    """The text up to the end of its last item: the address in one that was cut off is cut off, too."""
    ends = [match.end() for match in _ITEM_END.finditer(text)]
    return text[: ends[-1]] if ends else text


def read_broken(text: str, url: str) -> Iterator[Listed]:
    """The items of a broken feed, at most those of its first 192,000 characters.

    Raises:
        FeedError: nothing of a feed is in it.
    """
    body = _whole_items(_cut(text, _MOST_CHARS, keep_end=False))
    # A stream, never the bytes themselves: feedparser would take them for a path or an address to open.
    feed = feedparser.parse(
        io.BytesIO(body.encode("utf-8", "replace")),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not feed.entries and not feed.get("version"):
        raise FeedError(f"{url}: {not_a_feed('html' if '<html' in body[:4096].lower() else '')}")
    return (_listed(entry, dict(feed.feed)) for entry in feed.entries)


def _listed(entry: Any, feed: dict[str, Any]) -> Listed:
    # dict.get, since feedparser's own get answers "updated" with the date of publication.
    fields: dict[str, Any] = dict(entry)
    links = [fields.get("feedburner_origlink"), fields.get("link")]
    links_of = (*fields.get("links", ()), *feed.get("links", ()))
    licences = [link.get("href") for link in links_of if link.get("rel") == "license"]
    return Listed(
        links=tuple(link for link in links if link),
        guid=fields.get("id"),
        headline=fields.get("title"),
        dek=fields.get("summary"),
        credits=tuple(filter(None, [fields.get("author")])),
        published=_date(fields, "published") or _date(fields, "created"),
        updated=_date(fields, "updated"),
        licence=next(filter(None, licences), None),
        rights=fields.get("rights") or feed.get("rights"),
    )


def _date(fields: dict[str, Any], key: str) -> str | None:
    """The date as ISO 8601 if feedparser could read it, else as written."""
    parsed = fields.get(f"{key}_parsed")
    if parsed is None:
        return fields.get(key)
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return None
