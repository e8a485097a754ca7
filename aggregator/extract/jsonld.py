"""JSON-LD of a page (schema.org): what the publisher says about the article."""

import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from lxml.html import HtmlElement

from aggregator import urls
from aggregator.extract import statement
from aggregator.extract.almanac import Almanac
from aggregator.extract.byline import MOST_NAMES, names
from aggregator.extract.claims import Claims, Found, Moment
from aggregator.extract.dates import moment
from aggregator.extract.plain import plain
from aggregator.model.article import Image

# A live blog carried 1.3 MB of broken JSON-LD (measured 2 s in a regex that repaired it): what is larger, or
# still broken after the cheap repairs, is left alone.
LARGEST_CHARS = 1_000_000
_MOST_BLOCKS = 20
_MOST_NODES = 500
_DEEPEST = 5
# Matched at the ends of stripped text only: a search through 300 KB of blanks took quadratic time.
_COMMENT_START = re.compile(r"<!--|(?://\s*|/\*\s*)?<!\[CDATA\[(?:\s*\*/)?")
_COMMENT_ENDS = (";", "-->", "*/", "]]>", "//", "/*")
_TRAILING_COMMA = re.compile(r",(?=\s{0,50}[}\]])")
_ARTICLE = re.compile(r"(?:Article|Posting|Report|Review|AnalysisNewsArticle)$")
_PAGE = frozenset({"WebPage", "ItemPage", "VideoObject", "CreativeWork"})
_PART_KEYS = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement")
Node = Mapping[str, Any]


def claims(tree: HtmlElement, page_url: str, almanac: Almanac) -> Claims:
    """What the page's JSON-LD says of its article; empty claims if there is none or it is broken."""
    nodes = list(_nodes(tree))
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    chosen = _choose(nodes, page_url)
    own = (
        _Reader(chosen, by_id, almanac).claims(_publisher(nodes))
        if chosen
        else Claims(site_name=_publisher(nodes))
    )
    return replace(own, statement=Found(statement.read(nodes, chosen), "json-ld")) if nodes else own


def _nodes(tree: HtmlElement) -> Iterator[Node]:
    budget = _MOST_NODES
    for number, script in enumerate(tree.iterfind('.//script[@type="application/ld+json"]')):
        if number >= _MOST_BLOCKS or budget <= 0:
            return
        for node in _walk(_load(script.text or ""), 0):
            budget -= 1
            yield node
            if budget <= 0:
                return


def _load(text: str) -> Any:
    """The decoded block; of one broken beyond repair or too deep what it says of a wall, else None."""
    if len(text) > LARGEST_CHARS:
        return None
    with contextlib.suppress(ValueError, RecursionError):
        return json.loads(text, strict=False)
    with contextlib.suppress(ValueError, RecursionError):
        return json.loads(_TRAILING_COMMA.sub("", _without_comment(text)), strict=False)
    with contextlib.suppress(ValueError, RecursionError):
        return json.JSONDecoder(strict=False).raw_decode(text.lstrip())[0]
    return statement.of_unreadable(text)


def _without_comment(text: str) -> str:
    """The block without the comment or CDATA section that it was wrapped in for old browsers."""
    text = text.strip()
    while start := _COMMENT_START.match(text):
        text = text[start.end() :].lstrip()
    while end := next(filter(text.endswith, _COMMENT_ENDS), None):
        text = text.removesuffix(end).rstrip()
    return text


def _walk(value: Any, depth: int) -> Iterator[Node]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for element in value[:_MOST_NODES]:
            yield from _walk(element, depth + 1)
    elif isinstance(value, dict):
        yield value
        for part in _PART_KEYS:
            if isinstance(value.get(part), dict | list):
                yield from _walk(value[part], depth + 1)


def _types(node: Node) -> list[str]:
    kinds = node.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return [kind.rsplit("/", 1)[-1].rsplit(":", 1)[-1] for kind in kinds if isinstance(kind, str)]


def _choose(nodes: list[Node], page_url: str) -> Node | None:
    """The node of the article: an article with a headline, an article, else the page itself.

    Of several articles with headlines it is the one with the page's URL, else the first.
    """
    articles = [node for node in nodes if any(_ARTICLE.search(kind) for kind in _types(node))]
    named = [node for node in articles if node.get("headline") or node.get("name")]
    pages = [node for node in nodes if not _PAGE.isdisjoint(_types(node)) and node.get("datePublished")]
    if len(named) > 1:
        own = urls.url_key(page_url)
        named = [node for node in named if _is_at(node, own)] or named
    return next(iter(named or articles or pages), None)


def _is_at(node: Node, url_key: str) -> bool:
    addresses = (_url(node.get(name)) for name in ("url", "mainEntityOfPage", "@id"))
    return any(urls.url_key(url) == url_key for url in addresses if url and url.startswith("http"))


def _publisher(nodes: list[Node]) -> Found[str] | None:
    for kind in ("NewsMediaOrganization", "WebSite", "Organization"):
        for node in nodes:
            if kind in _types(node) and (name := _text(node.get("name"))):
                return Found(name, f"json-ld:{kind}.name")
    return None


def _text(value: Any, depth: int = 0) -> str | None:
    """The first plain text in a value: a string, a list, or an object with ``@value`` or ``name``."""
    if depth > _DEEPEST:
        return None
    if isinstance(value, list):
        return next((text for element in value[:5] if (text := _text(element, depth + 1))), None)
    if isinstance(value, dict):
        return _text(value.get("@value") or value.get("name"), depth + 1)
    return plain(value) or None if isinstance(value, str) else None


def _url(value: Any, depth: int = 0) -> str | None:
    if depth > _DEEPEST:
        return None
    if isinstance(value, list):
        return next((url for element in value[:5] if (url := _url(element, depth + 1))), None)
    if isinstance(value, dict):
        return _url(value.get("url") or value.get("contentUrl") or value.get("@id"), depth + 1)
    return value.strip() if isinstance(value, str) and value.strip() else None


class _Reader:
    """Reads the fields of one article node; references to other nodes are followed once."""

    def __init__(self, node: Node, by_id: Mapping[str, Node], almanac: Almanac) -> None:
        self._node = node
        self._by_id = by_id
        self._almanac = almanac

    def claims(self, publisher: Found[str] | None) -> Claims:
        """All claims of the node; ``publisher`` is the site's name from elsewhere in the JSON-LD."""
        own = _text(self._resolved(self._node.get("publisher")))
        return Claims(
            headline=self._found("headline") or self._found("name"),
            dek=self._found("description"),
            byline=self._byline(),
            houses=self._houses(),
            published=self._moment("datePublished") or self._moment("dateCreated"),
            modified=self._moment("dateModified"),
            section=self._found("articleSection"),
            tags=self._tags(),
            site_name=Found(own, "json-ld:publisher") if own else publisher,
            licence=self._link("license"),
            original=self._link("isBasedOn") or self._link("isBasedOnUrl"),
            images=self._images(),
        )

    def _resolved(self, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("@id"), str) and "name" not in value:
            return self._by_id.get(value["@id"], value)
        return value

    def _found(self, name: str) -> Found[str] | None:
        text = _text(self._node.get(name))
        return Found(text, f"json-ld:{name}") if text else None

    def _link(self, name: str) -> Found[str] | None:
        url = _url(self._node.get(name))
        return Found(url, f"json-ld:{name}") if url else None

    def _people(self, field: str) -> list[Any]:
        value = self._node.get(field)
        return [self._resolved(one) for one in (value if isinstance(value, list) else [value])][:50]

    def _byline(self) -> Found[tuple[str, ...]] | None:
        for field in ("author", "creator"):
            # The name of an organisation is one, and may hold an 'and' or a comma.
            found = [
                name
                for one in self._people(field)
                for name in (_person(one) if _is_house(one) else names(_person(one)))
            ]
            if found:
                return Found(tuple(dict.fromkeys(found))[:MOST_NAMES], f"json-ld:{field}")
        return None

    def _houses(self) -> Found[tuple[str, ...]] | None:
        people = (*self._people("author"), *self._people("creator"))
        found = tuple(name for one in people if _is_house(one) for name in _person(one))
        return Found(found, "json-ld:author") if found else None

    def _moment(self, name: str) -> Found[Moment] | None:
        text = _text(self._node.get(name))
        at = moment(text, self._almanac) if text else None
        return Found(at, f"json-ld:{name}") if at else None

    def _tags(self) -> Found[tuple[str, ...]] | None:
        value = self._node.get("keywords")
        parts = value if isinstance(value, list) else value.split(",") if isinstance(value, str) else []
        texts = tuple(text for part in parts[:50] if (text := _text(part)))
        return Found(texts, "json-ld:keywords") if texts else None

    def _images(self) -> Found[tuple[Image, ...]] | None:
        value = self._node.get("image")
        parts = [self._resolved(part) for part in (value if isinstance(value, list) else [value])[:10]]
        found = tuple(self._image(part, url) for part in parts if (url := _url(part)))
        return Found(found, "json-ld:image") if found else None

    def _image(self, value: Any, url: str) -> Image:
        """A picture with what its object says of it; a mere address says nothing."""
        if not isinstance(value, dict):
            return Image(url)
        credits_ = (value.get(name) for name in ("creditText", "creator", "author", "copyrightHolder"))
        texts = (_text(self._resolved(one)) for one in credits_)
        return Image(url, None, _text(value.get("caption")), next(filter(None, texts), None))


def _is_house(value: Any) -> bool:
    return isinstance(value, dict) and any(kind.endswith("Organization") for kind in _types(value))


def _person(value: Any) -> list[str]:
    """The names in an author value; an organisation's counts too, an address does not."""
    if isinstance(value, dict):
        name = value.get("name")
        if isinstance(name, list):
            return [text for element in name[:20] if (text := _text(element))]
        text = _text(name) or " ".join(
            filter(None, map(_text, (value.get("givenName"), value.get("familyName"))))
        )
        return [text] if text else []
    text = _text(value)
    return [text] if text else []
