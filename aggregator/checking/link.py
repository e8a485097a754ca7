"""Links: where a page of ours leads to on our site, and whether that is still there."""

from collections.abc import Iterator
from urllib.parse import urldefrag, urljoin

from aggregator.checking.finding import Document, Fault, Finding
from aggregator.checking.owed import Register
from aggregator.checking.parsed import Tree

_PLACES = "//a[@href] | //link[@href] | //form[@action]"


def ours(tree: Tree, url: str, register: Register) -> list[str]:
    """The addresses of our site that a page links, each once, in order, without fragments."""
    met = dict[str, None]()
    for element in tree.xpath(_PLACES):
        address = urldefrag(urljoin(url, element.get("href") or element.get("action") or "")).url
        if register.is_ours(address):
            met[address] = None
    return list(met)


def check(tree: Tree, document: Document, register: Register) -> Iterator[Finding]:
    """A finding for each link to an article that is not out any more."""
    for address in ours(tree, document.url, register):
        owed = register.at(address)
        if owed is not None and not owed.is_out:
            message = f"it links {address}, and article {owed.id} is not out any more"
            yield Finding(Fault.LINK_WITHDRAWN, document.url, "a[href]", message)
