"""A web page's tree, and the links in it."""

from typing import Any
from urllib.parse import urljoin

from lxml import etree, html

from aggregator.seeds.charset import decode


def tree(body: bytes, charset: str | None) -> Any | None:
    """The root of a page's lxml tree, or None if there is nothing in it.

    ``charset`` is that of the Content-Type header; the bytes and the page's own claim count more.
    """
    text = decode(body, charset)
    if not text.strip():
        return None
    try:
        parser = html.HTMLParser(encoding="utf-8", no_network=True)
        root: Any = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        # Nothing but comments, or not one element.
        return None
    return root


def base_of(root: Any, url: str) -> str:
    """What a page's relative links are resolved against: its ``<base href>``, else its URL."""
    for base in root.iter("base"):
        if base.get("href"):
            try:
                href: str = base.get("href")
                return urljoin(url, href.strip())
            except ValueError:
                break
    return url
