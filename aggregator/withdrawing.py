"""Withdrawing: a takedown in one action, from the site to the archive; its log, its undoing, its erasure."""

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Final

from aggregator import erasure, gallery
from aggregator.config import Settings
from aggregator.errors import TakedownError, UnknownArticleError
from aggregator.model.crawl import Reason
from aggregator.model.edition import StoredArticle
from aggregator.model.takedown import Order, RequestState, Takedown, TakedownScope
from aggregator.store import archived, articles, editions, pictures, search, takedown_requests, takedowns
from aggregator.store.archived import Archived
from aggregator.store.engine import Database

_LONGEST_NUMBER: Final = 18  # digits of what the databases take for a number


def take_down(db: Database, settings: Settings, order: Order, url_or_id: str, at: datetime) -> Takedown:
    """Take an article, or all of an author or outlet, down: from site, feeds, search, dump and archive.

    ``url_or_id`` names the article of an order for one: a publication's id, its address on our site, or the
    article's own URL; of a copy, the text that it copies goes, with all its copies. What comes in later
    under any address is dropped as ``dropped/takedown``.

    Raises:
        UnknownArticleError: nothing in the store has this id or URL.
        TakedownError: it was taken down already.
        ArchiveError: a kept page cannot be erased; all else is done, and the same order again tries that.
    """
    ids: tuple[int, ...] = ()
    if order.scope is TakedownScope.ARTICLE:
        article_id = article_of(db, settings, url_or_id)
        if (earlier := takedowns.covering(db, article_id)) is not None:
            _erase(db, settings, archived.of_takedown(db, earlier.id))
            raise TakedownError(f"{url_or_id}: taken down already, by takedown {earlier.id}")
        ids = (article_id,)
    done = takedowns.take_down(db, order, ids, at)
    _follow(db)
    drop_pictures(db, settings, done.article_ids)
    _erase(db, settings, archived.of_takedown(db, done.id))
    return done


def undo(db: Database, settings: Settings, order: Order, url_or_id: str, at: datetime) -> Takedown:
    """Undo the takedown that covers an article, or an author's or outlet's, within 30 days.

    The texts are back where they were; the kept pages stay erased, and come again with the next crawl.

    Raises:
        UnknownArticleError: nothing in the store has this id or URL.
        TakedownError: nothing of it was taken down, or its text is erased for good.
    """
    if order.scope is TakedownScope.ARTICLE:
        found = takedowns.covering(db, article_of(db, settings, url_or_id))
    else:
        found = takedowns.in_force(db, order.scope, order.subject)
    if found is None:
        raise TakedownError(f"{url_or_id or order.subject}: this was never taken down; nothing to undo")
    done = takedowns.undo(db, found.id, at)
    _follow(db)
    return done


def undo_numbered(db: Database, takedown_id: int, at: datetime) -> Takedown:
    """Undo a takedown by its number in the log, within 30 days.

    Raises:
        TakedownError: there is none of this number, it is undone already, or its text is erased for good.
    """
    done = takedowns.undo(db, takedown_id, at)
    _follow(db)
    return done


def grant(db: Database, settings: Settings, request_id: int, order: Order, at: datetime) -> Takedown:
    """Take down what a request asks for, as ordered; the log counts from the moment that it came.

    Raises:
        TakedownError: it is not open, or its article is taken down already.
        UnknownArticleError: its address is no article's.
    """
    request = takedown_requests.get(db, request_id)
    if request.state is not RequestState.OPEN:
        raise takedown_requests.not_open(request_id)
    asked = replace(order, asked_at=request.asked_at)
    done = take_down(db, settings, asked, request.wish.address, at)
    takedown_requests.grant(db, request_id, done.id, at)
    return done


def erase_due(db: Database, at: datetime) -> int:
    """Erase what can no longer be undone, and forget who asked for it; the number of takedowns."""
    takedown_requests.forget_contacts(db, at)
    return takedowns.erase_due(db, at)


def erase_dropped(db: Database, settings: Settings, run_id: int | None, reasons: list[Reason]) -> None:
    """Erase the pages that a crawl kept before it was known that a takedown keeps them out.

    Raises:
        ArchiveError: a page cannot be erased.
    """
    if Reason.DROPPED_TAKEDOWN in reasons:
        _erase(db, settings, archived.of_dropped(db, run_id))


def drop_pictures(db: Database, settings: Settings, article_ids: Collection[int] | None = None) -> int:
    """Remove the files of pictures that these articles, or any, are not out with any more; how many."""
    names = set(pictures.unshown(db, article_ids))
    # Another article may show the same picture. Rows go last: whoever is killed finds the rest by them.
    removed = gallery.remove(settings.path(settings.pictures), names - pictures.needed(db, names))
    pictures.forget(db, names)
    return removed


def _follow(db: Database) -> None:
    while search.index_pending(db):
        pass


def _erase(db: Database, settings: Settings, pages: list[Archived]) -> None:
    folder = settings.path(settings.pages)
    for _, ref in pages:
        erasure.erase(folder, ref)
    # Only now: whoever is killed on the way finds the rest by these rows.
    archived.forget(db, [number for number, _ in pages])


def article_of(db: Database, settings: Settings, url_or_id: str) -> int:
    """The number of the article that an id or URL means; of a copy, its original's."""
    number = url_or_id
    site = settings.site.base_url.rstrip("/") + "/article/"
    if url_or_id.startswith(site):
        number = re.split("[/?#]", url_or_id.removeprefix(site))[0]
    if number.isdecimal():
        publication = editions.publication(db, int(number)) if len(number) <= _LONGEST_NUMBER else None
        if publication is None:
            raise UnknownArticleError(
                f"{url_or_id}: no publication has this id; give the id or the address of its page"
            )
        return publication.article_id
    stored: StoredArticle | None = articles.find(db, url_or_id)
    if stored is None:
        raise UnknownArticleError(
            f"{url_or_id}: no article with this URL is stored; give its URL or its id here"
        )
    return stored.copy_of or stored.id
