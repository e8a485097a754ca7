"""The parsed page: is it HTML, and its one tree."""

import re
from functools import cache

from lxml import etree
from lxml.html import HtmlComment, HtmlElement, HtmlEntity, HtmlProcessingInstruction
from trafilatura.utils import load_html

from aggregator.extract.decode import decode
from aggregator.extract.errors import NoTextError, NotHtmlError
from aggregator.model.page import FetchedPage

_HTML_TYPES = ("text/html", "application/xhtml+xml", "text/plain", "application/octet-stream", "text/xml")
_MAGIC = (
    b"%PDF",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"RIFF",
    b"\x00\x00\x01\x00",
)
_FEED = re.compile(
    r"\A\s*(?:<\?xml[^>]*>\s*)?(?:(?><!--.*?-->)\s*+)*+<(?:rss|feed|rdf:RDF|urlset|sitemapindex)\b", re.DOTALL
)
_TAG = re.compile(
    r"<(?:!doctype\s+html|html|head|body|article|main|div|p|h1|section|table|title|meta)\b", re.IGNORECASE
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_BINARY_SHARE = 0.02
# What surely is a whole page; trafilatura mends the beginnings of others.
_DOCTYPE = r"<!doctype\s[^<>]{1,400}>\s*+"
_WHOLE = re.compile(
    rf"\s*+(?:<!doctype\s[^<>/]{{1,200}}>|(?:{_DOCTYPE})?+<html(?:\s[^<>]*+)?+>)", re.IGNORECASE
)
_SHUT = re.compile(r"<html\b[^<>]{0,1000}/>", re.IGNORECASE)
_BEGINNING_CHARS = 4096
_INVALID = bytes(set(range(32)) - set(b"\t\n\r"))
_NONCHARACTERS = ("\ufffe".encode(), "\uffff".encode())


@cache
def _parser() -> etree.HTMLParser:
    """As trafilatura's, but for one class of elements: lxml's own choice asks a method for each element."""
    parser = etree.HTMLParser(
        collect_ids=False, default_doctype=False, encoding="utf-8", remove_comments=True, remove_pis=True
    )
    parser.set_element_class_lookup(
        etree.ElementDefaultClassLookup(
            element=HtmlElement, comment=HtmlComment, pi=HtmlProcessingInstruction, entity=HtmlEntity
        )
    )
    return parser


def parse(page: FetchedPage) -> HtmlElement:
    """The tree of the page.

    Raises:
        NotHtmlError: another kind of file, told by its type, its first bytes or its text.
        NoTextError: an empty page, or one that the parser makes nothing of.
    """
    if not page.body.strip():
        raise NoTextError(f"{page.url}: the page is empty")
    _refuse_other_types(page)
    text, _ = decode(page.body, page.charset)
    _refuse_other_texts(page.url, text)
    try:
        tree = _tree(text)
    except (etree.LxmlError, ValueError) as error:
        raise NoTextError(f"{page.url}: the parser made nothing of the page: {error}") from error
    if tree is None:
        raise NoTextError(f"{page.url}: the parser made nothing of the page")
    return tree


def _tree(text: str) -> HtmlElement | None:
    beginning = text[:_BEGINNING_CHARS]
    if not _WHOLE.match(beginning) or _SHUT.search(beginning):
        tree: HtmlElement | None = load_html(text)
        return tree
    data = text.encode("utf-8", "replace").translate(None, _INVALID)
    for character in _NONCHARACTERS:
        data = data.replace(character, b"")
    return etree.fromstring(data, _parser())


def _refuse_other_types(page: FetchedPage) -> None:
    kind = (page.header("content-type") or "").split(";")[0].strip().lower()
    if kind and not kind.startswith(_HTML_TYPES):
        raise NotHtmlError(f"{page.url}: the server says {kind}, not HTML")
    if page.body.lstrip()[:8].startswith(_MAGIC):
        raise NotHtmlError(f"{page.url}: the first bytes are those of another kind of file")


def _refuse_other_texts(url: str, text: str) -> None:
    head = text[:20_000]
    if _FEED.match(head):
        raise NotHtmlError(f"{url}: a feed or a sitemap, not an article's page")
    if len(_CONTROL.findall(head)) > max(8, len(head) * _BINARY_SHARE):
        raise NotHtmlError(f"{url}: binary data, not HTML")
    if not _TAG.search(text[:200_000]):
        raise NotHtmlError(f"{url}: no HTML tags in it")
