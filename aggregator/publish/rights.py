"""The rights gate: whether an article may go out, and in which mode."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.model.article import Article, Completeness
from aggregator.model.edition import Decision, Hold, Publish, Refuse, StoredArticle
from aggregator.model.outlet import Rights, RightsMode
from aggregator.urls import is_same_site, site

# A date further ahead than a day is a broken clock or a template's default, not an embargo: pages in the
# wild claim days months ahead (newspaper4k issue 575).
LONGEST_EMBARGO = timedelta(hours=24)

_WIDTH = {RightsMode.FULL: 3, RightsMode.EXCERPT: 2, RightsMode.LINK: 1, RightsMode.NEVER: 0}
_MAX_SNIPPET = re.compile(r"max-snippet\s*[:=]\s*(-?\d+)")
# These say nothing about what we may show, but whoever asks why should see that the page said them.
_NOTED = ("noindex", "noai", "noimageai", "none")


@dataclass(frozen=True, slots=True)
class _Ceiling:
    """The most that one signal of the page allows; ``excerpt_chars`` is None if it says nothing on length."""

    mode: RightsMode
    reason: str
    excerpt_chars: int | None = None


def decide(stored: StoredArticle, rights: Rights, now: datetime) -> Decision:
    """Whether an article may go out at ``now`` (aware), and how much of it.

    The outlet's card grants a mode; what the page itself says (robots directives, a paywall, another
    outlet's text) can only lower it. ``Publish.reasons`` are whole sentences, one for each signal.
    """
    article = stored.article
    if not article.headline.strip():
        return Refuse("The article has no headline.")
    if rights.mode is RightsMode.NEVER:
        return Refuse("The outlet's card allows no republication.")
    if not rights.automatic:
        return Refuse("The outlet's card does not allow automatic republication: it needs a person.")
    if article.published is not None and now < article.published <= now + LONGEST_EMBARGO:
        return Hold(article.published, "The article's own publication time lies ahead.")
    return _lowered(rights, tuple(_ceilings(article)), tuple(_notes(article)))


def republishes_another(article: Article) -> bool:
    """Whether the page carries another outlet's text: its source link leads to another site.

    A port belongs to the site's name, ``www.``, ``m.`` and ``amp.`` do not, and a host below another one's
    domain is the same site.
    """
    return bool(site(article.source_link)) and not is_same_site(article.url, article.source_link)


def _lowered(rights: Rights, ceilings: tuple[_Ceiling, ...], notes: tuple[str, ...]) -> Publish:
    mode = min((rights.mode, *(ceiling.mode for ceiling in ceilings)), key=_WIDTH.__getitem__)
    limits = [ceiling.excerpt_chars for ceiling in ceilings if ceiling.excerpt_chars is not None]
    chars = min((rights.excerpt_chars, *limits))
    if mode is RightsMode.EXCERPT and chars < 1:
        mode = RightsMode.LINK
    return Publish(mode, max(chars, 0), tuple(ceiling.reason for ceiling in ceilings) + notes)


def _ceilings(article: Article) -> Iterator[_Ceiling]:
    yield from _robots_ceilings(article.robots)
    # Only a whole text may go out as one: what is no text (pictures, a film) or not at its end (a running
    # report) stays with the outlet, whatever its card grants.
    match article.completeness:
        case Completeness.PAYWALLED:
            yield _Ceiling(RightsMode.EXCERPT, "The outlet sells the article, or the rest of it.")
        case Completeness.TEASER:
            yield _Ceiling(RightsMode.EXCERPT, "The page shows only a part of the article.")
        case Completeness.GALLERY:
            yield _Ceiling(RightsMode.EXCERPT, "The page is a series of pictures, of which we carry none.")
        case Completeness.VIDEO:
            yield _Ceiling(RightsMode.EXCERPT, "The page is a film, which we do not carry.")
        case Completeness.LIVE:
            yield _Ceiling(RightsMode.EXCERPT, "The page is a running report: what we read is not its end.")
        case Completeness.FULL:
            pass
    if republishes_another(article):
        yield _Ceiling(
            RightsMode.LINK,
            f"The page republishes an article of {site(article.source_link)}, "
            "for which this outlet cannot speak.",
        )


def _robots_ceilings(directives: tuple[str, ...]) -> Iterator[_Ceiling]:
    # https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag names these directives.
    for directive in directives:
        word = directive.strip().lower()
        if word == "noarchive":
            yield _Ceiling(RightsMode.EXCERPT, "The page forbids stored copies (noarchive).")
        elif word == "nosnippet":
            yield _Ceiling(RightsMode.LINK, "The page forbids excerpts (nosnippet).")
        elif match := _MAX_SNIPPET.fullmatch(word):
            yield from _snippet_ceiling(int(match[1]))


def _snippet_ceiling(chars: int) -> Iterator[_Ceiling]:
    # -1 means no limit, 0 the same as nosnippet.
    if chars == 0:
        yield _Ceiling(RightsMode.LINK, "The page forbids excerpts (max-snippet:0).")
    elif chars > 0:
        reason = f"The page allows excerpts of {chars} characters (max-snippet:{chars})."
        yield _Ceiling(RightsMode.EXCERPT, reason, chars)


def _notes(article: Article) -> Iterator[str]:
    for word in _NOTED:
        if word in article.robots:
            yield f"The page says {word}, which does not limit the mode."
