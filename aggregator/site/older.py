"""Older pages: what stands behind a cursor, or an honest no."""

from datetime import datetime

from aggregator.errors import UnknownCursorError
from aggregator.site.ask import NotFoundError
from aggregator.site.context import Site
from aggregator.store import editions
from aggregator.store.editions import Page


def page(
    site: Site,
    limit: int,
    before: str | None,
    *,
    outlet: str | None = None,
    language: str | None = None,
    topic: str | None = None,
    dated: tuple[datetime, datetime] | None = None,
) -> Page:
    """The newest publications, or those behind a cursor.

    Raises:
        NotFoundError: nothing is older, or the cursor is none of ours.
    """
    try:
        found = editions.front(
            site.db, limit=limit, before=before, outlet=outlet, language=language, topic=topic, dated=dated
        )
    except UnknownCursorError:
        raise NotFoundError from None
    if before is not None and not found.items:
        raise NotFoundError
    return found
