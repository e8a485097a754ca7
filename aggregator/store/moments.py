"""Moments: when rows of each kind were stored last."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from aggregator.store.engine import Database
from aggregator.store.schema import CrawlRunRow, EditionRow, FetchRow


def newest(db: Database) -> Mapping[str, datetime | None]:
    """When the last crawl started, the last page ended, the last edition closed; None if there was none."""
    columns = {"crawl": CrawlRunRow.started_at, "page": FetchRow.at, "edition": EditionRow.closed_at}
    with db.reading() as session:
        return {
            # The last row's, not the largest: of millions of pages that needs no look at each.
            name: session.scalar(select(column).order_by(column.class_.id.desc()).limit(1))
            for name, column in columns.items()
        }
