"""Rows of topics: under which sections and tags publications are found, as their articles say now."""

from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from aggregator import topics
from aggregator.store.schema import ArticleRow, PublicationRow, PublicationTopicRow
from aggregator.store.statements import insert_rows


def write_topics(session: Session, article_ids: Collection[int]) -> None:
    """Write the topics of these articles' publications anew; an article that was never decided has none."""
    rows = session.execute(
        select(PublicationRow.id, ArticleRow.section, ArticleRow.tags)
        .join(ArticleRow, ArticleRow.id == PublicationRow.article_id)
        .where(PublicationRow.article_id.in_(article_ids))
    ).all()
    session.execute(
        delete(PublicationTopicRow).where(PublicationTopicRow.publication_id.in_([row.id for row in rows])),
        execution_options={"synchronize_session": False},
    )
    found = [
        {"topic": key, "publication_id": row.id, "label": label}
        for row in rows
        for key, label in topics.of(row.section, row.tags).items()
    ]
    insert_rows(session, PublicationTopicRow, found)
