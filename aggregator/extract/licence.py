"""The licence that a page declares for its text."""

import re

from lxml.html import HtmlElement

from aggregator.extract.claims import Found
from aggregator.extract.plain import plain

_CREATIVE_COMMONS = re.compile(
    r"creativecommons\.org/(?:licenses/(?P<terms>by(?:-nc)?(?:-sa|-nd)?)|publicdomain/(?P<free>zero|mark))/(?P<version>\d\.\d)",
    re.IGNORECASE,
)
_LICENCE_LINKS = './/link[@href and contains(@rel, "license")] | .//a[@href and contains(@rel, "license")]'
# A licence inside one of these is a picture's.
_PICTURES = frozenset({"figure", "figcaption", "picture"})


def find(tree: HtmlElement, claimed: Found[str] | None) -> Found[str] | None:
    """The licence from ``rel=license`` (not a picture's), else the one claimed in metadata or feed.

    Creative Commons addresses become SPDX identifiers (``CC-BY-4.0``); anything else stays as written.
    """
    for link in tree.xpath(_LICENCE_LINKS):
        if "license" in link.get("rel", "").lower().split() and not _is_of_picture(link):
            return Found(named(link.get("href")), f"{link.tag}:rel=license")
    return Found(named(claimed.value), claimed.source) if claimed else None


def stated(found: Found[str] | None) -> list[Found[str]]:
    """The licence claimed in metadata or feed, named as ``find`` names it; nothing if none is."""
    return [Found(named(found.value), found.source)] if found else []


def named(licence: str) -> str:
    """A Creative Commons address as its SPDX identifier; other text comes back plain."""
    found = _CREATIVE_COMMONS.search(licence)
    if found is None:
        return plain(licence, 300)
    if found["terms"]:
        return f"CC-{found['terms'].upper()}-{found['version']}"
    return f"CC0-{found['version']}" if found["free"].lower() == "zero" else f"CC-PDM-{found['version']}"


def _is_of_picture(link: HtmlElement) -> bool:
    return any(parent.tag in _PICTURES for parent in link.iterancestors())
