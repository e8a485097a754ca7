"""Neighbours: what an article's page shows of its outlet and of its story."""

from typing import Final

from sqlalchemy import bindparam

from aggregator.model.edition import Publication, PublicationState
from aggregator.model.story import Telling
from aggregator.store import shown_stories
from aggregator.store.engine import Database
from aggregator.store.publications import bare_publications, headline_query
from aggregator.store.ready import Ready
from aggregator.store.schema import PublicationRow

_NEWEST: Final = Ready(
    headline_query()
    .where(PublicationRow.outlet == bindparam("outlet"))
    .where(PublicationRow.state == PublicationState.PUBLISHED.value)
    .order_by(PublicationRow.dated_at.desc(), PublicationRow.id.desc())
    .limit(bindparam("most"))
)


def newest(db: Database, outlet: str, limit: int) -> list[Publication]:
    """At most so many publications of an outlet, the newest first, as headlines (``headline_query``)."""
    with db.reading() as session:
        return bare_publications(session, _NEWEST, outlet=outlet, most=limit)


def story_of(db: Database, publication: Publication, limit: int) -> tuple[Telling, list[Publication]] | None:
    """How a publication's story is told, with the newest others as headlines; None if it is alone."""
    telling = shown_stories.tellings(db, [publication.article_id]).get(publication.article_id)
    if telling is None:
        return None
    with db.reading() as session:
        asked = {"story": telling.story, "publication": publication.id, "most": limit}
        return telling, bare_publications(session, shown_stories.OTHERS, **asked)
