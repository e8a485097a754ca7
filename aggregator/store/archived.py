"""Where the pages of articles lie in the archive: what has to be erased there, and what each file holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from aggregator.model.crawl import Reason
from aggregator.model.page import ArchiveRef
from aggregator.store.engine import Database
from aggregator.store.schema import ArticleUrlRow, FetchRow, TakedownArticleRow

_CHUNK: Final = 200

Archived = tuple[int, ArchiveRef]
"""A fetch's number, and where its page lies."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of the archive: its pages, of how many articles, and when the first and last were fetched."""

    pages: int
    articles: int
    first: datetime
    last: datetime


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


def by_file(db: Database) -> dict[str, KeptFile]:
    """What the store knows of each file of the archive, by its name in the pages folder."""
    query = select(
        FetchRow.archive_file,
        func.count(),
        func.count(FetchRow.article_id.distinct()),
        func.min(FetchRow.at),
        func.max(FetchRow.at),
    ).where(FetchRow.archive_file.is_not(None))
    with db.reading() as session:
        rows = session.execute(query.group_by(FetchRow.archive_file)).all()
    return {
        file: KeptFile(pages, articles, first, last) for file, pages, articles, first, last in rows if file
    }


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
