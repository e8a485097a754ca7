"""Headlines of an outlet's stored articles, by which read-also lines inside paragraphs are recognised."""

from typing import Final

from sqlalchemy import func, select

from aggregator.extract.headlines import MOST_HEADLINES
from aggregator.store.engine import Database
from aggregator.store.schema import ArticleRevisionRow, ArticleRow

RECENT_ARTICLES: Final = 20_000
"""Of all outlets: outlets point to what they wrote lately, and so the cost does not grow with the store."""


def recent(db: Database, outlet: str) -> list[str]:
    """The headlines of the outlet's articles among the store's last ones, oldest first."""
    newest = select(func.coalesce(func.max(ArticleRow.id), 0)).scalar_subquery()
    query = (
        select(ArticleRevisionRow.headline)
        .join(
            ArticleRow,
            (ArticleRow.id == ArticleRevisionRow.article_id)
            & (ArticleRow.revision == ArticleRevisionRow.number),
        )
        .where(ArticleRow.outlet == outlet, ArticleRow.id > newest - RECENT_ARTICLES)
        .order_by(ArticleRow.id.desc())
        .limit(MOST_HEADLINES)
    )
    with db.reading() as session:
        return list(session.execute(query).scalars())[::-1]


def every(db: Database, outlet: str) -> list[str]:
    """The headlines of all articles of the outlet, oldest first."""
    query = (
        select(ArticleRevisionRow.headline)
        .join(
            ArticleRow,
            (ArticleRow.id == ArticleRevisionRow.article_id)
            & (ArticleRow.revision == ArticleRevisionRow.number),
        )
        .where(ArticleRow.outlet == outlet)
        .order_by(ArticleRow.id)
    )
    with db.reading() as session:
        return list(session.execute(query).scalars())
