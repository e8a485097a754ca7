"""Sitemaps: well-formed, of this site, without what search engines may not list."""

from collections.abc import Iterator

from lxml import etree

from aggregator.checking.finding import Document, Fault, Finding
from aggregator.checking.owed import Register
from aggregator.checking.parsed import Tree, xml

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def check(document: Document, register: Register) -> Iterator[Finding]:
    """What is wrong with a sitemap or a news sitemap."""
    try:
        places = addresses(document)
    except etree.XMLSyntaxError as error:
        message = f"it is not well-formed: {error}"
        yield Finding(Fault.SITEMAP_BROKEN, document.url, "document", message)
        return
    for number, address in enumerate(places, start=1):
        place = f"url {number}"
        if not register.is_ours(address):
            message = f"{address!r} is no address of this site"
            yield Finding(Fault.SITEMAP_ADDRESS, document.url, place, message)
        owed = register.at(address)
        if owed is None:
            continue
        if not owed.is_out:
            yield Finding(Fault.SITEMAP_WITHDRAWN, document.url, place, f"article {owed.id} is not out")
        elif not owed.may_index:
            message = f"article {owed.id} asks search engines to stay away"
            yield Finding(Fault.SITEMAP_NOINDEX, document.url, place, message)


def is_sitemap(root: Tree) -> bool:
    """Whether this is the root of a sitemap."""
    return bool(root.tag == f"{{{NAMESPACE}}}urlset")


def addresses(document: Document) -> list[str]:
    """All addresses that a sitemap lists.

    Raises:
        etree.XMLSyntaxError: it is not well-formed.
    """
    return [(loc.text or "").strip() for loc in xml(document.body).iter(f"{{{NAMESPACE}}}loc")]
