"""Moments: when rows of each kind were stored last, and which number the last one has."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select

from aggregator.store.engine import Database
from aggregator.store.schema import ArticleRow, CrawlRunRow, EditionRow, FetchRow, PublicationRow


def newest(db: Database) -> Mapping[str, datetime | None]:
    """When the last crawl started, the last page ended, the last edition closed; None if there was none."""
    columns = {"crawl": CrawlRunRow.started_at, "page": FetchRow.at, "edition": EditionRow.closed_at}
    with db.reading() as session:
        return {
            # The last row's, not the largest: of millions of pages that needs no look at each.
            name: session.scalar(select(column).order_by(column.class_.id.desc()).limit(1))
            for name, column in columns.items()
        }


def numbers(db: Database) -> Mapping[str, int]:
    """The number of the last row of each kind: it counts all that ever came without a look at each row.

    It falls where the last row of all is removed, as that of a refused publication is to be decided anew.
    """
    keys = {
        "crawl": CrawlRunRow.id,
        "page": FetchRow.id,
        "article": ArticleRow.id,
        "publication": PublicationRow.id,
        "edition": EditionRow.id,
    }
    with db.reading() as session:
        return {name: session.scalar(select(func.max(key))) or 0 for name, key in keys.items()}
