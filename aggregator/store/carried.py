"""What readers have of articles, and what has befallen the originals since."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from aggregator.model.edition import PublicationState
from aggregator.model.outlet import RightsMode
from aggregator.model.revision import ChangeKind
from aggregator.store import followed
from aggregator.store.engine import Database
from aggregator.store.schema import ArticleRevisionRow, PublicationRow


@dataclass(frozen=True, slots=True)
class Carried:
    """How much of an article readers have (None: nothing), and whether its page is gone or retracted."""

    out: RightsMode | None = None
    is_gone: bool = False
    is_retracted: bool = False


def of(db: Database, article_ids: Collection[int]) -> dict[int, Carried]:
    """What readers have of these articles, and what befell the originals, by the article's number."""
    query = select(PublicationRow.article_id, PublicationRow.mode).where(
        PublicationRow.article_id.in_(article_ids), PublicationRow.state == PublicationState.PUBLISHED.value
    )
    with db.reading() as session:
        modes = {number: RightsMode(mode) for number, mode in session.execute(query)}
        pages = followed.of_articles(session, article_ids)
        retracted = _retracted(session, article_ids)
    return {
        number: Carried(
            modes.get(number),
            is_gone=number in pages and pages[number].gone_at is not None,
            is_retracted=number in retracted,
        )
        for number in article_ids
    }


def _retracted(session: Session, article_ids: Collection[int]) -> set[int]:
    """The articles of which any revision is a retraction: nobody takes one back in the same article."""
    query = select(ArticleRevisionRow.article_id, ArticleRevisionRow.kinds).where(
        ArticleRevisionRow.article_id.in_(article_ids), ArticleRevisionRow.number > 1
    )
    return {number for number, kinds in session.execute(query) if ChangeKind.RETRACTION.value in kinds}
