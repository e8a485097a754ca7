"""The card's CSS selectors, applied to a page."""

from functools import lru_cache

from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from aggregator.errors import CardError
from aggregator.extract.plain import plain


@lru_cache(maxsize=1024)
def _compiled(selector: str) -> CSSSelector:
    try:
        return CSSSelector(selector, translator="html")
    except SelectorError as error:
        raise CardError(f"rules: {selector!r} is not a CSS selector: {error}") from error


def select(tree: HtmlElement, selector: str) -> list[HtmlElement]:
    """The elements that a selector matches, in the page's order.

    Raises:
        CardError: the selector is not valid CSS.
    """
    return list(_compiled(selector)(tree))


def texts(tree: HtmlElement, selector: str | None) -> list[str]:
    """The plain texts of the matched elements; of a ``meta`` or ``time`` element the value for machines."""
    if not selector:
        return []
    found = (
        element.get("content") or element.get("datetime") or element.text_content()
        for element in select(tree, selector)
    )
    return [text for raw in found if (text := plain(raw))]


def cut(tree: HtmlElement, selectors: tuple[str, ...]) -> list[tuple[str, str]]:
    """Remove matched elements (their tail text stays); returns (text, selector) of each that had text."""
    gone = []
    for selector in selectors:
        for element in select(tree, selector):
            if element.getparent() is None:
                continue
            if text := plain(element.text_content()):
                gone.append((text, selector))
            element.drop_tree()
    return gone
