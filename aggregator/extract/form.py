"""The form of a page beside its text: pictures in a row, dated posts, further pages."""

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from aggregator.extract.links import Links

_LEAST_STEM_CHARS = 6
# A further page of the same address: /2/, -2.html, ?page=2, /seite-2; a page of its comments is none.
_SECOND = re.compile(
    r"(?:\.html?)?/?(?:[/,_-](?:page[/_-]?|p|seite-?|pagina-?|pag-?|sivu-?|strona-?)?2"
    r"|\?(?:[^#]*&)?(?:page|p|pg|paged|seite|pagina|pag|strona|str|sida|sivu)=2)(?:\.html?)?/?"
)
# A picture that leads to another page is a teaser's; one inside the article's own part is not.
_FIGURES = etree.XPath(
    "count(/descendant::figure[.//img and not(ancestor::aside or ancestor::nav or ancestor::footer"
    " or ancestor::header or ancestor::figure or ancestor::a)]"
    "[not(.//a[@href]) or .//a[contains(@href, '.jpg') or contains(@href, '.jpeg') or contains(@href, '.png')"
    " or contains(@href, '.webp')]])"
)
_LIVE_CLASSES = etree.XPath("/descendant::*/@class[contains(., 'live')]", smart_strings=False)
_POST = re.compile(
    r"(?:^|[\s_-])live-?(?:blog|ticker|update|post|coverage|event)s?(?:$|[\s_-])", re.IGNORECASE
)
_TIMES = etree.XPath("count(/descendant::time[@datetime])")


@dataclass(frozen=True, slots=True)
class Form:
    """How many figures the page shows of its own, whether it has dated posts, the address of its page 2."""

    figures: int = 0
    posts: int = 0
    second_page: str = ""


def read(tree: HtmlElement, links: Links, url: str, *, is_short: bool) -> Form:
    """The form of a page; figures are counted only where the text ``is_short``."""
    return Form(int(_FIGURES(tree)) if is_short else 0, _posts(tree), _second_page(links, url))


def _posts(tree: HtmlElement) -> int:
    """How many posts a running report has: elements that are called so, and no more than dates."""
    times = int(_TIMES(tree))
    return min(times, sum(1 for name in _LIVE_CLASSES(tree) if _POST.search(name))) if times > 1 else 0


def _second_page(links: Links, url: str) -> str:
    address = url.split("#", 1)[0].split("?", 1)[0].rstrip("/")
    base = re.sub(r"\.html?$", "", address)
    stem = urlsplit(base).path.rsplit("/", 1)[-1]
    if len(stem) < _LEAST_STEM_CHARS:
        return ""
    for one in links.anchors:
        href = one.href
        if not href or "2" not in href or not (stem in href or href.startswith("?")):
            continue
        try:
            link = urljoin(url, href)
        except ValueError:
            continue
        if link.startswith(base) and _SECOND.fullmatch(link[len(base) :]):
            return link
    return ""
