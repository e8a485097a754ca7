"""A takeover: an original that comes after its copy gets what belongs to it."""

from datetime import datetime

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from aggregator.model.duplicate import CopyKind
from aggregator.store.schema import ArticleRow, DuplicateRow, PublicationRow


def take_over(session: Session, original: int, copies: tuple[int, ...], at: datetime) -> None:
    """Make stored articles copies of an original that was stored after them.

    Their own copies follow. What readers already have of the first of them becomes the original's, to be
    decided anew by the rights of the original's outlet; its address stays.
    """
    for copy in copies:
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
                kind=CopyKind.SYNDICATED.value,
                score=1.0,
                found_at=at,
            )
        )
    # Revision 0 is older than any, so the publisher takes the row for one that waits for its article.
    outlet = session.get_one(ArticleRow, original).outlet
    session.execute(
        update(PublicationRow)
        .where(PublicationRow.article_id == min(copies))
        .values(article_id=original, outlet=outlet, revision=0)
    )
