"""The rights gate: whether an article may go out, and in which mode."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from aggregator import licences
from aggregator.model.article import Article
from aggregator.model.decision import (
    Because,
    Circumstances,
    Code,
    Decision,
    Hold,
    LicenceState,
    Publish,
    Refuse,
    Review,
)
from aggregator.model.edition import StoredArticle
from aggregator.model.outlet import Follow, Rights, RightsMode
from aggregator.publish import follow, licence, signals
from aggregator.publish.quotable import quotable
from aggregator.urls import is_web

# A date further ahead than a day is a broken clock or a template's default, not an embargo: pages in the
# wild claim days months ahead (newspaper4k issue 575).
LONGEST_EMBARGO = timedelta(hours=24)

_WIDTH = {RightsMode.FULL: 3, RightsMode.EXCERPT: 2, RightsMode.LINK: 1, RightsMode.NEVER: 0}
_NOT_INDEXABLE = frozenset({Code.NOINDEX})
_NOT_MINABLE = frozenset({Code.NOAI, Code.TDM})
_NO_IMAGES = frozenset({Code.NOIMAGEAI})


def decide(
    stored: StoredArticle, rights: Rights, now: datetime, circumstances: Circumstances | None = None
) -> Decision:
    """Whether an article may go out at ``now`` (aware), and how much of it.

    The outlet's card grants a mode; everything else (another card for the same outlet, the state of its
    licence page, what the page itself says) can only lower it. A reason stands for each, with the most that
    it allows.
    """
    around = circumstances or Circumstances()
    decision = whenever(stored, rights, around)
    if isinstance(decision, Refuse):
        return decision
    if kept := follow.older_text_stays(stored.article, _granted(rights, around), around):
        return Hold(None, kept)
    if hold := embargo(stored.article.published, now):
        return hold
    if isinstance(decision, Review):
        return decision
    return capped(cap(rights, around), around.out_this_month, now) or decision


def whenever(stored: StoredArticle, rights: Rights, around: Circumstances) -> Publish | Review | Refuse:
    """The decision whatever the time is, and however much of the outlet is out."""
    article = stored.article
    granted = _granted(rights, around)
    if refusal := _refusal(article, granted):
        return Refuse(refusal)
    if around.refusal is not None:
        words = f"A person refused it: {around.refusal}"
        return Refuse(Because(Code.BY_HAND, words, RightsMode.NEVER))
    publish = _publish(article, granted, around)
    if not granted.automatic and not around.is_approved:
        return Review(Because(Code.CARD_BY_HAND, "The outlet's card wants a person to release it."), publish)
    return publish


def embargo(published: datetime | None, now: datetime) -> Hold | None:
    """The hold of an article whose own publication lies ahead."""
    if published is not None and now < published <= now + LONGEST_EMBARGO:
        return Hold(published, Because(Code.EMBARGO, "The article's own publication time lies ahead."))
    return None


def cap(rights: Rights, around: Circumstances) -> int | None:
    """How many texts and excerpts of the outlet may go out in a month; None if nothing limits them."""
    granted = _granted(rights, around)
    # By the card's mode, not by the article's: a further signal on a page must not bring it out sooner.
    return granted.monthly_cap if granted.mode in {RightsMode.FULL, RightsMode.EXCERPT} else None


def capped(monthly_cap: int | None, out_this_month: int, now: datetime) -> Hold | None:
    """The hold of an article whose outlet has all its texts of this month out."""
    if monthly_cap is None or out_this_month < monthly_cap:
        return None
    words = f"The outlet's {monthly_cap} texts of this month are out."
    return Hold(month_of(now)[1], Because(Code.CARD_CAP, words))


def _granted(rights: Rights, around: Circumstances) -> Rights:
    return narrowest(rights, [twin for _, twin in around.twins])


def narrowest(rights: Rights, others: Sequence[Rights]) -> Rights:
    """The rights, with whatever any of the others allows less."""
    every = [rights, *others]
    caps = [each.monthly_cap for each in every if each.monthly_cap is not None]
    return replace(
        rights,
        mode=min((each.mode for each in every), key=_WIDTH.__getitem__),
        excerpt_chars=min(each.excerpt_chars for each in every),
        to_confirm=any(each.to_confirm for each in every),
        agreement=all(each.agreement for each in every),
        automatic=all(each.automatic for each in every),
        monthly_cap=min(caps, default=None),
        images=all(each.images for each in every),
        verbatim=any(each.verbatim for each in every),
        commercial=rights.commercial if all(each.commercial is not False for each in every) else False,
        required=tuple(dict.fromkeys(part for each in every for part in each.required)),
        provided=tuple(part for part in rights.provided if all(part in each.provided for each in others)),
        on_gone=_strictest(each.on_gone for each in every),
        on_paywall=_strictest(each.on_paywall for each in every),
        on_retraction=_strictest(each.on_retraction for each in every),
    )


def _strictest(choices: Iterable[Follow]) -> Follow:
    return min(choices, key=list(Follow).index)


def _refusal(article: Article, rights: Rights) -> Because | None:
    if not article.headline.strip():
        return Because(Code.NO_HEADLINE, "The article has no headline.", RightsMode.NEVER)
    if not is_web(article.source_link):
        return Because(Code.NO_SOURCE_LINK, "The article has no link to its source.", RightsMode.NEVER)
    if rights.mode is RightsMode.NEVER:
        return Because(Code.CARD_NEVER, "The outlet's card allows no republication.", RightsMode.NEVER)
    return None


def _publish(article: Article, rights: Rights, around: Circumstances) -> Publish:
    reasons = [
        *_of_card(rights, around),
        *licence.reasons(article, rights, is_commercial=around.is_commercial),
        *signals.of(article, rights),
        *follow.ceilings(rights, around),
    ]
    ceilings = [reason.ceiling for reason in reasons if reason.ceiling is not None]
    limits = [reason.excerpt_chars for reason in reasons if reason.excerpt_chars is not None]
    mode = min((rights.mode, *ceilings), key=_WIDTH.__getitem__)
    chars = max(0, min((rights.excerpt_chars, *limits)))
    if to_link := _why_only_link(article, mode, chars, rights):
        mode = RightsMode.LINK
        reasons.append(to_link)
    codes = {reason.code for reason in reasons}
    return Publish(
        mode,
        chars,
        tuple(reasons),
        is_verbatim=rights.verbatim or Code.NO_DERIVATIVES in codes,
        has_images=rights.images and mode is RightsMode.FULL and not codes & _NO_IMAGES,
        is_indexable=not codes & _NOT_INDEXABLE,
        is_minable=not codes & _NOT_MINABLE,
    )


def _of_card(rights: Rights, around: Circumstances) -> Iterator[Because]:
    """What the card and what is known of its licence hold back."""
    if around.twins:
        others = ", ".join(slug for slug, _ in around.twins)
        words = f"Another card describes this outlet, too ({others}): the narrower of both counts."
        yield Because(Code.CARD_TWICE, words, rights.mode)
    if around.licence is LicenceState.CHANGED:
        words = "The outlet's licence page has changed; nobody has read and confirmed it since."
        yield Because(Code.CHANGED, words, RightsMode.LINK)
    elif rights.to_confirm and around.licence is not LicenceState.CONFIRMED:
        yield Because(Code.TO_CONFIRM, "Nobody has read and confirmed the outlet's licence.", RightsMode.LINK)
    if around.is_commercial and _forbids_commerce(rights):
        words = "The outlet's texts are for non-commercial sites only, and this site is set to be commercial."
        yield Because(Code.CARD_COMMERCIAL, words, RightsMode.LINK)
    if missing := [part.value for part in rights.required if part not in rights.provided]:
        words = f"The outlet insists on what is not provided here: {', '.join(missing)}."
        yield Because(Code.CARD_REQUIRED, words, RightsMode.LINK)


def _forbids_commerce(rights: Rights) -> bool:
    if rights.commercial is not None:
        return not rights.commercial
    terms = licences.terms(rights.licence or "")
    return terms is not None and terms.non_commercial and not rights.agreement


def _why_only_link(article: Article, mode: RightsMode, chars: int, rights: Rights) -> Because | None:
    """Why a text that may go out is none: nothing of it is left, or it must be whole."""
    match mode:
        case RightsMode.EXCERPT if rights.verbatim:
            words = "The outlet's texts go out whole or not at all, and this one may not go out whole."
            return Because(Code.CARD_VERBATIM, words, RightsMode.LINK)
        case RightsMode.EXCERPT if chars < 1 or not quotable(article):
            return Because(Code.NO_TEXT, "Nothing of the text is left for an excerpt.", RightsMode.LINK)
        case RightsMode.FULL if not article.body.strip():
            return Because(Code.NO_TEXT, "The article has no text.", RightsMode.LINK)
    return None


def month_of(moment: datetime) -> tuple[datetime, datetime]:
    """The first moment of the calendar month (UTC) of ``moment``, and of the next one."""
    day = moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return day, (day + timedelta(days=32)).replace(day=1)
