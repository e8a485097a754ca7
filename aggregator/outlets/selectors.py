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
# XPath 1.0, sections 2.3 and 4, and the operators that may stand before a parenthesis.
_KNOWN = frozenset(
    re.findall(
        r"\S+",
        """
        node text comment processing-instruction
        last position count id local-name namespace-uri name
        string concat starts-with contains substring-before substring-after substring string-length
        normalize-space translate boolean not true false lang number sum floor ceiling round
        and or div mod
        """,
    )
)


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
    foreign = [name for name in _CALL.findall(bare) if name.rpartition("::")[2] not in _KNOWN]
    if foreign or "$" in bare or _PREFIX.search(bare):
        what = f"the function {foreign[0]}" if foreign else "a variable or a namespace"
        raise ValueError(f"expected an XPath (1.0) with its own functions alone; got {text!r}, with {what}")
    return kind
