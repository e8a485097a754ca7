"""Where the pages of articles lie in the archive, for those that have to be erased there."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from aggregator.model.crawl import Reason
from aggregator.model.page import ArchiveRef
from aggregator.store.engine import Database
from aggregator.store.schema import ArticleUrlRow, FetchRow, TakedownArticleRow

_CHUNK: Final = 200

Archived = tuple[int, ArchiveRef]
"""A fetch's number, and where its page lies."""


def of_takedown(db: Database, takedown_id: int) -> list[Archived]:
    """Every kept page of a takedown's articles, whatever became of it."""
    with db.reading() as session:
        query = select(TakedownArticleRow.article_id).where(TakedownArticleRow.takedown_id == takedown_id)
        ids = list(session.execute(query).scalars())
        found: dict[int, ArchiveRef] = {}
        for start in range(0, len(ids), _CHUNK):
            chunk = ids[start : start + _CHUNK]
            addresses = select(ArticleUrlRow.outlet, ArticleUrlRow.url_key).where(
                ArticleUrlRow.article_id.in_(chunk)
            )
            for outlet, key in session.execute(addresses).all():
                here = (FetchRow.outlet == outlet) & (FetchRow.url_key == key)
                found.update(_kept(session, here))
            found.update(_kept(session, FetchRow.article_id.in_(chunk)))
    return sorted(found.items())


def of_dropped(db: Database, run_id: int | None) -> list[Archived]:
    """The kept pages of a crawl that a takedown keeps out."""
    with db.reading() as session:
        is_dropped = FetchRow.reason == Reason.DROPPED_TAKEDOWN.value
        return sorted(_kept(session, (FetchRow.run_id == run_id) & is_dropped).items())


def forget(db: Database, fetch_ids: Sequence[int]) -> None:
    """Note that these fetches' pages are not kept any more."""
    with db.session() as session:
        gone = {"archive_file": None, "archive_offset_bytes": None, "archive_length_bytes": None}
        for start in range(0, len(fetch_ids), _CHUNK):
            chunk = fetch_ids[start : start + _CHUNK]
            session.execute(update(FetchRow).where(FetchRow.id.in_(chunk)).values(gone))


def _kept(session: Session, where: ColumnElement[bool]) -> dict[int, ArchiveRef]:
    columns = (
        FetchRow.id,
        FetchRow.archive_file,
        FetchRow.archive_offset_bytes,
        FetchRow.archive_length_bytes,
    )
    rows = session.execute(select(*columns).where(where, FetchRow.archive_file.is_not(None)))
    return {number: ArchiveRef(file, start or 0, length or 0) for number, file, start, length in rows if file}
