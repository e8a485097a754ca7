"""The card's selectors, applied to a page: CSS, or XPath behind ``xpath:``."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from lxml.etree import XPath, XPathError
from lxml.html import HtmlElement

from aggregator.errors import CardError
from aggregator.extract.plain import plain
from aggregator.model.outlet import XPATH

_FRAME = frozenset({"html", "head", "body"})


@lru_cache(maxsize=1024)
def _compiled(selector: str) -> XPath:
    try:
        if selector.startswith(XPATH):
            # XPath 1.0 alone: without EXSLT's regular expressions it reads the page and nothing else.
            return XPath(selector.removeprefix(XPATH), regexp=False, smart_strings=False)
        return CSSSelector(selector, translator="html")
    except (SelectorError, XPathError, ValueError) as error:
        # ValueError: lxml takes no control characters.
        raise CardError(f"rules: {selector!r} is no CSS selector and no XPath: {error}") from error


def _found(tree: HtmlElement, selector: str) -> list[Any]:
    try:
        found = _compiled(selector)(tree)
    except XPathError as error:
        raise CardError(f"rules: {selector!r} is no XPath: {error}") from error
    return found if isinstance(found, list) else [found]


def select(tree: HtmlElement, selector: str) -> list[HtmlElement]:
    """The elements that a selector matches, in the page's order; texts and attributes are none.

    Raises:
        CardError: the selector is neither valid CSS nor, behind ``xpath:``, valid XPath.
    """
    return [one for one in _found(tree, selector) if isinstance(one, HtmlElement)]


def select_first(tree: HtmlElement, selectors: Iterable[str]) -> list[HtmlElement]:
    """The elements of the first selector that matches any, without those that lie in another of them."""
    for selector in selectors:
        if found := select(tree, selector):
            chosen = set(found)
            return [one for one in found if chosen.isdisjoint(one.iterancestors())]
    return []


def texts(tree: HtmlElement, selectors: Iterable[str]) -> list[str]:
    """The plain texts of the first selector with any; of ``meta`` and ``time`` the values for machines."""
    for selector in selectors:
        if found := [text for one in _found(tree, selector) if (text := _text(one))]:
            return found
    return []


def _text(found: object) -> str:
    if isinstance(found, str):
        return plain(found)
    if isinstance(found, HtmlElement):
        return plain(found.get("content") or found.get("datetime") or found.text_content())
    return ""


def cut(tree: HtmlElement, selectors: Sequence[str]) -> list[tuple[str, str]]:
    """Remove matched elements (their tail text stays); returns (text, selector) of each that had text.

    The page's frame (``html``, ``head``, ``body``) stays, whatever matches it.
    """
    return [(text, selector) for selector in selectors for text in remove(select(tree, selector))]


def remove(elements: Iterable[HtmlElement]) -> list[str]:
    """Remove elements (their tail text stays), not the page's frame; returns the texts of those with any."""
    gone = []
    for element in elements:
        if element.getparent() is None or element.tag in _FRAME:
            continue
        if text := plain(element.text_content()):
            gone.append(text)
        element.drop_tree()
    return gone
