"""Shown: the revision of an article that its publication was made from, as the outlet wrote it."""

from dataclasses import replace

from sqlalchemy import select

from aggregator.model.article import Article
from aggregator.model.edition import PublicationState
from aggregator.store.engine import Database
from aggregator.store.rows import blocks_of
from aggregator.store.schema import ArticleRevisionRow, PublicationRow


def in_revision(db: Database, article: Article, publication_id: int) -> Article:
    """The article with headline, dek and body of the revision that readers see; as it is if that is gone."""
    query = (
        select(ArticleRevisionRow)
        .join(PublicationRow, PublicationRow.article_id == ArticleRevisionRow.article_id)
        .where(PublicationRow.id == publication_id, ArticleRevisionRow.number == PublicationRow.revision)
    )
    with db.reading() as session:
        row = session.execute(query).scalar()
        if row is None:
            return article
        return replace(article, headline=row.headline, dek=row.dek, blocks=blocks_of(row.blocks))


def numbers(db: Database) -> dict[PublicationState, list[int]]:
    """The numbers of all publications by their state, oldest first."""
    found: dict[PublicationState, list[int]] = {state: [] for state in PublicationState}
    with db.reading() as session:
        for number, state in session.execute(
            select(PublicationRow.id, PublicationRow.state).order_by(PublicationRow.id)
        ):
            found[PublicationState(state)].append(number)
    return found
