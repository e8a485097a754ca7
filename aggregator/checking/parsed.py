"""Documents parsed: HTML and XML trees, and all words that stand in a document, wherever."""

import json
from collections.abc import Iterator
from typing import Any

from lxml import etree, html

from aggregator.checking.words import untagged

Tree = Any
"""An lxml element."""

_HTML = html.HTMLParser(encoding="utf-8")


def page(body: bytes) -> Tree:
    """The tree of an HTML page; an empty page has an empty body."""
    return html.document_fromstring(body.strip() or b"<html><body></body></html>", parser=_HTML)


def xml(body: bytes) -> Tree:
    """The root of an XML document; no entity is resolved, nothing is fetched.

    Raises:
        etree.XMLSyntaxError: it is not well-formed.
    """
    return etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))


def page_words(tree: Tree) -> str:
    """All words of a page: text, attributes that people or machines read, embedded JSON."""
    found: list[str] = []
    for element in tree.iter():
        if not isinstance(element.tag, str):
            found.append(element.text or "")  # a comment is text that somebody can read
        elif element.tag == "script":
            found += _strings_of(element.text or "")
        else:
            found.append(element.text or "")
            found += [value for name, value in element.attrib.items() if name not in {"href", "src", "class"}]
        found.append(element.tail or "")
    return "\n".join(found)


def xml_words(root: Tree) -> str:
    """All words of a feed, those of escaped HTML too."""
    found: list[str] = []
    for element in root.iter():
        found += [untagged(element.text or ""), element.tail or "", *map(str, element.attrib.values())]
    return "\n".join(found)


def json_words(value: object) -> str:
    """All words of a JSON document, those of HTML in it too."""
    return "\n".join(untagged(text) for text in strings(value))


def strings(value: object) -> Iterator[str]:
    """Every text inside a JSON value."""
    match value:
        case str():
            yield value
        case dict():
            for each in value.values():
                yield from strings(each)
        case list():
            for each in value:
                yield from strings(each)
        case _:
            pass


def text_of(element: Tree) -> str:
    """An element's words, blocks parted by a line feed."""
    return "\n".join(" ".join(piece.split()) for piece in element.itertext() if piece.strip())


def _strings_of(script: str) -> list[str]:
    try:
        return list(strings(json.loads(script)))
    except ValueError:
        return [script]
