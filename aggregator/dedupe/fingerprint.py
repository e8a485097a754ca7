"""The fingerprint of an article: what its address and its text are, whatever they are wrapped in."""

import hashlib
import re
import unicodedata
from urllib.parse import urlsplit

import regex

from aggregator.model.article import Article
from aggregator.model.duplicate import Fingerprint
from aggregator.unseen import unstacked
from aggregator.urls import url_key

# A character of a script that is written without spaces counts as a word of its own.
_TOKEN = re.compile(
    r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
    r"|[^\W_\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+"
)
_MARK = regex.compile(r"[\p{Mn}\p{Cf}]+")  # accents of any script, zero-width characters

SHORT_TOKENS = 25
"""Texts shorter than this often are notices ("This video is not available."), so the headline counts in."""

LEAST_TOKENS = 5
"""Fewer tokens, headline included, tell nothing."""


def tokens(text: str) -> list[str]:
    """The words of a text in the form that is compared: NFKC, case folded, no punctuation, no marks.

    Dashes, quotes, zero-width characters and accents of any script do not tell texts apart here; agencies'
    clients change all of them.
    """
    if text.isascii():
        return _TOKEN.findall(text.lower())
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", unstacked(text)).casefold())
    return _TOKEN.findall(unicodedata.normalize("NFC", _MARK.sub("", folded)))


def text_hash(headline: str, body: str) -> str | None:
    """The hash of an article's words: 32 hex digits, equal for equal texts; None if there are too few."""
    words = tokens(body)
    if len(words) < SHORT_TOKENS:
        words = [*tokens(headline), "|", *words]
        if len(words) <= LEAST_TOKENS:
            return None
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:32]


def _without_dek(article: Article) -> str:
    first, *others = (block.text for block in article.blocks) if article.blocks else ("",)
    if article.dek and others and tokens(first) == tokens(article.dek):
        return "\n".join(others)
    return article.body


def fingerprint(article: Article, uncut: Article | None = None) -> Fingerprint:
    """The fingerprint of an article, by its canonical URL and its text.

    ``uncut`` is the article before learned boilerplate was cut, None if nothing was.

    A body that opens with the article's dek counts without it: of outlets that carry one text, some print the
    standfirst above the body and some in it.
    """
    names_another = urlsplit(article.source_link).netloc not in {"", urlsplit(article.url).netloc}
    return Fingerprint(
        url_key=url_key(article.canonical_url),
        text_hash=text_hash(article.headline, _without_dek(article)),
        source_key=url_key(article.source_link) if names_another else None,
        page_hash=text_hash(uncut.headline, _without_dek(uncut)) if uncut else None,
    )
