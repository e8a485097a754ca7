"""Feeds in XML: RSS 0.9x to 2.0, RDF, Atom 0.3 and 1.0, read as a stream."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin

from aggregator.errors import FeedError
from aggregator.seeds.listed import Listed
from aggregator.seeds.xml import elements, forget, name, text_of

_ROOTS = frozenset({"rss", "feed", "rdf:rdf", "rdf", "channel"})
_ITEMS = frozenset({"item", "entry"})
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_RESOURCE = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource"
_LICENCES = ("cc:license", "cc:licence", "dcterms:license", "media:license", "license")
_RIGHTS = ("rights", "dc:rights", "dcterms:rights", "copyright", "media:copyright")
_NOT_FEEDS = {
    "html": 'is HTML, not a feed: give the feed\'s own address, or make the seed kind = "section"',
    "urlset": 'is a sitemap, not a feed: make the seed kind = "sitemap"',
    "sitemapindex": 'is a sitemap index, not a feed: make the seed kind = "sitemap"',
    "opml": "is a list of feeds (OPML), not a feed: give one of its feeds",
}
_Fields = Mapping[str, list[Any]]


def not_a_feed(root: str) -> str:
    """What to tell about a document whose root element is no feed's."""
    advice = "is not a feed: open it in a browser and correct the seed's address"
    return _NOT_FEEDS.get(root.rpartition(":")[2], f"<{root}> {advice}" if root else advice)


def read_xml(text: str, url: str) -> Iterator[Listed]:
    """The items of a feed, as they are met.

    Raises:
        FeedError: the root element is not that of a feed.
        lxml.etree.XMLSyntaxError: not well-formed at the place reached.
    """
    licence: str | None = None
    rights: str | None = None
    depth = 0
    for event, element in elements(text):
        if event == "start":
            depth += 1
            if depth == 1 and name(element) not in _ROOTS:
                raise FeedError(f"{url}: {not_a_feed(name(element))}")
            continue
        depth -= 1
        kind = name(element)
        if kind in _ITEMS:
            yield _listed(element, licence, rights)
            forget(element)
        elif _is_of_feed(element):
            licence = licence or _licence_in(kind, element)
            if rights is None and kind in _RIGHTS:
                rights = text_of(element).strip() or None


def _is_of_feed(element: Any) -> bool:
    parent = element.getparent()
    return parent is not None and name(parent) in {"channel", "feed"}


def _listed(item: Any, licence: str | None, rights: str | None) -> Listed:
    """An item; licence and rights are the feed's where it has none of its own."""
    fields: _Fields = defaultdict(list)
    for child in item.iterchildren("*"):
        fields[name(child)].append(child)
    licences = (_licence_in(key, child) for key in (*_LICENCES, "link") for child in fields.get(key, ()))
    return Listed(
        links=tuple(_links(item, fields)),
        guid=_first(fields, "guid", "id", "dc:identifier") or item.get(_ABOUT),
        headline=_first(fields, "title", "dc:title", "media:title"),
        dek=_first(fields, "summary", "description", "dc:description", "tagline"),
        credits=tuple(_credits(fields)),
        published=_first(
            fields, "pubdate", "published", "issued", "dcterms:issued", "dc:date", "dcterms:created", "date"
        ),
        updated=_first(fields, "updated", "modified", "dcterms:modified"),
        licence=next(filter(None, licences), licence),
        rights=_first(fields, *_RIGHTS) or rights,
    )


def _first(fields: _Fields, *keys: str) -> str | None:
    """The first field with text, in the order of the keys."""
    return next((text for key in keys for el in fields.get(key, ()) if (text := text_of(el).strip())), None)


def _links(item: Any, fields: _Fields) -> Iterator[str]:
    """Candidates for the article's URL, best first."""
    # FeedBurner puts its counting redirect into <link> and the real address here.
    yield from filter(None, [_first(fields, "feedburner:origlink", "pheedo:origlink")])
    links = fields.get("link", [])
    # False sorts before True: pages before PDFs, the order of the feed otherwise.
    for link in sorted(filter(_is_alternate, links), key=lambda el: not _is_html(el)):
        yield _joined(link, link.get("href"))
    yield from (_joined(el, text) for el in links if (text := text_of(el).strip()))
    for guid in fields.get("guid", ()):
        if (guid.get("isPermaLink") or "true").strip().lower() != "false":
            yield from _if_absolute(text_of(guid))
    yield from _if_absolute(item.get(_ABOUT) or "")
    yield from (_joined(el, el.get("src")) for el in fields.get("content", ()) if _is_page(el))
    for identity in fields.get("id", ()):
        yield from _if_absolute(text_of(identity))


def _if_absolute(identity: str) -> Iterator[str]:
    """An identifier that may serve as address; ``12345`` would join to a page that never was."""
    identity = identity.strip()
    if identity.lower().startswith(("http://", "https://")):
        yield identity


def _is_alternate(link: Any) -> bool:
    return bool(link.get("href")) and (link.get("rel") or "alternate").strip().lower() == "alternate"


def _is_html(link: Any) -> bool:
    return "html" in (link.get("type") or "text/html").lower()


def _is_page(content: Any) -> bool:
    return bool(content.get("src")) and "html" in (content.get("type") or "").lower()


def _joined(element: Any, link: str) -> str:
    """A link joined to the ``xml:base`` of its element and of those around it."""
    link = link.strip()
    holder = element
    while holder is not None:
        base = holder.get(_BASE)
        if base:
            try:
                link = urljoin(base.strip(), link)
            except ValueError:
                # "http://[broken" cannot be joined to anything.
                return link
        holder = holder.getparent()
    return link


def _credits(fields: _Fields) -> Iterator[str]:
    for key in ("author", "dc:creator", "itunes:author"):
        found = [text for el in fields.get(key, ()) if (text := _person(el))]
        if found:
            yield from found
            return


def _person(author: Any) -> str:
    """The name inside an Atom person, or the whole text of an RSS author."""
    named = [text_of(child).strip() for child in author.iterchildren("*") if name(child) == "name"]
    return named[0] if named else ("" if len(author) else text_of(author).strip())


def _licence_in(kind: str, element: Any) -> str | None:
    """The licence's URL or words, if this element names one."""
    if kind in _LICENCES:
        return element.get(_RESOURCE) or element.get("href") or text_of(element).strip() or None
    if kind == "link" and (element.get("rel") or "").strip().lower() in {"license", "licence"}:
        return element.get("href") or None
    return None
