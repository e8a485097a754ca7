"""A feed: its bytes become entries."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from lxml import etree

from aggregator.errors import FeedError
from aggregator.model.outlet import Seed
from aggregator.model.page import Entry
from aggregator.seeds.charset import decode
from aggregator.seeds.feed_broken import read_broken, shortened
from aggregator.seeds.feed_json import read_json
from aggregator.seeds.feed_xml import not_a_feed, read_xml
from aggregator.seeds.listed import Listed
from aggregator.seeds.moment import moment
from aggregator.seeds.plain import DEK_CHARS, HEADLINE_CHARS, names, plain
from aggregator.seeds.xml import mended, without_doctype
from aggregator.urls import absolute, url_key

_GUID_CHARS = 500
_LICENCE_CHARS = 500
_MOST_CREDITS = 20
_HTML = re.compile(
    r"\s*(?:(?><!--.*?-->)\s*+)*+<(?:!doctype\s+html|html|head|body)\b", re.DOTALL | re.IGNORECASE
)
_SNIFF_CHARS = 4096
# A well-formed feed is read item by item; one with faults further down is read again, more forgivingly.
_ITEMS_FOR_EACH_ENTRY = 5


def parse_feed(body: bytes, charset: str | None, seed: Seed, *, limit: int) -> tuple[Entry, ...]:
    """The entries of a feed, in its order, each URL once, at most ``limit``.

    Reads RSS 0.9x to 2.0, RDF, Atom 0.3 and 1.0, JSON Feed 1 and 1.1. ``charset`` is that of the
    Content-Type header. Relative links are resolved against ``xml:base``, then the feed's URL; items without
    an http(s) link are passed over. Entities are never expanded.

    Well-formed feeds are read as a stream (about 1 ms), others mended and tried again, and what is still
    broken goes to feedparser.

    Raises:
        FeedError: empty, HTML, a sitemap, an XML bomb, or nothing of a feed; the message says what to do.
    """
    text = decode(body, charset)
    start = text.lstrip("\ufeff \t\r\n\x00")
    if not start:
        raise FeedError(f"{seed.url}: is empty: try again later, or correct the seed's address")
    if start.startswith(("{", "[")):
        return _entries(read_json(start, seed.url), seed, limit)
    if _HTML.match(start[:_SNIFF_CHARS]):
        raise FeedError(f"{seed.url}: {not_a_feed('html')}")
    return _read(without_doctype(start, seed.url), seed, limit)


def _read(text: str, seed: Seed, limit: int) -> tuple[Entry, ...]:
    try:
        return _entries(read_xml(text, seed.url), seed, limit)
    except etree.XMLSyntaxError:
        text = mended(shortened(text))
    try:
        return _entries(read_xml(text, seed.url), seed, limit)
    except etree.XMLSyntaxError:
        return _entries(read_broken(text, seed.url), seed, limit)


def _entries(items: Iterable[Listed], seed: Seed, limit: int) -> tuple[Entry, ...]:
    found: dict[str, Entry] = {}
    for number, item in enumerate(items):
        if len(found) >= limit or number >= limit * _ITEMS_FOR_EACH_ENTRY:
            break
        entry = _entry(item, seed)
        if entry is not None:
            found.setdefault(url_key(entry.url), entry)
    # Some feeds give one id to all of their items: it tells nothing then.
    given = Counter(entry.guid for entry in found.values() if entry.guid)
    shared = {guid for guid, count in given.items() if count > 1}
    return tuple(replace(one, guid=None) if one.guid in shared else one for one in found.values())


def _entry(item: Listed, seed: Seed) -> Entry | None:
    url = next(filter(None, (absolute(seed.url, link) for link in item.links)), None)
    if url is None:
        return None
    headline = plain(item.headline, HEADLINE_CHARS)
    dek = plain(item.dek, DEK_CHARS)
    people = (person for credit in item.credits[:_MOST_CREDITS] for person in names(credit))
    return Entry(
        url=url,
        seed=seed,
        guid=_identity(item.guid),
        headline=headline,
        dek=dek if dek != headline else None,
        byline=tuple(dict.fromkeys(people)),
        published=moment(item.published),
        updated=moment(item.updated),
        licence=plain(item.licence, _LICENCE_CHARS),
        rights=plain(item.rights, _LICENCE_CHARS),
    )


def _identity(guid: str | None) -> str | None:
    """An id as the feed gives it; one that was cut off would be that of other items, too."""
    guid = (guid or "").strip()
    return guid if 0 < len(guid) <= _GUID_CHARS else None
