"""What hangs on articles in other tables: provenance, cuts, pictures; always those of the newest revision."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from aggregator.model.article import Article
from aggregator.store.rows import cut_values, field_values
from aggregator.store.schema import ArticleCutRow, ArticleFieldRow, ImageRow
from aggregator.store.statements import insert_rows

_DETAILS: Final = (ArticleFieldRow, ArticleCutRow, ImageRow)


def write_details(session: Session, newest: Mapping[int, Article], replaced: Collection[int]) -> None:
    """Write what hangs on these articles, by their numbers; of ``replaced`` ones the old goes first."""
    for detail in _DETAILS if replaced else ():
        session.execute(delete(detail).where(detail.article_id.in_(replaced)))
    rows: tuple[list[dict[str, Any]], ...] = ([], [], [])
    fields, cuts, images = rows
    for article_id, article in newest.items():
        fields += [{"article_id": article_id, **values} for values in field_values(article)]
        cuts += [
            {"article_id": article_id, "position": n, **cut_values(cut)} for n, cut in enumerate(article.cuts)
        ]
        images += [
            {
                "article_id": article_id,
                "position": n,
                "url": image.url,
                "alt": image.alt,
                "caption": image.caption,
                "credit": image.credit,
            }
            for n, image in enumerate(article.images)
        ]
    for table, made in zip(_DETAILS, rows, strict=True):
        insert_rows(session, table, made)
