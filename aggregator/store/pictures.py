"""Pictures: what pages show with their articles, as their outlets' own files."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from aggregator.model.article import Image
from aggregator.store.schema import ImageRow


def of_articles(session: Session, article_ids: Collection[int]) -> dict[int, tuple[Image, ...]]:
    """The pictures of these articles, in the pages' order; one statement, none if there are no articles."""
    if not article_ids:
        return {}
    query = (
        select(ImageRow)
        .where(ImageRow.article_id.in_(article_ids))
        .order_by(ImageRow.article_id, ImageRow.position)
    )
    found: dict[int, list[Image]] = defaultdict(list)
    for row in session.execute(query).scalars():
        found[row.article_id].append(Image(row.url, row.alt, row.caption, row.credit))
    return {number: tuple(images) for number, images in found.items()}
