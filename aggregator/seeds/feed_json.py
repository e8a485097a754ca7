"""Feeds in JSON: JSON Feed 1 and 1.1 (jsonfeed.org)."""

import json
from collections.abc import Iterator
from typing import Any

from aggregator.errors import FeedError
from aggregator.seeds.listed import Listed


def read_json(text: str, url: str) -> Iterator[Listed]:
    """The items of a JSON Feed; fields of a wrong type are passed over.

    Raises:
        FeedError: not JSON, or JSON that is no feed.
    """
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FeedError(f"{url}: is broken JSON: {error}; ask the outlet for its feed's address") from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise FeedError(f"{url}: is JSON without the items of a JSON Feed: correct the seed's address")
    return (_listed(item) for item in items if isinstance(item, dict))


def _listed(item: dict[str, Any]) -> Listed:
    guid = item.get("id")
    named = guid if isinstance(guid, str) and guid.startswith(("http://", "https://")) else None
    links = (_text(item, "url"), _text(item, "external_url"), named)
    return Listed(
        links=tuple(link for link in links if link),
        guid=str(guid) if isinstance(guid, str | int | float) else None,
        headline=_text(item, "title"),
        dek=_text(item, "summary"),
        credits=tuple(_credits(item)),
        published=_text(item, "date_published"),
        updated=_text(item, "date_modified"),
    )


def _text(item: dict[str, Any], key: str) -> str | None:
    value = item.get(key)
    return value.strip() or None if isinstance(value, str) else None


def _credits(item: dict[str, Any]) -> Iterator[str]:
    authors = item.get("authors") or [item.get("author")]
    for author in authors if isinstance(authors, list) else ():
        if isinstance(author, dict) and (credit := _text(author, "name")):
            yield credit
