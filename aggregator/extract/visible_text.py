"""The visible text of any page, in lines: what is left of it without scripts and the frame of a site."""

import hashlib
from collections.abc import Iterator

from lxml.html import HtmlElement

from aggregator.extract.errors import NoTextError, NotHtmlError
from aggregator.extract.parse import parse
from aggregator.extract.plain import folded
from aggregator.model.page import FetchedPage

_UNSEEN = frozenset({"script", "style", "noscript", "template", "head", "svg"})
# Menus, advertisements and footers change while a page's own words stay.
_FRAME = frozenset({"nav", "header", "footer", "aside", "form", "iframe"})
_INLINE = frozenset(
    {"a", "abbr", "b", "cite", "code", "em", "i", "q", "small", "span", "strong", "sub", "sup", "u"}
)


def visible_text(page: FetchedPage) -> str:
    """The page's lines, parted by a line feed each; of a file that is not HTML a line with its hash."""
    try:
        tree = parse(page)
    except NoTextError:
        return ""
    except NotHtmlError:
        return f"file of {len(page.body)} bytes, SHA-256 {hashlib.sha256(page.body).hexdigest()}"
    text = "".join(_pieces(tree))
    return "\n".join(line for part in text.split("\n") if (line := folded(part)))


def _pieces(element: HtmlElement) -> Iterator[str]:
    """The texts in the page's order, with line feeds where a block begins or ends."""
    left: list[HtmlElement | str] = [element]
    while left:
        one = left.pop()
        if isinstance(one, str):
            yield one
            continue
        if one.tail:
            left.append(" ".join(one.tail.split("\n")))
        if not isinstance(one.tag, str) or one.tag in _UNSEEN or one.tag in _FRAME:
            continue
        edge = "" if one.tag in _INLINE else "\n"
        left.extend((edge, *reversed(one), " ".join((one.text or "").split("\n")), edge))
