"""Saving pages: one transaction for a batch, a savepoint for what fails in it."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError
from sqlalchemy.orm import Session

from aggregator.model.crawl import PageArticle, PageEnd, Reason
from aggregator.store.batch import save_batch
from aggregator.store.engine import Database
from aggregator.store.incoming import Incoming, failed, incoming
from aggregator.store.statements import be_only_writer

_UNFIT: Final = (ArithmeticError, AttributeError, TypeError, ValueError)
"""What drivers raise for a value that they cannot turn into the column's type."""


def save(db: Database, run_id: int | None, pages: Sequence[PageArticle | PageEnd]) -> list[Reason]:
    """Store pages that ended, in order and in one transaction; each one's reason.

    When this returns, the pages are on the disk: what is acknowledged survives the end of the process. A page
    that the database refuses is counted as ``failed/store``; the others are stored.

    Raises:
        StoreError: the database as a whole refuses; nothing of the batch was stored.
    """
    # Cleaning and hashing need no lock.
    ready = [incoming(page) for page in pages]
    with db.session() as session:
        be_only_writer(session)
        return _save(session, run_id, ready)


def _save(session: Session, run_id: int | None, pages: Sequence[Incoming]) -> list[Reason]:
    """Save pages; if one of them is refused, save each half by itself until the culprit is alone."""
    if not pages:
        return []
    try:
        with session.begin_nested():
            return save_batch(session, run_id, pages)
    except (StatementError, *_UNFIT) as error:
        if not _is_about_a_row(error):
            raise
        if len(pages) == 1:
            return save_batch(session, run_id, [failed(pages[0], error)])
    middle = len(pages) // 2
    return _save(session, run_id, pages[:middle]) + _save(session, run_id, pages[middle:])


def _is_about_a_row(error: Exception) -> bool:
    """Whether a row was refused, and not the database out of order."""
    return isinstance(error, IntegrityError | DataError) or not isinstance(error, DBAPIError)
