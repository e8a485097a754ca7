"""The page's meta tags: OpenGraph, article:*, Dublin Core, parsely and their kin."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from lxml.html import HtmlElement

from aggregator.extract.byline import names
from aggregator.extract.claims import Claims, Found, Moment
from aggregator.extract.dates import moment
from aggregator.extract.plain import plain

_MOST_TAGS = 400
_HEADLINE = (
    "og:title", "headline", "sailthru.title", "parsely-title", "citation_title", "dc.title",
    "dcterms.title",
    "twitter:title", "title",
)  # fmt: skip
_DEK = ("og:description", "description", "sailthru.description", "dc.description", "twitter:description")
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
_SITE = ("og:site_name", "application-name", "dc.publisher", "publisher", "twitter:site", "copyright")
_IMAGE = ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src", "image")
_ORIGINAL = ("original-source", "syndication-source")
_LICENCE = ("dcterms.license", "dcterms.rights.license", "dc.rights.license", "license")
Tags = Mapping[str, list[str]]


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


def claims(found: Tags, latest: datetime) -> Claims:
    """What the meta tags say of the article."""
    return Claims(
        headline=_first(found, _HEADLINE),
        dek=_first(found, _DEK),
        byline=_byline(found),
        published=_moment(found, _PUBLISHED, latest),
        modified=_moment(found, _MODIFIED, latest),
        section=_first(found, _SECTION),
        tags=_tags(found),
        site_name=_site_name(found),
        licence=_first(found, _LICENCE),
        original=_first(found, _ORIGINAL),
        images=_images(found),
    )


def _first(found: Tags, wanted: tuple[str, ...]) -> Found[str] | None:
    for name in wanted:
        for content in found.get(name, ()):
            if text := plain(content):
                return Found(text, f"meta:{name}")
    return None


def _site_name(found: Tags) -> Found[str] | None:
    name = _first(found, _SITE)
    return Found(name.value.lstrip("@"), name.source) if name and name.value.lstrip("@") else None


def _byline(found: Tags) -> Found[tuple[str, ...]] | None:
    for name in _BYLINE:
        if people := names(found.get(name, ())):
            return Found(people, f"meta:{name}")
    return None


def _moment(found: Tags, wanted: tuple[str, ...], latest: datetime) -> Found[Moment] | None:
    for name in wanted:
        for content in found.get(name, ()):
            if at := moment(content, latest):
                return Found(at, f"meta:{name}")
    return None


def _tags(found: Tags) -> Found[tuple[str, ...]] | None:
    for name in _TAGS:
        parts = [part for content in found.get(name, ()) for part in content.split(",")]
        if texts := tuple(dict.fromkeys(text for part in parts[:50] if (text := plain(part, 100)))):
            return Found(texts, f"meta:{name}")
    return None


def _images(found: Tags) -> Found[tuple[str, ...]] | None:
    for name in _IMAGE:
        if name in found:
            return Found(tuple(found[name][:10]), f"meta:{name}")
    return None
