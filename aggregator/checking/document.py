"""Any document of the site: what it is, and which checks that means."""

from collections.abc import Iterator

from lxml import etree

from aggregator.checking import api, feed, gone, link, page, rights, sitemap
from aggregator.checking.finding import Document, Fault, Finding
from aggregator.checking.owed import Register
from aggregator.checking.parsed import page as page_tree
from aggregator.checking.parsed import page_words, xml

_OK = 200
_FEEDS = frozenset({"application/atom+xml", "application/rss+xml", "application/feed+json"})
_MAPS = frozenset({"application/xml", "text/xml"})


def is_page(document: Document) -> bool:
    """Whether it is an HTML page; without a type, what begins with a tag of HTML is."""
    start = document.body.lstrip()[:200].lower()
    return document.media_type == "text/html" or (
        not document.media_type and start.startswith((b"<!doctype html", b"<html"))
    )


def is_feed(document: Document) -> bool:
    """Whether it is, or calls itself, a feed."""
    if document.media_type in _FEEDS:
        return True
    start = document.body.lstrip()[:1]
    return (
        not document.media_type
        and not is_page(document)
        and (start == b"{" or (start == b"<" and not is_sitemap(document)))
    )


def is_sitemap(document: Document) -> bool:
    """Whether it is a sitemap, or XML that cannot be read where one stands."""
    if document.media_type and document.media_type not in _MAPS:
        return False
    try:
        return sitemap.is_sitemap(xml(document.body))
    except etree.XMLSyntaxError:
        return document.media_type in _MAPS


def check(document: Document, register: Register) -> Iterator[Finding]:
    """Everything that is wrong with a document, by what it is; other kinds of files have no faults."""
    owed = register.at(document.url)
    if owed is not None and not owed.is_out:
        if owed.is_withdrawn:
            yield from gone.check(document)
        if is_page(document):
            words = page_words(page_tree(document.body))
            yield from rights.beyond(document, words, [owed])
    elif document.status != _OK:
        yield Finding(Fault.STATUS, document.url, "HTTP status", f"it answers {document.status}")
    elif is_page(document):
        yield from _page(document, register)
    elif is_feed(document):
        yield from feed.check(document, register)
    elif is_sitemap(document):
        yield from sitemap.check(document, register)
    elif api.is_list(document, register):
        yield from api.check(document, register)


def article(document: Document, register: Register) -> Iterator[Finding]:
    """Everything that is wrong with an article's page, also with one that the store does not know."""
    if register.at(document.url) is None:
        yield from page.check(document, None)
    yield from check(document, register)


def _page(document: Document, register: Register) -> Iterator[Finding]:
    tree = page_tree(document.body)
    owed = register.at(document.url)
    if owed is not None:
        yield from page.check(document, owed)
    yield from link.check(tree, document, register)
    linked = {register.number(address) for address in link.ours(tree, document.url, register)}
    met = [register.owed(number) for number in linked if number is not None]
    met += [owed]
    yield from rights.beyond(document, page_words(tree), {each.id: each for each in met if each}.values())
