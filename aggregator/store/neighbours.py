"""Neighbours: what an article's page shows of its outlet and of its story."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam

from aggregator.model.edition import Publication, PublicationState
from aggregator.model.story import Telling
from aggregator.store import shown_stories
from aggregator.store.engine import Database
from aggregator.store.publications import publication_query, publications_of
from aggregator.store.schema import PublicationRow
from aggregator.store.statements import fetched


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The newest others of an article's outlet; how its story is told (None if it is alone), and by whom."""

    of_outlet: tuple[Publication, ...]
    telling: Telling | None
    of_story: tuple[Publication, ...]


_NEWEST: Final = (
    publication_query()
    .where(PublicationRow.outlet == bindparam("outlet"))
    .where(PublicationRow.state == PublicationState.PUBLISHED.value)
    .where(PublicationRow.id != bindparam("publication"))
    .order_by(PublicationRow.dated_at.desc(), PublicationRow.id.desc())
    .limit(bindparam("most"))
)


def neighbours(db: Database, publication: Publication, limit: int) -> Neighbours:
    """At most so many others of a publication's outlet, and as many of its story, the newest first."""
    with db.moment(), db.reading() as session:
        asked = {"publication": publication.id, "most": limit}
        newest = fetched(session, _NEWEST, outlet=publication.outlet, **asked)
        telling = shown_stories.tellings(db, [publication.article_id]).get(publication.article_id)
        others = fetched(session, shown_stories.OTHERS, story=telling.story, **asked) if telling else ()
        # What belongs to them is read for all at once.
        found = publications_of(session, (*newest, *others))
        return Neighbours(tuple(found[: len(newest)]), telling, tuple(found[len(newest) :]))
