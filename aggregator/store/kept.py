"""Kept pages: where an outlet's last pages lie in the archive, whatever became of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from aggregator.model.page import ArchiveRef
from aggregator.store.engine import Database
from aggregator.store.schema import ArticleRow, FetchRow

_FETCHES_A_PAGE: Final = 10
"""A page that changes all day is fetched many times; of those only the last counts."""


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page in the archive; ``url`` is its entry's, ``published`` what is stored of its article."""

    url: str
    at: datetime
    archived: ArchiveRef
    published: datetime | None


def last_kept(db: Database, outlet: str, most: int) -> list[KeptPage]:
    """The pages of an outlet that were fetched last, newest first, each URL once."""
    query = (
        select(
            FetchRow.url_key,
            FetchRow.url,
            FetchRow.at,
            FetchRow.archive_file,
            FetchRow.archive_offset_bytes,
            FetchRow.archive_length_bytes,
            ArticleRow.first_published,
        )
        .outerjoin(ArticleRow, ArticleRow.id == FetchRow.article_id)
        .where(FetchRow.outlet == outlet, FetchRow.archive_file.is_not(None))
        .order_by(FetchRow.id.desc())
        .limit(most * _FETCHES_A_PAGE)
    )
    found: dict[str, KeptPage] = {}
    with db.reading() as session:
        for key, url, at, file, start, length, published in session.execute(query):
            if file is not None and key not in found and len(found) < most:
                found[key] = KeptPage(url, at, ArchiveRef(file, start or 0, length or 0), published)
    return list(found.values())
