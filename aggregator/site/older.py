"""Older pages: what stands behind a cursor, or an honest no."""

from aggregator.errors import UnknownCursorError
from aggregator.site.ask import NotFoundError
from aggregator.site.context import Site
from aggregator.store import editions
from aggregator.store.front import Page, Selection


def page(site: Site, limit: int, before: str | None, wanted: Selection) -> Page:
    """The newest publications that are wanted, or those behind a cursor.

    Raises:
        NotFoundError: nothing is older, or the cursor is none of ours.
    """
    try:
        found = editions.selected(site.db, wanted, limit=limit, before=before)
    except UnknownCursorError:
        raise NotFoundError from None
    if before is not None and not found.items:
        raise NotFoundError
    return found
