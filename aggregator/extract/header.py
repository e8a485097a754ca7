"""The head of an article: the few elements around its headline, where pages show byline and date."""

from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

from aggregator.extract.plain import key, plain

_MOST_BEHIND = 60
_MOST_BEFORE = 25
_MOST_PARENTS = 3
_MOST_HEADINGS = 12
_LONGEST_HEADING_CHARS = 500
_MOST_PIECES = 12
_PARAGRAPH_CHARS = 200
# The standfirst may be as long as a paragraph; behind the next one stands the body.
_MOST_PARAGRAPHS = 1
_ELSEWHERE = frozenset({"nav", "footer", "aside", "script", "style", "noscript", "form", "svg"})


def headings(tree: HtmlElement) -> tuple[str, ...]:
    """The texts of the page's first h1 elements that have any, each once."""
    found = (plain(element.text_content(), _LONGEST_HEADING_CHARS) for element in _headings(tree))
    return tuple(dict.fromkeys(filter(None, found)))


def elements(tree: HtmlElement, headline: str) -> Iterator[HtmlElement]:
    """The elements behind the headline's h1 up to the body, then a few before it, nearest first.

    Nothing if the page has several h1 and none of them holds the headline.
    """
    if (heading := _heading(tree, key(headline))) is not None:
        yield from _behind(heading)
        yield from islice(_before(heading), _MOST_BEFORE)


def shown(element: HtmlElement, longest_chars: int) -> str:
    """The words of an element that holds little; empty if it holds more, or none."""
    pieces = [piece[: longest_chars * 8] for piece in islice(element.itertext(), _MOST_PIECES)]
    text = plain(" ".join(pieces), longest_chars + 1) if len(pieces) < _MOST_PIECES else ""
    return text if len(text) <= longest_chars else ""


def _heading(tree: HtmlElement, wanted: str) -> HtmlElement | None:
    found = [(element, key(element.text_content()[:_LONGEST_HEADING_CHARS])) for element in _headings(tree)]
    said = [(element, text) for element, text in found if text]
    held = (element for element, text in said if text in wanted or wanted in text)
    return next(held, said[0][0] if len(said) == 1 else None)


def _headings(tree: HtmlElement) -> Iterator[HtmlElement]:
    return islice(tree.iter("h1"), _MOST_HEADINGS)


def _behind(heading: HtmlElement) -> Iterator[HtmlElement]:
    paragraphs = 0
    for element in islice(_next(heading), _MOST_BEHIND):
        if element.tag == "p" and _is_longer(element, _PARAGRAPH_CHARS):
            paragraphs += 1
            if paragraphs > _MOST_PARAGRAPHS:
                return
        yield element


def _next(heading: HtmlElement) -> Iterator[HtmlElement]:
    """The elements behind one in document order, without what belongs elsewhere."""
    for parent in (heading, *heading.iterancestors()):
        for sibling in parent.itersiblings():
            yield from _inside(sibling)


def _before(heading: HtmlElement) -> Iterator[HtmlElement]:
    for parent in islice((heading, *heading.iterancestors()), _MOST_PARENTS):
        for sibling in parent.itersiblings(preceding=True):
            yield from reversed(list(islice(_inside(sibling), _MOST_BEFORE)))


def _inside(element: HtmlElement) -> Iterator[HtmlElement]:
    """An element, and those in it; comments and what belongs elsewhere left out."""
    waiting = [element]
    while waiting:
        one = waiting.pop()
        if isinstance(one.tag, str) and one.tag not in _ELSEWHERE:
            yield one
            waiting.extend(reversed(one))


def _is_longer(element: HtmlElement, chars: int) -> bool:
    total = 0
    for text in element.itertext():
        total += len(text)
        if total > chars:
            return True
    return False
