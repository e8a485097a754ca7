"""Withdrawn articles: their page says so, and nothing else of them is left."""

from collections.abc import Iterator

from aggregator.checking.finding import Document, Fault, Finding
from aggregator.checking.parsed import page

_GONE = 410


def check(document: Document) -> Iterator[Finding]:
    """What is wrong with what stands at the address of a withdrawn article."""
    if document.status != _GONE:
        message = f"a withdrawn article answers {document.status}; expected {_GONE}"
        yield Finding(Fault.GONE_STATUS, document.url, "HTTP status", message)
        return
    robots = page(document.body).xpath("//meta[@name='robots']/@content")
    if not any("noindex" in str(each) for each in robots):
        yield Finding(Fault.GONE_NOINDEX, document.url, "head", "search engines may keep it")
