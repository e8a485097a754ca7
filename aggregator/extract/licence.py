"""The licence that a page declares for its text."""

from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement

from aggregator import licences
from aggregator.extract.claims import Found
from aggregator.extract.links import Links
from aggregator.extract.plain import plain

# A licence inside one of these is a picture's.
_PICTURES = frozenset({"figure", "figcaption", "picture"})


def find(links: Links, claimed: Found[str] | None) -> Found[str] | None:
    """The licence from ``rel=license`` (not a picture's), else the one claimed in metadata or feed.

    Creative Commons addresses become SPDX identifiers (``CC-BY-4.0``); anything else stays as written.
    """
    linked = next(_linked(links), None)
    return linked or (Found(named(claimed.value), claimed.source) if claimed else None)


def stated(links: Links, claimed: Sequence[Found[str]]) -> list[Found[str]]:
    """Every licence that page and feed state, named as ``find`` names it: any may be the narrowest."""
    return [*_linked(links), *(Found(named(one.value), one.source) for one in claimed)]


def _linked(links: Links) -> Iterator[Found[str]]:
    for link in links.licences():
        if not _is_of_picture(link.element):
            yield Found(named(link.href or ""), f"{link.element.tag}:rel=license")


def named(licence: str) -> str:
    """A Creative Commons address as its SPDX identifier; other text comes back plain."""
    known = licences.named(licence)
    return known if known != licence else plain(licence, 300)


def _is_of_picture(link: HtmlElement) -> bool:
    return any(parent.tag in _PICTURES for parent in link.iterancestors())
