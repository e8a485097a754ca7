"""Discovery: what a home page and its robots.txt tell about an outlet."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError

from aggregator.seeds.page import base_of, tree
from aggregator.seeds.plain import plain
from aggregator.urls import absolute, host, url_key

_NAME_CHARS = 80
_MOST_FOUND = 50
_FEED_TYPES = ("rss", "atom", "rdf", "feed+json", "feed")
# Feeds of single pages or of comments, which hold no articles of their own.
_NO_NEWS = re.compile(r"comment|kommentar|commentaire|comentario|/wp-json/|oembed", re.IGNORECASE)
_ROBOTS_SITEMAP = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_TITLE_JOINT = re.compile(r"\s+[|–—·•:-]\s+")
_PUBLISHERS = frozenset({"NewsMediaOrganization", "Organization", "WebSite"})


@dataclass(frozen=True, slots=True)
class Discovered:
    """What a home page tells about its outlet; None and empty where it tells nothing.

    ``feeds``, ``sitemaps`` and ``licence`` are URLs, ``language`` is a BCP 47 tag, ``country`` an ISO 3166-1
    alpha-2 code.
    """

    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    language: str | None = None
    country: str | None = None
    name: str | None = None
    licence: str | None = None


def discover(body: bytes, charset: str | None, url: str) -> Discovered:
    """What a home page tells about its outlet: pure, from its bytes alone.

    ``url`` is the page's final address. The country comes from the language's region or a national
    top-level domain.
    """
    root = tree(body, charset)
    if root is None:
        return Discovered(country=country_of(None, url))
    base = base_of(root, url)
    language, region = _language(root)
    licences = (_joined(el, base) for el in root.xpath("//link[@href]|//a[@href]") if "license" in _rel(el))
    sitemaps = (_joined(el, base) for el in root.iter("link") if "sitemap" in _rel(el))
    return Discovered(
        feeds=tuple(_feeds(root, base)),
        sitemaps=tuple(dict.fromkeys(filter(None, sitemaps))),
        language=language,
        country=country_of(region, url),
        name=_name(root, url),
        licence=next(filter(None, licences), None),
    )


def sitemaps_of(robots_txt: str, url: str) -> tuple[str, ...]:
    """The sitemaps that a robots.txt names (RFC 9309 allows the line anywhere), news sitemaps first."""
    named = (absolute(url, line) for line in _ROBOTS_SITEMAP.findall(robots_txt))
    found = list(dict.fromkeys(filter(None, named)))[:_MOST_FOUND]
    return tuple(sorted(found, key=lambda sitemap: "news" not in urlsplit(sitemap).path.lower()))


def _rel(element: Any) -> set[str]:
    return set((element.get("rel") or "").lower().split())


def _joined(element: Any, base: str) -> str | None:
    return absolute(base, element.get("href") or "")


def _feeds(root: Any, base: str) -> Iterator[str]:
    seen = set[str]()
    for link in root.iter("link", "a"):
        kind = (link.get("type") or "").lower()
        if "alternate" not in _rel(link) or not any(word in kind for word in _FEED_TYPES):
            continue
        url = _joined(link, base)
        if url is None or url_key(url) in seen or any(map(_NO_NEWS.search, (url, link.get("title") or ""))):
            continue
        seen.add(url_key(url))
        yield url
        if len(seen) >= _MOST_FOUND:
            return


def _language(root: Any) -> tuple[str | None, str | None]:
    """The page's language tag and the region in it, from html lang, content-language or og:locale."""
    claims = (root.get("lang"), root.get("{http://www.w3.org/XML/1998/namespace}lang"))
    metas = (_meta(root, "http-equiv", "content-language"), _meta(root, "property", "og:locale"))
    for claim in (*claims, *metas):
        try:
            locale = Locale.parse(
                (claim or "").strip().replace("_", "-"), sep="-", resolve_likely_subtags=False
            )
        except (ValueError, UnknownLocaleError, TypeError):
            continue
        parts = (locale.language, locale.script, locale.territory)
        return "-".join(filter(None, parts)), locale.territory
    return None, None


def _meta(root: Any, attribute: str, value: str) -> str | None:
    for meta in root.iter("meta"):
        if (meta.get(attribute) or "").strip().lower() == value:
            content: str | None = meta.get("content")
            return content
    return None


def country_of(region: str | None, url: str) -> str | None:
    """The country of a site: its national top-level domain, else the region of its language."""
    top = host(url).rpartition(".")[2].upper()
    # .uk is the one national domain that is not its country's code; .eu and .su are no countries.
    top = {"UK": "GB"}.get(top, top)
    national = len(top) == len("XX") and top in Locale("en").territories and top not in {"EU", "UN", "SU"}
    # Letters that are sold to everybody tell nothing.
    generic = top in {"IO", "TV", "ME", "CO", "AI", "FM", "CC", "TO", "LY", "WS", "GG", "AC", "SH"}
    return top if national and not generic else region if region and region.isalpha() else None


def _name(root: Any, url: str) -> str | None:
    """The outlet's name: og:site_name, the publisher in JSON-LD, or a part of the title."""
    claims = [
        _meta(root, "property", "og:site_name"),
        *_publishers(root),
        _meta(root, "name", "application-name"),
    ]
    for claim in claims:
        name = plain(claim, _NAME_CHARS)
        if name:
            return name
    title = plain(next((el.text_content() for el in root.iter("title")), None), 3 * _NAME_CHARS)
    parts = _TITLE_JOINT.split(title) if title else []
    bare = re.sub(r"[\W_]+", "", host(url)).lower()
    known = [part for part in parts if re.sub(r"[\W_]+", "", part).lower() in bare and len(part) > 1]
    return (known or parts or [None])[0]


def _publishers(root: Any) -> Iterator[str]:
    for script in root.iter("script"):
        if (script.get("type") or "").lower() != "application/ld+json":
            continue
        try:
            data = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        things = data.get("@graph", [data]) if isinstance(data, dict) else data
        for thing in things if isinstance(things, list) else ():
            kind = thing.get("@type") if isinstance(thing, dict) else None
            kinds = kind if isinstance(kind, list) else [kind]
            if _PUBLISHERS & {one for one in kinds if isinstance(one, str)} and isinstance(
                thing.get("name"), str
            ):
                yield thing["name"]
