"""An outlet's rhythm: when what we carry of it is dated, and what of that it changed."""

from datetime import datetime

from sqlalchemy import select

from aggregator.model.edition import Publication, PublicationState
from aggregator.store.engine import Database
from aggregator.store.publications import publication_query, read_publications
from aggregator.store.schema import PublicationRow

MOST = 5_000
"""Articles that are counted; whoever publishes more in the time has the same rhythm in the newest."""


def moments(db: Database, outlet: str, since: datetime) -> list[datetime]:
    """When what is out of an outlet is dated, from a moment on, newest first."""
    query = (
        select(PublicationRow.dated_at)
        .where(PublicationRow.outlet == outlet, PublicationRow.state == PublicationState.PUBLISHED.value)
        .where(PublicationRow.dated_at >= since)
        .order_by(PublicationRow.dated_at.desc())
        .limit(MOST)
    )
    with db.reading() as session:
        return list(session.execute(query).scalars())


def changed(db: Database, outlet: str, since: datetime, limit: int) -> list[Publication]:
    """What is out of an outlet, dated from a moment on, and changed by it since; the last changed first."""
    query = (
        publication_query()
        .where(PublicationRow.outlet == outlet, PublicationRow.state == PublicationState.PUBLISHED.value)
        .where(PublicationRow.dated_at >= since, PublicationRow.updated_at > PublicationRow.published_at)
        .order_by(PublicationRow.updated_at.desc(), PublicationRow.id.desc())
        .limit(limit)
    )
    with db.reading() as session:
        return read_publications(session, query)
