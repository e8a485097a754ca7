"""The programs that extract, each called the same way: address and bytes in, a row of fields out."""

from collections.abc import Callable
from functools import partial
from typing import Any

from extraction.corpus import Row, fetched

PEER = "trafilatura-no-comments"
Program = Callable[[str, bytes], Row]


def ours(url: str, body: bytes) -> Row:
    """Our extraction with all its steps."""
    from aggregator.extract.errors import PageError
    from aggregator.extract.page import extract
    from aggregator.model.outlet import Rules

    try:
        article = extract(fetched(url, body), Rules())
    except PageError:
        return {}
    return {
        "title": article.headline,
        "authors": article.byline,
        "published": article.published.isoformat() if article.published else None,
        "lang": article.language,
        "body": article.body,
    }


def trafilatura(url: str, body: bytes, **options: bool) -> Row:
    """Trafilatura with its metadata; it tells no language."""
    from trafilatura import bare_extraction

    found: Any = bare_extraction(body, url=url, with_metadata=True, **options)
    if found is None:
        return {}
    authors = found.author.split("; ") if found.author else []
    return {"title": found.title, "authors": authors, "published": found.date, "body": found.text}


def newspaper4k(url: str, body: bytes) -> Row:
    """newspaper4k without its looking up of pictures; nothing for languages it lacks a tokenizer for."""
    import newspaper

    article = newspaper.article(url, input_html=text_of(body), fetch_images=False)
    published = article.publish_date.isoformat() if article.publish_date else None
    return {"title": article.title, "authors": article.authors, "published": published, "body": article.text}


def readability(url: str, body: bytes) -> Row:
    """readability-lxml's summary as text; it tells no authors and no date."""
    from lxml.html import fromstring
    from readability import Document

    page = Document(text_of(body), url=url)
    return {"title": page.short_title(), "body": "\n".join(fromstring(page.summary()).itertext())}


def resiliparse(_url: str, body: bytes) -> Row:
    """Resiliparse's main content; it tells nothing else."""
    from resiliparse.extract.html2text import extract_plain_text

    return {"body": extract_plain_text(text_of(body), main_content=True, alt_texts=False, comments=False)}


def goose3(_url: str, body: bytes) -> Row:
    """goose3 on the page as it is; it fetches nothing."""
    from goose3 import Goose

    with Goose({"enable_image_fetching": False}) as goose:
        found = goose.extract(raw_html=text_of(body))
    return {
        "title": found.title,
        "authors": found.authors,
        "published": found.publish_date,
        "body": found.cleaned_text,
    }


def text_of(body: bytes) -> str:
    """A page decoded, for programs that want text."""
    from aggregator.extract.decode import decode

    return decode(body, None)[0]


PROGRAMS: dict[str, tuple[str, str, Program]] = {
    "ours": ("aggregator", "aggregator", ours),
    "trafilatura": ("trafilatura", "trafilatura", trafilatura),
    PEER: ("trafilatura", "trafilatura", partial(trafilatura, include_comments=False)),
    "trafilatura-no-tables": (
        "trafilatura",
        "trafilatura",
        partial(trafilatura, include_comments=False, include_tables=False),
    ),
    "trafilatura-fast": (
        "trafilatura",
        "trafilatura",
        partial(trafilatura, include_comments=False, fast=True),
    ),
    "trafilatura-precision": (
        "trafilatura",
        "trafilatura",
        partial(trafilatura, include_comments=False, favor_precision=True),
    ),
    "newspaper4k": ("newspaper", "newspaper4k", newspaper4k),
    "readability-lxml": ("readability", "readability-lxml", readability),
    "resiliparse": ("resiliparse", "resiliparse", resiliparse),
    "goose3": ("goose3", "goose3", goose3),
}
"""Each program's module, its package and how it is called."""
