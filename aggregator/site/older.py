"""Older pages: what stands behind a cursor, or an honest no."""

from aggregator.site.ask import NotFoundError
from aggregator.site.context import Site
from aggregator.store import editions
from aggregator.store.editions import Page


def page(
    site: Site, limit: int, before: str | None, *, outlet: str | None = None, language: str | None = None
) -> Page:
    """The newest publications, or those behind a cursor.

    Raises:
        NotFoundError: nothing is older, or the cursor is none of ours.
    """
    found = editions.front(site.db, limit=limit, before=before, outlet=outlet, language=language)
    if before is None:
        return found
    # The store starts at the newest where it does not know a cursor, and nothing behind a cursor is newest.
    newest = editions.front(site.db, limit=1, outlet=outlet, language=language).items
    if not found.items or found.items[:1] == newest:
        raise NotFoundError
    return found
