"""How long an outlet's articles usually are, as far as the store knows: evidence for completeness."""

from statistics import median
from typing import Final

from sqlalchemy import func, select

from aggregator.model.article import Completeness
from aggregator.store.engine import Database
from aggregator.store.headlines import RECENT_ARTICLES
from aggregator.store.schema import ArticleRevisionRow, ArticleRow

_NEWEST_ARTICLES: Final = 200
_LEAST_ARTICLES: Final = 20
"""The median of fewer says little: outlets mix short news with long reads."""


def usual_chars(db: Database, outlet: str) -> int | None:
    """The median length of the outlet's last full articles, or None if the store's last ones hold too few.

    Parts of articles do not count: an outlet that is walled for a while would teach that short is usual.
    """
    newest = select(func.coalesce(func.max(ArticleRow.id), 0)).scalar_subquery()
    query = (
        select(ArticleRevisionRow.text_chars)
        .join(
            ArticleRow,
            (ArticleRow.id == ArticleRevisionRow.article_id)
            & (ArticleRow.revision == ArticleRevisionRow.number),
        )
        .where(
            ArticleRow.outlet == outlet,
            ArticleRow.id > newest - RECENT_ARTICLES,
            ArticleRow.completeness == Completeness.FULL.value,
        )
        .order_by(ArticleRow.id.desc())
        .limit(_NEWEST_ARTICLES)
    )
    with db.reading() as session:
        found = session.execute(query).scalars().all()
    return round(median(found)) if len(found) >= _LEAST_ARTICLES else None
