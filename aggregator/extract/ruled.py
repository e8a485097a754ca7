"""The body as the outlet's card or class has it, unless they lose the page's text."""

from dataclasses import dataclass

from lxml.etree import XPath
from lxml.html import HtmlElement, document_fromstring

from aggregator.extract import body, card
from aggregator.extract.body import FoundBody
from aggregator.extract.known import Known
from aggregator.extract.outlet_page import OutletPage, ask, origin
from aggregator.extract.parse import parse
from aggregator.model.article import Article, CutBlock

_NOT_FOLLOWED = "not followed: "
_TEXTS = XPath(
    "//body//text()[not(parent::script or parent::style or parent::noscript)]", smart_strings=False
)


@dataclass(frozen=True, slots=True)
class RuledBody:
    """What may be the body, what the card cut before they were found, and where they came from."""

    found: FoundBody
    removed: tuple[CutBlock, ...]
    source: str


def find(own: OutletPage, known: Known) -> RuledBody:
    """The body of the page; its tree is used up.

    Where card and class leave less than ``rules.least_share`` of the text that is found without them, it is
    found without them, and the source tells so.

    Raises:
        CardError: a selector is not valid.
        PageClassError: the page class failed.
    """
    page, tree, rules = own.page, own.tree, own.rules
    if type(own) is OutletPage and not (rules.body or rules.within or rules.cuts):
        return RuledBody(body.find_body(tree, page.url, known), (), "trafilatura")
    # Rules that leave more than this share of all text cannot leave less of the article's alone.
    plenty_chars = rules.least_share * _visible_chars(tree)
    ruled = _ruled(own, known)
    left_chars = _chars(ruled.found)
    if left_chars >= plenty_chars or not (ruled.removed or ":" in ruled.source):
        return ruled
    usual = body.find_body(parse(page), page.url, known)
    usual_chars = _chars(usual)
    if left_chars >= rules.least_share * usual_chars:
        return ruled
    share = left_chars / usual_chars
    return RuledBody(usual, (), f"trafilatura ({_NOT_FOLLOWED}{_names(own)} leaves {share:.0%})")


def is_followed(article: Article) -> bool:
    """Whether card and class, if they had rules, were followed on this article's page."""
    return not any(one.field == "blocks" and _NOT_FOLLOWED in one.source for one in article.origins)


def _ruled(own: OutletPage, known: Known) -> RuledBody:
    url, tree = own.page.url, own.tree
    by_class = card.remove(ask(own, "cuts", HtmlElement))
    removed = (
        *(CutBlock(text, "class/cuts") for text in by_class),
        *(CutBlock(text, f"card/{selector}") for text, selector in card.cut(tree, own.rules.cuts)),
    )
    if chosen := ask(own, "body", HtmlElement):
        return RuledBody(body.select_body(chosen), removed, origin(own, "body"))
    if chosen := ask(own, "within", HtmlElement):
        source = f"trafilatura in {origin(own, 'within')}"
        return RuledBody(body.find_body(_page_of(chosen), url, known), removed, source)
    return RuledBody(body.find_body(tree, url, known), removed, "trafilatura")


def _page_of(elements: list[HtmlElement]) -> HtmlElement:
    """A page with nothing in it but these elements, as its article."""
    page: HtmlElement = document_fromstring("<html><body><article></article></body></html>")
    for element in elements:
        element.tail = None
        page[0][0].append(element)
    return page


def _chars(found: FoundBody) -> int:
    return sum(len(block.text) for number, block in enumerate(found.blocks) if number not in found.doubtful)


def _visible_chars(tree: HtmlElement) -> int:
    return sum(len(text.strip()) for text in _TEXTS(tree))


def _names(own: OutletPage) -> str:
    """The keys of the card that were at work, or the class."""
    if type(own) is not OutletPage:
        return f"class:{type(own).__name__}"
    return "card:" + "+".join(name for name in ("body", "within", "cuts") if getattr(own.rules, name))
