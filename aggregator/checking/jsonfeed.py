"""JSON Feed documents: what version 1.1 asks for."""

from collections.abc import Iterator
from typing import Any

from aggregator.checking.entries import Entry
from aggregator.checking.finding import Document, Fault, Finding
from aggregator.checking.linkeddata import is_moment
from aggregator.checking.words import untagged
from aggregator.urls import is_web

Json = dict[str, Any]

_VERSION = "https://jsonfeed.org/version/1.1"


def is_json_feed(value: object) -> bool:
    """Whether a JSON value is meant as a JSON Feed."""
    return isinstance(value, dict) and "jsonfeed.org" in str(value.get("version"))


def check(feed: Json, document: Document) -> Iterator[Finding]:
    """What the format forbids or misses in it."""
    if feed.get("version") != _VERSION:
        message = f"its version is {feed.get('version')!r}; expected {_VERSION}"
        yield Finding(Fault.FEED_VALUE, document.url, "version", message)
    if not isinstance(feed.get("title"), str) or not feed["title"]:
        yield Finding(Fault.FEED_ELEMENT, document.url, "title", "there is no title")
    if not isinstance(feed.get("items"), list):
        yield Finding(Fault.FEED_ELEMENT, document.url, "items", "there is no list of items")
        return
    for name in ("home_page_url", "feed_url", "next_url"):
        yield from _address(feed, name, document, name)
    for number, item in enumerate(feed["items"], start=1):
        yield from _item(item, document, f"items[{number}]")
    for stone in feed.get("_deleted", []):
        if not stone.get("id") or not is_moment(stone.get("date_deleted")):
            message = "a deleted item needs id and date_deleted"
            yield Finding(Fault.FEED_ELEMENT, document.url, "_deleted", message)


def entries(feed: Json) -> list[Entry]:
    """The items of the feed, in order."""
    return [_entry(item, number) for number, item in enumerate(feed.get("items", []), start=1)]


def gone(feed: Json) -> list[str]:
    """The ids of the tombstones."""
    return [str(stone.get("id")) for stone in feed.get("_deleted", [])]


def _item(item: object, document: Document, place: str) -> Iterator[Finding]:
    if not isinstance(item, dict):
        yield Finding(Fault.FEED_ELEMENT, document.url, place, "it is no object")
        return
    if not isinstance(item.get("id"), str) or not item["id"]:
        yield Finding(Fault.FEED_ELEMENT, document.url, place, "it has no id that is text")
    if not isinstance(item.get("content_html", item.get("content_text")), str):
        message = "it has neither content_html nor content_text"
        yield Finding(Fault.FEED_ELEMENT, document.url, place, message)
    for name in ("url", "external_url", "image"):
        yield from _address(item, name, document, f"{place}.{name}")
    for name in ("date_published", "date_modified"):
        if name in item and not is_moment(item[name]):
            message = f"{item[name]!r} is no date by RFC 3339"
            yield Finding(Fault.FEED_DATE, document.url, f"{place}.{name}", message)
    if "authors" in item and not all(
        isinstance(each, dict) and (each.get("name") or each.get("url")) for each in item["authors"]
    ):
        message = "an author is an object with name or url"
        yield Finding(Fault.FEED_VALUE, document.url, f"{place}.authors", message)


def _address(value: Json, name: str, document: Document, place: str) -> Iterator[Finding]:
    if name in value and not (isinstance(value[name], str) and is_web(value[name])):
        message = f"{value[name]!r} is no absolute address"
        yield Finding(Fault.FEED_ADDRESS, document.url, place, message)


def _entry(item: Json, number: int) -> Entry:
    said = item.get("_rights") or {}
    whole = item.get("content_html")
    return Entry(
        place=f"items[{number}]",
        id=str(item.get("id", "")),
        link=str(item.get("url", "")),
        source_name=str(said.get("outlet", "")),
        original=str(item.get("external_url", "")),
        authors=tuple(str(each.get("name", "")) for each in item.get("authors", [])),
        licence=str(said.get("license_url", "")),
        rights=str(said.get("credit", "")),
        text=untagged(str(whole or item.get("content_text", ""))),
        is_whole=bool(whole),
        pictures=tuple(str(item[name]) for name in ("image", "banner_image") if item.get(name)),
    )
