"""Addresses in lists: written as people and other programs write them."""

import re
import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from aggregator.interchange.listed import End, Listed, Refused
from aggregator.model.outlet import SeedKind
from aggregator.outlets import checks
from aggregator.urls import host

_FEED_SCHEME: Final = re.compile(r"^feed:(?://)?(?=https?://)|^feed:(?=//)", re.IGNORECASE)
_BARE_HOST: Final = re.compile(r"^[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?#]|$)")
_SITEMAP: Final = re.compile(r"sitemap|news-?map", re.IGNORECASE)
_FEED: Final = re.compile(
    r"(?:^|[/._?=&-])(?:feeds?|rss\d?|atom|rdf|xml|backend)(?:[/._?=&-]|$)|\.(?:xml|rss|rdf|atom)$"
    r"|feed\.json$",
    re.IGNORECASE,
)
_FEED_HOST: Final = re.compile(r"^(?:feeds?|rss|xml|syndication)\.(?=[^.]+\.)")
_SHOWN_CHARS: Final = 200


def address(text: str) -> str:
    """A text as a web address: ``feed:`` becomes http, a bare host gets https.

    Raises:
        ValueError: it is none; the message says what was expected.
    """
    cut = _FEED_SCHEME.sub("", text.strip())
    if cut.startswith("//"):
        cut = f"http:{cut}"
    elif "://" not in cut and _BARE_HOST.match(cut):
        cut = f"https://{cut}"
    try:
        return checks.web_address(cut)
    except ValueError:
        shown = text.strip()[:_SHOWN_CHARS]
        raise ValueError(f"expected an address that starts with http:// or https://; got {shown!r}") from None


def checked(entry: Listed) -> Listed | Refused:
    """The entry with whole addresses, or why it has none that can be used.

    A home page that is no address is left out where the seed is one.
    """
    if not entry.address.strip():
        return Refused(entry.line, End.NO_ADDRESS, entry.name[:_SHOWN_CHARS] or "nothing but an empty entry")
    try:
        seed = address(entry.seed) if entry.seed.strip() else ""
    except ValueError as error:
        return Refused(entry.line, End.ADDRESS, str(error))
    try:
        homepage = address(entry.homepage) if entry.homepage.strip() else ""
    except ValueError as error:
        if not seed:
            return Refused(entry.line, End.ADDRESS, str(error))
        homepage = ""
    return replace(entry, seed=seed, homepage=homepage)


def bare(line: int, text: str) -> Listed:
    """The entry of an address alone: a feed or a sitemap by its look, else a home page."""
    parts = text.partition("://")[2] or text
    path = parts[parts.find("/") :] if "/" in parts else ""
    if _SITEMAP.search(path):
        return Listed(line, seed=text, kind=SeedKind.SITEMAP)
    if _FEED.search(path) or _FEED_HOST.match(parts) or text.lower().startswith("feed:"):
        return Listed(line, seed=text)
    return Listed(line, homepage=text)


def home_of(seed: str) -> str:
    """The likely home page behind a seed of which nothing else is known.

    The front page of its host, without a first label such as ``feeds.``; the seed itself where its host
    carries the feeds of many (FeedBurner): one of them is not another's outlet.
    """
    if is_carrier(seed):
        return seed
    parts = urlsplit(seed)
    return f"{parts.scheme}://{_FEED_HOST.sub('', parts.netloc)}/"


def is_carrier(url: str) -> bool:
    """Whether a host carries the feeds or pages of many outlets (``carriers.toml``)."""
    name = host(url).removeprefix("www.")
    return any(name == carrier or name.endswith(f".{carrier}") for carrier in _carriers())


@cache
def _carriers() -> tuple[str, ...]:
    data = tomllib.loads(Path(__file__).with_name("carriers.toml").read_text(encoding="utf-8"))
    return tuple(data["hosts"])
