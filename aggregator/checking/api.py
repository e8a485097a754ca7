"""Lists of articles in the API: what they carry, held against what is owed."""

import json
from collections.abc import Iterator
from typing import Any

from aggregator.checking import rights
from aggregator.checking.finding import Document, Fault, Finding
from aggregator.checking.owed import Owed, Register
from aggregator.checking.parsed import json_words
from aggregator.checking.words import bare

Json = dict[str, Any]


def is_list(document: Document, register: Register) -> bool:
    """Whether it is a list of articles of the API."""
    start = register.base_url.rstrip("/") + "/api/v1/articles"
    return document.media_type == "application/json" and document.url.partition("?")[0] == start


def following(document: Document) -> str | None:
    """The address of the next page; None behind the last, or if it cannot be read."""
    found = _read(document).get("next")
    return found if isinstance(found, str) else None


def check(document: Document, register: Register) -> Iterator[Finding]:
    """What is wrong with a list of articles."""
    told = _read(document)
    items = [each for each in told.get("items", ()) if isinstance(each, dict)]
    if "items" not in told:
        yield Finding(Fault.API_BROKEN, document.url, "document", "it is no list of articles")
    met = []
    for place, item in enumerate(items, start=1):
        number = item.get("number")
        owed = register.owed(number) if isinstance(number, int) else None
        if owed is None or not owed.is_out:
            message = f"article {number} is not out"
            yield Finding(Fault.API_WITHDRAWN, document.url, f"items[{place}]", message)
        else:
            met.append(owed)
            yield from _item(document, f"items[{place}]", item, owed)
    yield from rights.beyond(document, json_words(told), met)


def _item(document: Document, place: str, item: Json, owed: Owed) -> Iterator[Finding]:
    text = "\n".join(str(block.get("text", "")) for block in item.get("blocks") or ())
    yield from rights.shown(document, place, text, owed)
    said = {
        "outlet": item.get("outlet", {}).get("name"),
        "source": item.get("source", {}).get("url"),
        "authors": sorted(item.get("authors", ())),
        "licence": item.get("licence") or "",
        "licence_url": item.get("licence_url"),
        "credit": bare(str(item.get("credit", ""))),
    }
    meant = {
        "outlet": owed.outlet,
        "source": owed.source,
        "authors": sorted(owed.authors),
        "licence": owed.licence,
        "licence_url": owed.licence_url,
        "credit": bare(owed.credit),
    }
    for name, value in meant.items():
        if said[name] != value:
            message = f"{name} is {said[name]!r}; expected {value!r}"
            yield Finding(Fault.API_CREDIT, document.url, f"{place}.{name}", message)


def _read(document: Document) -> Json:
    try:
        value = json.loads(document.body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
