"""A page on its way in: cleaned, with its keys, ready for the database."""

from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from aggregator.dedupe.candidates import period_of
from aggregator.dedupe.feed_id import feed_id_key
from aggregator.dedupe.fingerprint import fingerprint as fingerprint_of
from aggregator.dedupe.shingles import Sample, sample
from aggregator.dedupe.words import Words, words
from aggregator.extract.clues import clues
from aggregator.extract.places import placed
from aggregator.model.article import Article
from aggregator.model.crawl import PageArticle, PageEnd, Reason
from aggregator.model.duplicate import Fingerprint
from aggregator.model.page import ArchiveRef, Validator
from aggregator.store.boilerplate import Lesson
from aggregator.store.foreign import clean, clean_article, clean_moment, clean_or_none
from aggregator.urls import is_web, url_key

LONGEST_DETAIL_CHARS = 1000
"""A detail is one line for people; a server's error page is not."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What is known of every page that ended, whatever became of it."""

    outlet: str
    url: str
    key: str
    at: datetime
    status: int | None
    updated: datetime | None
    validator: Validator
    archived: ArchiveRef | None


@dataclass(frozen=True, slots=True)
class IncomingArticle:
    """A page that became an article; ``keys`` maps the keys of its addresses to these, canonical first.

    ``feed_key`` is that of its entry's id, None if that is missing or one of its addresses. ``lesson`` is
    what it teaches of its outlet if it is new; by ``words``, their ``sample`` and ``period`` near-duplicates
    are found. ``is_no_news`` is as the page's.
    """

    visit: Visit
    article: Article
    fingerprint: Fingerprint
    keys: tuple[tuple[str, str], ...]
    feed_key: str | None
    lesson: Lesson
    words: Words
    sample: Sample
    period: int
    is_no_news: bool = False


@dataclass(frozen=True, slots=True)
class IncomingEnd:
    """A page that ended without an article."""

    visit: Visit
    reason: Reason
    detail: str | None


Incoming = IncomingArticle | IncomingEnd


def incoming(page: PageArticle | PageEnd) -> Incoming:
    """A page made ready; one that cannot be stored at all becomes its own end, ``failed/store``."""
    if isinstance(page, PageEnd):
        return IncomingEnd(_visit_of_end(page), page.reason, _detail(page.detail))
    try:
        return _article(page)
    except (ArithmeticError, AttributeError, TypeError, ValueError) as error:
        # The types promise that this cannot happen; a batch of 99 good pages must not depend on it.
        end = PageEnd(page.article.outlet, page.entry.url, Reason.FAILED_STORE, page.article.fetched_at)
        return IncomingEnd(_visit_of_end(end), Reason.FAILED_STORE, _detail(f"not storable: {error}"))


def failed(page: Incoming, error: BaseException) -> IncomingEnd:
    """The end of a page that the database refused; what may have been the reason is left out."""
    visit = replace(page.visit, status=None, updated=None, validator=Validator())
    return IncomingEnd(visit, Reason.FAILED_STORE, _detail(str(getattr(error, "orig", None) or error)))


def _article(page: PageArticle) -> IncomingArticle:
    article = clean_article(placed(page.article))
    key_of = cache(url_key)
    canonical = key_of(article.canonical_url)
    urls = (article.canonical_url, page.entry.url, article.url)
    keys = {key_of(clean(url)): clean(url) for url in reversed(urls)}
    visit = Visit(
        outlet=clean(article.outlet),
        url=clean(page.entry.url),
        key=key_of(clean(page.entry.url)),
        at=article.fetched_at,
        status=page.status,
        updated=clean_moment(page.entry.updated),
        validator=_validator(page.validator),
        archived=page.archived,
    )
    fingerprint = page.fingerprint or fingerprint_of(article, page.uncut)
    ordered = sorted(keys.items(), key=lambda pair: pair[0] != canonical)
    uncut = clean_article(page.uncut) if page.uncut else article
    text = words(article.body)
    return IncomingArticle(
        visit=visit,
        article=article,
        fingerprint=fingerprint,
        keys=tuple(ordered),
        feed_key=_feed_key(page.entry.guid, keys),
        lesson=lesson(article, uncut),
        words=text,
        sample=sample(text),
        period=period_of(min(article.published or article.fetched_at, article.fetched_at)),
        is_no_news=page.is_no_news,
    )


def _feed_key(guid: str | None, addresses: Container[str]) -> str | None:
    """The key of an entry's id, unless that is an address of the page."""
    if not guid or not guid.strip() or (is_web(guid.strip()) and url_key(guid.strip()) in addresses):
        return None
    return feed_id_key(guid)


def lesson(article: Article, uncut: Article) -> Lesson:
    """What an article teaches of its outlet, given it before learned boilerplate was cut."""
    return Lesson(clues(uncut), len(uncut.body), len(uncut.body) - len(article.body))


def _visit_of_end(page: PageEnd) -> Visit:
    url = clean(page.url)
    return Visit(
        outlet=clean(page.outlet),
        url=url,
        key=url_key(url),
        at=page.at,
        status=page.status,
        updated=clean_moment(page.updated),
        validator=_validator(page.validator),
        archived=page.archived,
    )


def _validator(validator: Validator | None) -> Validator:
    if validator is None:
        return Validator()
    return Validator(
        clean_or_none(validator.etag),
        clean_or_none(validator.last_modified),
        clean_or_none(validator.body_sha256),
    )


def _detail(detail: str | None) -> str | None:
    return None if detail is None else " ".join(clean(detail).split())[:LONGEST_DETAIL_CHARS]
