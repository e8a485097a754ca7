"""What shares text with an article: its original, its copies, and articles of their own."""

from sqlalchemy import or_, select

from aggregator.model.duplicate import CopyKind, Evidence, Related
from aggregator.store.engine import Database
from aggregator.store.schema import ArticleRevisionRow, ArticleRow, DuplicateRow


def related(db: Database, article_id: int) -> list[Related]:
    """The articles that share text with one, by number: what it was compared with, and what with it."""
    query = (
        select(DuplicateRow, ArticleRow, ArticleRevisionRow.headline)
        .join(
            ArticleRow,
            or_(
                (DuplicateRow.copy_id == article_id) & (ArticleRow.id == DuplicateRow.original_id),
                (DuplicateRow.original_id == article_id) & (ArticleRow.id == DuplicateRow.copy_id),
            ),
        )
        .join(
            ArticleRevisionRow,
            (ArticleRevisionRow.article_id == ArticleRow.id)
            & (ArticleRevisionRow.number == ArticleRow.revision),
        )
        .order_by(ArticleRow.id)
    )
    with db.reading() as session:
        own = session.get(ArticleRow, article_id)
        return [
            Related(
                article_id=other.id,
                outlet=other.outlet,
                headline=headline,
                url=other.source_link,
                kind=CopyKind(row.kind),
                score=row.score,
                is_earlier=row.copy_id == article_id,
                is_copy=(own if row.copy_id == article_id else other).copy_of is not None if own else False,
                evidence=_evidence(row),
            )
            for row, other, headline in session.execute(query)
        ]


def _evidence(row: DuplicateRow) -> Evidence | None:
    told = dict(row.evidence or {})
    told.pop("shared_shingles", None)
    if not told:
        return None
    passages = tuple(tuple(passage) for passage in told.pop("passages"))
    return Evidence(**told, passages=passages)
