"""Places: where a check of the whole site begins, and what a saved file was."""

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote, urlsplit

from lxml import etree

from aggregator.checking.finding import Document
from aggregator.checking.parsed import page
from aggregator.model.edition import PublicationState
from aggregator.site.links import Links


def starts(links: Links, numbers: Mapping[PublicationState, Sequence[int]]) -> Iterator[str]:
    """The site's own pages and files, and every article that went out, withdrawn or not."""
    paths = (
        links.front(), links.outlets(), links.search(), links.about(), links.sitemap(), links.news_sitemap(),
        links.opml(), links.api("/articles", limit="100", blocks="true"),
        *(links.feed(kind) for kind in ("atom", "rss", "json")),
    )  # fmt: skip
    yield from map(links.absolute, paths)
    for state in (PublicationState.PUBLISHED, PublicationState.WITHDRAWN):
        yield from (links.absolute(links.permanent(number)) for number in numbers[state])


def saved(body: bytes, name: str) -> Document:
    """A saved document, under the address that it gives itself; under its file's name if it gives none."""
    return Document(_own_address(body) or name, 200, {}, body)


def _own_address(body: bytes) -> str | None:
    try:
        tree = page(body)
    except (etree.LxmlError, ValueError):
        return None
    found = tree.xpath("//meta[@property='og:url']/@content")
    return str(found[0]) if found else None


def is_address(text: str) -> bool:
    """Whether somebody means an address and not a file."""
    return urlsplit(unquote(text)).scheme in {"http", "https"}
