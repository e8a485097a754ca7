"""Articles: saved in batches, known by their addresses, read back whole."""

from collections.abc import Collection, Iterator

from sqlalchemy import exists, select

from aggregator.model.edition import PublicationState, StoredArticle
from aggregator.store.engine import Database
from aggregator.store.rows import read_articles, stored_articles
from aggregator.store.saving import save
from aggregator.store.schema import ArticleRow, ArticleUrlRow, PublicationRow
from aggregator.store.seen import KnownPage, known
from aggregator.urls import url_key

__all__ = ["KnownPage", "by_number", "every", "find", "get", "known", "revised", "save", "unpublished"]


def get(db: Database, article_id: int) -> StoredArticle | None:
    """The article of this number, with its provenance, cuts and pictures."""
    with db.reading() as session:
        return next(iter(read_articles(session, stored_articles().where(ArticleRow.id == article_id))), None)


def by_number(db: Database, article_ids: Collection[int]) -> dict[int, StoredArticle]:
    """The articles of these numbers."""
    with db.reading() as session:
        found = read_articles(session, stored_articles().where(ArticleRow.id.in_(article_ids)))
    return {stored.id: stored for stored in found}


def find(db: Database, url: str) -> StoredArticle | None:
    """The oldest article that is known under this URL, whichever form of it is given."""
    ids = select(ArticleUrlRow.article_id).where(ArticleUrlRow.url_key == url_key(url))
    query = stored_articles().where(ArticleRow.id.in_(ids)).order_by(ArticleRow.id).limit(1)
    with db.reading() as session:
        return next(iter(read_articles(session, query)), None)


def unpublished(db: Database, limit: int, *, after: int = 0) -> list[StoredArticle]:
    """Articles that nothing was decided about and that are no copies, oldest first.

    Pass the last one's id as ``after`` to look behind articles that are held back.
    """
    query = (
        stored_articles()
        .where(
            ArticleRow.awaits_publishing,
            ArticleRow.copy_of.is_(None),
            ArticleRow.id > after,
            ~exists().where(PublicationRow.article_id == ArticleRow.id),
        )
        .order_by(ArticleRow.id)
        .limit(limit)
    )
    with db.reading() as session:
        return read_articles(session, query)


def revised(db: Database, limit: int, *, after: int = 0) -> list[StoredArticle]:
    """Articles that went out in an older revision than their newest; oldest first.

    What was refused stands in the queue again instead: to readers it is new.

    Pass the last one's id as ``after`` to look behind articles that are held back.
    """
    query = (
        stored_articles()
        .join(PublicationRow, PublicationRow.article_id == ArticleRow.id)
        .where(
            ArticleRow.awaits_publishing,
            ArticleRow.revision > PublicationRow.revision,
            PublicationRow.state != PublicationState.REFUSED.value,
            ArticleRow.id > after,
        )
        .order_by(ArticleRow.id)
        .limit(limit)
    )
    with db.reading() as session:
        return read_articles(session, query)


def every(db: Database, batch: int = 500) -> Iterator[StoredArticle]:
    """All articles by number, read in batches; articles stored meanwhile come, too."""
    last = 0
    while True:
        query = stored_articles().where(ArticleRow.id > last).order_by(ArticleRow.id).limit(batch)
        with db.reading() as session:
            articles = read_articles(session, query)
        if not articles:
            return
        yield from articles
        last = articles[-1].id
