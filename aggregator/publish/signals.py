"""Signals: what a page says about its own use; each one can only lower what the card grants."""

import re
from collections.abc import Iterator

from aggregator import licences
from aggregator.model.article import Article, Completeness
from aggregator.model.decision import Because, Code
from aggregator.model.outlet import Rights, RightsMode
from aggregator.urls import is_same_site, site

STRIPPED = "stripped:"
"""Begins the origin of a source link where the page names a source and has lost the link to it."""

_MATERIAL = "text:material"
"""The origin of an agency that the outlet has used in a text of its own."""

_MAX_SNIPPET = re.compile(r"max-snippet\s*[:=]\s*(-?\d+)")
# Only a whole text may go out as one: what is no text (pictures, a film) or not at its end (a running report)
# stays with the outlet, whatever its card grants.
_PARTS = {
    Completeness.PAYWALLED: (Code.PAYWALLED, "The outlet sells the article, or the rest of it."),
    Completeness.TEASER: (Code.TEASER, "The page shows only a part of the article."),
    Completeness.GALLERY: (Code.GALLERY, "The page is a series of pictures, of which we carry none."),
    Completeness.VIDEO: (Code.VIDEO, "The page is a film, which we do not carry."),
    Completeness.LIVE: (Code.LIVE, "The page is a running report: what we read is not its end."),
}


def of(article: Article, rights: Rights) -> Iterator[Because]:
    """The page's signals, in a fixed order, each with the most that it allows."""
    for directive in article.robots:
        yield from _robots(" ".join(directive.lower().split()))
    if article.tdm_reserved:
        yield _reserved(article, rights)
    if article.completeness is not Completeness.FULL:
        yield Because(*_PARTS[article.completeness], RightsMode.EXCERPT)
    if any(not block.is_quotable for block in article.blocks):
        yield Because(
            Code.DATA_NOSNIPPET, "The page keeps parts of its text out of excerpts (data-nosnippet)."
        )
    yield from _others(article)


def republishes_another(article: Article) -> bool:
    """Whether the page carries another outlet's text: its source link leads to another site.

    A port belongs to the site's name, ``www.``, ``m.`` and ``amp.`` do not, and a host below another one's
    domain is the same site.
    """
    return bool(site(article.source_link)) and not is_same_site(article.url, article.source_link)


def _robots(directive: str) -> Iterator[Because]:
    # https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag names these directives;
    # noai and noimageai are DeviantArt's, and widely taken over.
    match directive:
        case "noarchive":
            yield Because(Code.NOARCHIVE, "The page forbids stored copies (noarchive).", RightsMode.EXCERPT)
        case "nosnippet":
            yield Because(Code.NOSNIPPET, "The page forbids excerpts (nosnippet).", RightsMode.LINK)
        case "noindex" | "none":
            words = f"The page asks not to be listed ({directive}): what its outlet hides we do not show."
            yield Because(Code.NOINDEX, words, RightsMode.LINK)
        case "noai":
            yield Because(Code.NOAI, "The page forbids to learn from its text (noai); ours says so, too.")
        case "noimageai":
            yield Because(
                Code.NOIMAGEAI, "The page forbids to learn from its pictures (noimageai): none go out."
            )
        case _:
            if match := _MAX_SNIPPET.fullmatch(directive):
                yield from _snippet(match[1])


def _snippet(written: str) -> Iterator[Because]:
    # -1 means no limit, 0 the same as nosnippet. More digits than any text has letters are no limit either.
    chars = int(written[:9])
    if chars == 0:
        yield Because(Code.MAX_SNIPPET, "The page forbids excerpts (max-snippet:0).", RightsMode.LINK)
    elif chars > 0:
        words = f"The page allows excerpts of {chars} characters (max-snippet:{chars})."
        yield Because(Code.MAX_SNIPPET, words, RightsMode.EXCERPT, chars)


def _reserved(article: Article, rights: Rights) -> Because:
    """A reservation ends what the law allows by itself (EU 2019/790, 4), not what a licence grants."""
    source = next((one.source for one in article.origins if one.field == "tdm_reserved"), "page")
    terms = licences.terms(rights.licence or "")
    has_ground = rights.agreement or (terms is not None and not terms.is_reserved)
    words = "The outlet reserves text and data mining (TDMRep)"
    if has_ground:
        return Because(Code.TDM, f"{words}; our page says so, too.", source=source)
    words += ", and its card names no licence that allows more than a link."
    return Because(Code.TDM, words, RightsMode.LINK, source=source)


def _agency(article: Article) -> Because:
    """No outlet's licence covers what it has from an agency, or tells which lines those are."""
    source = next((one.source for one in article.origins if one.field == "agency"), "page")
    names = ", ".join(article.agency)
    if source == _MATERIAL:
        words = f"The text uses material of {names}, for which this outlet cannot speak."
        return Because(Code.AGENCY, words, RightsMode.EXCERPT, source=source)
    words = f"The text is by {names}, for which this outlet cannot speak."
    return Because(Code.AGENCY, words, RightsMode.LINK, source=source)


def _others(article: Article) -> Iterator[Because]:
    """What says that the text is not this outlet's own."""
    if republishes_another(article):
        words = (
            f"The page republishes an article of {site(article.source_link)}, "
            "for which this outlet cannot speak."
        )
        yield Because(Code.OF_ANOTHER, words, RightsMode.LINK)
    if article.agency:
        yield _agency(article)
    origins = (one.source for one in article.origins if one.field == "source_link")
    if lost := next((one for one in origins if one.startswith(STRIPPED)), None):
        words = "The page says that its text has a source elsewhere, and the link to it is lost."
        yield Because(Code.SOURCE_STRIPPED, words, RightsMode.LINK, source=lost)
