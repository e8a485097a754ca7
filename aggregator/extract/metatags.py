"""The page's meta tags: OpenGraph, article:*, Dublin Core, parsely and their kin."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import islice, zip_longest
from typing import Any

from lxml.html import HtmlElement

from aggregator.extract.almanac import Almanac
from aggregator.extract.byline import names
from aggregator.extract.claims import Claims, Found, Moment
from aggregator.extract.dates import moment
from aggregator.extract.plain import plain
from aggregator.model.article import Image

_MOST_TAGS = 400
# What counts, and what else was said: pages repeat themselves in a dozen vocabularies.
_MOST_LAYERS = 4
_ADDRESS = re.compile(r"https?://|//")
_HEADLINE = (
    "og:title", "headline", "sailthru.title", "parsely-title", "citation_title", "dc.title",
    "dcterms.title",
    "twitter:title", "title",
)  # fmt: skip
DEK = ("og:description", "description", "sailthru.description", "dc.description", "twitter:description")
_BYLINE = (
    "author", "authors", "article:author", "byl", "parsely-author", "sailthru.author", "dc.creator",
    "dcterms.creator",
    "citation_author", "cxenseparse:author", "article:author_name", "og:article:author", "vr:author",
)  # fmt: skip
_PUBLISHED = (
    "article:published_time", "og:article:published_time", "article:published", "datepublished",
    "parsely-pub-date",
    "sailthru.date", "cxenseparse:recs:publishtime", "publishdate", "publish-date", "publish_date",
    "published_time",
    "pubdate", "dc.date.issued", "dcterms.created", "dc.date", "date", "datecreated",
    "citation_publication_date",
    "og:published_time", "article.published", "originalpublicationdate", "vr:published_time",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "lastmod",
    "last-modified",
    "article:modified", "og:article:modified_time",
)  # fmt: skip
_SECTION = (
    "article:section",
    "og:article:section",
    "parsely-section",
    "cxenseparse:pageclass:section",
    "section",
)
_TAGS = ("article:tag", "og:article:tag", "news_keywords", "keywords", "parsely-tags", "sailthru.tags")
_SITE = ("og:site_name", "application-name", "dc.publisher", "publisher", "twitter:site")
_IMAGE = ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src", "image")
_IMAGE_ALT = ("og:image:alt", "twitter:image:alt")
_ORIGINAL = ("original-source", "syndication-source")
_LICENCE = ("dcterms.license", "dcterms.rights.license", "dc.rights.license", "license")
Tags = Mapping[str, list[str]]
# Contents by a name without punctuation (articlepublishedtime), each with the name as written.
_Named = Mapping[str, list[tuple[str, str]]]
_LETTERS = re.compile(r"[^a-z0-9]")


def tags(tree: HtmlElement) -> Tags:
    """All meta tags' contents by lower-case name (``property``, ``name`` or ``itemprop``), in order."""
    found: dict[str, list[str]] = defaultdict(list)
    for number, tag in enumerate(tree.iter("meta")):
        if number >= _MOST_TAGS:
            break
        name = tag.get("property") or tag.get("name") or tag.get("itemprop") or tag.get("http-equiv")
        content = (tag.get("content") or "").strip()
        if name and content:
            found[name.strip().lower()].append(content[:5000])
    return found


def language(tree: HtmlElement, tags: Tags) -> str | None:
    """The language that the page declares, as written: ``lang``, else ``og:locale`` or content-language."""
    root = tree.getroottree().getroot()
    declared = (root.get("lang"), root.get("xml:lang"), *tags.get("og:locale", ()))
    return next((one for one in (*declared, *tags.get("content-language", ())) if one), None)


def claims(tags: Tags, almanac: Almanac) -> list[Claims]:
    """What the meta tags say of the article: first for each field what counts most, then what else they say.

    Names count however they are punctuated (``article:published_time``, ``article.published-time``).
    """
    found = _named(tags)
    fields: dict[str, Iterator[Any]] = {
        "headline": _texts(found, _HEADLINE),
        "dek": _texts(found, DEK),
        "byline": _bylines(found),
        "published": _moments(found, _PUBLISHED, almanac),
        "modified": _moments(found, _MODIFIED, almanac),
        "section": _texts(found, _SECTION),
        "tags": _tags(found),
        "site_name": _site_names(found),
        "licence": _texts(found, _LICENCE),
        "original": _texts(found, _ORIGINAL),
        "images": _images(found),
    }
    rows = zip_longest(*(islice(values, _MOST_LAYERS) for values in fields.values()))
    return [Claims(**dict(zip(fields, row, strict=True))) for row in rows] or [Claims()]


def _named(tags: Tags) -> _Named:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name, contents in tags.items():
        found[_LETTERS.sub("", name)] += [(name, content) for content in contents]
    return found


def _contents(found: _Named, wanted: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Each content of the wanted tags, with ``meta:`` and the tag's name."""
    for name in wanted:
        for written, content in found.get(_LETTERS.sub("", name), ()):
            yield content, f"meta:{written}"


def _texts(found: _Named, wanted: tuple[str, ...]) -> Iterator[Found[str]]:
    for content, source in _contents(found, wanted):
        if text := plain(content):
            yield Found(text, source)


def _site_names(found: _Named) -> Iterator[Found[str]]:
    for content, source in _contents(found, _SITE):
        name = plain(content).lstrip("@")
        if name and not _ADDRESS.match(name):
            yield Found(name, source)


def _bylines(found: _Named) -> Iterator[Found[tuple[str, ...]]]:
    for name in _BYLINE:
        contents = list(_contents(found, (name,)))
        if people := names(content for content, _ in contents):
            yield Found(people, contents[0][1])


def _moments(found: _Named, wanted: tuple[str, ...], almanac: Almanac) -> Iterator[Found[Moment]]:
    for content, source in _contents(found, wanted):
        if at := moment(content, almanac):
            yield Found(at, source)


def _tags(found: _Named) -> Iterator[Found[tuple[str, ...]]]:
    for name in _TAGS:
        contents = list(_contents(found, (name,)))
        parts = [part for content, _ in contents for part in content.split(",")]
        if texts := tuple(dict.fromkeys(text for part in parts[:50] if (text := plain(part, 100)))):
            yield Found(texts, contents[0][1])


def _images(found: _Named) -> Iterator[Found[tuple[Image, ...]]]:
    alt = next(_texts(found, _IMAGE_ALT), None)
    for name in _IMAGE:
        if contents := list(_contents(found, (name,))):
            first, *others = (content for content, _ in contents[:10])
            yield Found((Image(first, alt.value if alt else None), *map(Image, others)), contents[0][1])
