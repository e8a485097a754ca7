"""Frequent topics: the sections and tags that many of the newest publications carry."""

from dataclasses import dataclass

from sqlalchemy import func, select

from aggregator.model.edition import PublicationState
from aggregator.store.engine import Database
from aggregator.store.publications import in_language
from aggregator.store.schema import PublicationRow, PublicationTopicRow

NEWEST = 2_000
"""Publications that are counted: some days of a large site; a million would take seconds to count."""


@dataclass(frozen=True, slots=True)
class TopicCount:
    """A topic's key, its words as an outlet writes them, and how many of the newest publications carry it."""

    key: str
    label: str
    publications: int


def frequent(
    db: Database, *, limit: int, language: str | None = None, outlet: str | None = None
) -> list[TopicCount]:
    """The topics of the ``NEWEST`` publications, the most frequent first, then by key."""
    newest = select(PublicationRow.id).where(PublicationRow.state == PublicationState.PUBLISHED.value)
    if language is not None:
        newest = newest.where(in_language(language))
    if outlet is not None:
        newest = newest.where(PublicationRow.outlet == outlet)
    newest = newest.order_by(PublicationRow.dated_at.desc(), PublicationRow.id.desc()).limit(NEWEST)
    of_them = PublicationTopicRow.publication_id.in_(select(newest.subquery().c.id))
    count = func.count()
    query = (
        select(PublicationTopicRow.topic, func.max(PublicationTopicRow.label), count)
        .where(of_them)
        .group_by(PublicationTopicRow.topic)
        .order_by(count.desc(), PublicationTopicRow.topic)
        .limit(limit)
    )
    with db.reading() as session:
        return [TopicCount(*row) for row in session.execute(query)]
