"""A takeover: an original that comes after its copy, or after its older version, gets what belongs to it."""

from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from aggregator.model.duplicate import Original
from aggregator.model.edition import PublicationState
from aggregator.store.schema import ArticleRow, DuplicateRow, FollowedPageRow, PublicationRow


def take_over(session: Session, original: int, verdict: Original, at: datetime) -> None:
    """Make the stored articles that a verdict names copies of an original that was stored after them.

    Their own copies follow. What readers already have of their text becomes the original's, to be decided
    anew by the rights of the original's outlet; its address stays.
    """
    session.execute(delete(DuplicateRow).where(DuplicateRow.copy_id.in_(verdict.of)))
    for copy in verdict.of:
        session.execute(update(ArticleRow).where(ArticleRow.copy_of == copy).values(copy_of=original))
        session.execute(
            update(ArticleRow).where(ArticleRow.id == copy).values(copy_of=original, awaits_publishing=False)
        )
        session.execute(
            update(DuplicateRow).where(DuplicateRow.original_id == copy).values(original_id=original)
        )
        session.execute(
            insert(DuplicateRow).values(
                copy_id=copy,
                original_id=original,
                kind=verdict.kind.value,
                score=verdict.score,
                found_at=at,
            )
        )
    if (row := _what_readers_have(session, original)) is not None:
        # Revision 0 is older than any, so the publisher takes the row for one that waits for its article.
        outlet = session.get_one(ArticleRow, original).outlet
        session.execute(
            update(PublicationRow)
            .where(PublicationRow.id == row)
            .values(article_id=original, outlet=outlet, revision=0)
        )
        # It is the original's page that is followed from now on.
        session.execute(
            update(FollowedPageRow)
            .where(FollowedPageRow.publication_id == row)
            .values(outlet=outlet, due_at=at, looked_at=None, missing_since=None, gone_at=None)
        )


def _what_readers_have(session: Session, original: int) -> int | None:
    """The publication of the text, by whichever copy it went out; else the first that was refused."""
    query = (
        select(PublicationRow.id)
        .join(ArticleRow, ArticleRow.id == PublicationRow.article_id)
        .where(ArticleRow.copy_of == original)
        .order_by(PublicationRow.state == PublicationState.REFUSED.value, ArticleRow.id)
        .limit(1)
    )
    return session.execute(query).scalar()
