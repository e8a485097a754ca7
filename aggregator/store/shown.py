"""Shown: publications, and the revision of an article that each was made from, as the outlet wrote it."""

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import select

from aggregator.model.article import Article
from aggregator.model.edition import Publication, PublicationState
from aggregator.store.engine import Database
from aggregator.store.publications import publication_query, read_publications
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


def of_outlet(db: Database, outlet: str, after: int, limit: int) -> list[Publication]:
    """An outlet's publications in whatever state, by number, behind this one."""
    query = (
        publication_query()
        .where(PublicationRow.outlet == outlet, PublicationRow.id > after)
        .order_by(PublicationRow.id)
        .limit(limit)
    )
    with db.reading() as session:
        return read_publications(session, query)


def by_number(db: Database, numbers: Collection[int]) -> list[Publication]:
    """The publications of these numbers, oldest first."""
    query = publication_query().where(PublicationRow.id.in_(numbers)).order_by(PublicationRow.id)
    with db.reading() as session:
        return read_publications(session, query)


def numbers(db: Database) -> dict[PublicationState, list[int]]:
    """The numbers of all publications by their state, oldest first."""
    found: dict[PublicationState, list[int]] = {state: [] for state in PublicationState}
    with db.reading() as session:
        for number, state in session.execute(
            select(PublicationRow.id, PublicationRow.state).order_by(PublicationRow.id)
        ):
            found[PublicationState(state)].append(number)
    return found
