"""Checks of a card's selectors; each returns its text or raises ValueError("expected …; got …")."""

import re

from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from lxml.etree import XPath, XPathError
from lxml.html import Element

from aggregator.model.outlet import XPATH

_NOTHING = Element("html")
_LITERAL = re.compile("\"[^\"]*\"|'[^']*'")
_CALL = re.compile(r"([\w.:-]+)\s*\(")
_PREFIX = re.compile(r"(?<!:):(?!:)")
# XPath 1.0, sections 2.3 and 4: how many arguments each takes, at least and at most.
_ANY = 1000
_ARGUMENTS = {
    **dict.fromkeys(("last", "position", "true", "false", "node", "text", "comment"), (0, 0)),
    **dict.fromkeys(("local-name", "namespace-uri", "name", "string", "number"), (0, 1)),
    **dict.fromkeys(("string-length", "normalize-space", "processing-instruction"), (0, 1)),
    **dict.fromkeys(("count", "id", "boolean", "not", "lang", "sum", "floor", "ceiling", "round"), (1, 1)),
    **dict.fromkeys(("starts-with", "contains", "substring-before", "substring-after"), (2, 2)),
    "substring": (2, 3),
    "translate": (3, 3),
    "concat": (2, _ANY),
}
_OPERATORS = frozenset({"and", "or", "div", "mod"})


def selector(text: str) -> str:
    """A selector of elements or texts: CSS, or XPath behind ``xpath:``."""
    if _kind(text) not in {list, str}:
        raise ValueError(
            f"expected an XPath that gives elements or a text; got {text!r}, which gives neither"
        )
    return text


def elements(text: str) -> str:
    """A selector of elements: CSS, or XPath behind ``xpath:``."""
    if _kind(text) is not list:
        raise ValueError(f"expected an XPath that gives elements; got {text!r}, which gives none")
    return text


def _kind(text: str) -> type:
    """What kind of result a selector gives: with XPath, too, this does not depend on the page."""
    if text.startswith(XPATH):
        return _kind_of_xpath(text)
    try:
        # Only a search tells that a selector names a namespace (svg|rect), which HTML has none of.
        return type(CSSSelector(text, translator="html")(_NOTHING))
    except (SelectorError, XPathError, RecursionError, ValueError) as error:
        hint = f"; before an XPath stands {XPATH}" if text.lstrip()[:1] in {"/", "("} else ""
        raise ValueError(f"expected a CSS selector; got {text!r}: {error}{hint}") from error


def _kind_of_xpath(text: str) -> type:
    path = text.removeprefix(XPATH)
    try:
        kind = type(XPath(path, regexp=False, smart_strings=False)(_NOTHING))
    except (XPathError, ValueError) as error:
        raise ValueError(f"expected an XPath (1.0) behind {XPATH}; got {text!r}: {error}") from error
    # A condition on elements that are not there is not looked at.
    bare = _LITERAL.sub("''", path)
    if "$" in bare or _PREFIX.search(bare):
        raise ValueError(f"expected an XPath (1.0) without variables and namespaces; got {text!r}")
    for call in _CALL.finditer(bare):
        _check_call(text, call[1].rpartition("::")[2], _arguments(bare, call.end()))
    return kind


def _check_call(text: str, name: str, count: int) -> None:
    if name in _OPERATORS:
        return
    least, most = _ARGUMENTS.get(name, (0, -1))
    if most < 0:
        raise ValueError(f"expected an XPath (1.0) with its own functions alone; got {text!r}, with {name}()")
    if not least <= count <= most:
        expected = (
            f"{least}" if least == most else f"{least} or more" if most == _ANY else f"{least} or {most}"
        )
        raise ValueError(f"expected {name}() with {expected} arguments; got {count} in {text!r}")


def _arguments(bare: str, start: int) -> int:
    """The number of arguments that stand from ``start`` to the parenthesis that closes them."""
    depth, commas, stop = 1, 0, start
    while depth and stop < len(bare):
        char = bare[stop]
        depth += (char in "([") - (char in ")]")
        commas += char == "," and depth == 1
        stop += 1
    return commas + 1 if bare[start : stop - 1].strip() else 0
