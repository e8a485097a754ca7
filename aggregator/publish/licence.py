"""The licence of one article: what its page and feed say beside the card."""

from collections.abc import Iterator

from aggregator import licences
from aggregator.licences import Terms
from aggregator.model.article import Article
from aggregator.model.decision import Because, Code
from aggregator.model.outlet import Rights, RightsMode

_FIELD = "licence"


def stated(article: Article) -> Iterator[tuple[str, str]]:
    """Each licence that page and feed state for the article, with where; the one that was taken first."""
    if article.licence:
        origin = next((one.source for one in article.origins if one.field == _FIELD), "page")
        yield article.licence, origin
    yield from ((one.value, one.source) for one in article.losers if one.field == _FIELD)


def reasons(article: Article, rights: Rights, *, is_commercial: bool) -> Iterator[Because]:
    """Where the article's own licence allows less than the card's; nothing where there is an agreement.

    A licence is about the whole work, so it takes away no more than that: an excerpt, which the card
    grants by itself, needs none.
    """
    if rights.agreement:
        return
    told = set[Code]()
    for licence, source in stated(article):
        for reason in _reasons(licence, source, rights, is_commercial=is_commercial):
            if reason.code not in told:
                told.add(reason.code)
                yield reason


def _reasons(licence: str, source: str, rights: Rights, *, is_commercial: bool) -> Iterator[Because]:
    if _is_cards(licence, rights):
        return
    terms = licences.terms(licence)
    if terms is None:
        words = (
            f"The page names a licence that cannot be read ({_short(licence)}) and that the card does not."
        )
        yield Because(Code.PAGE_UNCLEAR, words, RightsMode.EXCERPT, source=source)
        return
    for condition in terms.beyond(_terms(rights)):
        match condition:
            case "is_reserved":
                words = f"All rights in this article are reserved ({_short(licence)})."
                yield Because(Code.PAGE_RESERVED, words, RightsMode.EXCERPT, source=source)
            case "non_commercial" if is_commercial:
                words = f"This article is licensed for non-commercial use only ({_short(licence)})."
                yield Because(Code.NON_COMMERCIAL, words, RightsMode.EXCERPT, source=source)
            case "no_derivatives" if not rights.verbatim:
                words = (
                    f"This article may not be changed ({_short(licence)}): its text goes out whole, uncut."
                )
                yield Because(Code.NO_DERIVATIVES, words, source=source)
            case "share_alike":
                words = (
                    f"This article goes out under its own licence, which asks for that ({_short(licence)})."
                )
                yield Because(Code.SHARE_ALIKE, words, source=source)


def in_force(article: Article, rights: Rights) -> tuple[str | None, str | None]:
    """The licence that the article goes out under, and its URL: the card's, or the page's if it is narrower.

    With an agreement the card's counts alone.
    """
    cards = (rights.licence, rights.licence_url)
    if rights.agreement:
        return cards
    others = [licence for licence, _ in stated(article) if not _is_cards(licence, rights)]
    if rights.licence is None:
        return (others[0], _address(others[0])) if others else cards
    for licence in others:
        terms = licences.terms(licence)
        if terms and terms.beyond(_terms(rights)):
            return licence, _address(licence)
    return cards


def _is_cards(licence: str, rights: Rights) -> bool:
    return any(licences.same(licence, known) for known in (rights.licence, rights.licence_url) if known)


def _terms(rights: Rights) -> Terms:
    """The terms of the card's licence; one whose words tell none asks for nothing that others would."""
    return licences.terms(rights.licence or "") or Terms()


def _address(licence: str) -> str | None:
    return licence if licence.startswith(("http://", "https://")) else None


def _short(licence: str) -> str:
    return " ".join(licence.split())[:80]
