"""The article's JSON-LD: parsed, typed, and in agreement with what is stored."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from aggregator.checking.finding import Fault, Finding
from aggregator.checking.owed import Owed
from aggregator.checking.parsed import Tree
from aggregator.urls import is_web

Data = dict[str, Any]

_PLACE = "script[type='application/ld+json']"
_TEXTS = ("headline", "inLanguage", "creditText", "articleSection")
_DATES = ("datePublished", "dateModified", "sdDatePublished")
_ADDRESSES = ("url", "isBasedOn", "mainEntityOfPage")
_PARTIES = ("publisher", "sdPublisher", "copyrightHolder")
_REQUIRED = ("headline", "url", "author", "publisher", "sdPublisher", "copyrightHolder", "creditText")


def check(tree: Tree, url: str, owed: Owed | None) -> Iterator[Finding]:
    """What is wrong with the NewsArticle of a page; ``owed`` is None where the article is not known."""
    found = tree.xpath("//script[@type='application/ld+json']")
    articles = []
    for script in found:
        try:
            articles += _articles(json.loads(script.text or ""))
        except ValueError as error:
            yield Finding(Fault.DATA_BROKEN, url, _PLACE, f"it is no JSON: {error}")
            return
    if len(articles) != 1:
        yield Finding(Fault.DATA_MISSING, url, _PLACE, f"it holds {len(articles)} NewsArticle; expected one")
        return
    yield from _shape(articles[0], url)
    if owed is not None:
        yield from _values(articles[0], url, owed)


def _articles(value: object) -> list[Data]:
    """The NewsArticle objects of a script: alone, in a list, or in a graph."""
    if isinstance(value, list):
        return [found for each in value for found in _articles(each)]
    if not isinstance(value, dict):
        return []
    if "@graph" in value:
        return _articles(value["@graph"])
    kinds = value.get("@type")
    return [value] if "NewsArticle" in (kinds if isinstance(kinds, list) else [kinds]) else []


def _shape(data: Data, url: str) -> Iterator[Finding]:
    """Whether each property that is there has the type that schema.org gives it, and none is missing."""
    if data.get("@context") not in {"https://schema.org", "http://schema.org"}:
        yield Finding(Fault.DATA_VALUE, url, _at("@context"), "it is not https://schema.org")
    for name in _REQUIRED:
        if data.get(name) in (None, "", [], {}):
            yield Finding(Fault.DATA_PROPERTY, url, _at(name), f"NewsArticle has no {name}")
    yield from _types(data, url)
    yield from _parties(data, url)


def _types(data: Data, url: str) -> Iterator[Finding]:
    for name in _TEXTS:
        if name in data and not isinstance(data[name], str):
            yield _wrong_type(url, name, "text")
    for name in _DATES:
        if name in data and not is_moment(data[name]):
            yield _wrong_type(url, name, "a date with time and zone (ISO 8601)")
    for name in _ADDRESSES:
        if name in data and not (isinstance(data[name], str) and is_web(data[name])):
            yield _wrong_type(url, name, "an absolute URL")
    if not isinstance(data.get("isAccessibleForFree", True), bool):
        yield _wrong_type(url, "isAccessibleForFree", "true or false")


def _parties(data: Data, url: str) -> Iterator[Finding]:
    for name in _PARTIES:
        if name in data and not _is_party(data[name], {"Organization", "NewsMediaOrganization", "Person"}):
            yield _wrong_type(url, name, "an Organization with a name")
    authors = data.get("author", [])
    for author in authors if isinstance(authors, list) else [authors]:
        if not _is_party(author, {"Person", "Organization", "NewsMediaOrganization"}):
            yield _wrong_type(url, "author", "a Person or an Organization with a name")


def _values(data: Data, url: str, owed: Owed) -> Iterator[Finding]:
    """Whether the data says of the article what the store says."""
    names = [each.get("name") for each in _listed(data.get("author")) if isinstance(each, dict)]
    licence = owed.licence_url or owed.licence
    expected: tuple[tuple[str, object, object], ...] = (
        ("headline", data.get("headline"), owed.headline),
        ("isBasedOn", data.get("isBasedOn"), owed.source),
        ("creditText", data.get("creditText"), owed.credit),
        ("license", data.get("license"), licence or None),
        ("publisher", _name(data.get("publisher")), owed.outlet),
        ("copyrightHolder", _name(data.get("copyrightHolder")), owed.outlet),
        ("author", names, list(owed.authors or (owed.outlet,))),
    )
    for name, said, meant in expected:
        if said is None and meant is not None:
            yield Finding(Fault.DATA_PROPERTY, url, _at(name), f"NewsArticle has no {name}")
        elif said != meant:
            yield Finding(Fault.DATA_VALUE, url, _at(name), f"it says {said!r} where {meant!r} is stored")
    if "image" in data and not owed.has_pictures:
        message = "it shows a picture, which the card does not allow"
        yield Finding(Fault.RIGHTS_PICTURE, url, _at("image"), message)


def is_moment(value: object) -> bool:
    """Whether a value is a moment as RFC 3339 writes it, with its zone."""
    if not isinstance(value, str) or "T" not in value.upper():
        return False
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _name(value: object) -> object:
    return value.get("name") if isinstance(value, dict) else None


def _is_party(value: object, kinds: set[str]) -> bool:
    return isinstance(value, dict) and value.get("@type") in kinds and bool(value.get("name"))


def _wrong_type(url: str, name: str, expected: str) -> Finding:
    return Finding(Fault.DATA_TYPE, url, _at(name), f"{name} is not {expected}")


def _at(name: str) -> str:
    return f"{_PLACE} {name}"
