"""The history of an article: every version of its words, and what each changed."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from aggregator.dedupe.change import classify
from aggregator.extract.phrases import kind_of
from aggregator.model.article import Article
from aggregator.model.revision import Change, ChangeKind, LastChange, Revised, Version
from aggregator.store.engine import Database
from aggregator.store.ready import Ready
from aggregator.store.rows import blocks_of
from aggregator.store.schema import ArticleRevisionRow, ArticleRow
from aggregator.store.statements import fetched
from aggregator.store.tables.article import EXTRACTION

_VERSIONS: Final = Ready(
    select(*ArticleRevisionRow.__table__.c, ArticleRow.language)
    .join_from(ArticleRevisionRow, ArticleRow, ArticleRow.id == ArticleRevisionRow.article_id)
    .where(ArticleRevisionRow.article_id == bindparam("number"))
    .order_by(ArticleRevisionRow.number)
)
_CHANGES: Final = Ready(
    select(
        ArticleRevisionRow.article_id,
        ArticleRevisionRow.number,
        ArticleRevisionRow.kinds,
        ArticleRevisionRow.stored_at,
    )
    .where(ArticleRevisionRow.article_id.in_(bindparam("numbers", expanding=True)))
    .where(ArticleRevisionRow.number > 1, ArticleRevisionRow.cause != EXTRACTION)
    .order_by(ArticleRevisionRow.article_id, ArticleRevisionRow.number)
)


def is_furniture(line: str) -> bool:
    """Whether a line of a body is page furniture, by the phrases: it does not count as a change."""
    return kind_of(line) is not None


def version(article: Article) -> Version:
    """The words of an article."""
    return Version(article.headline, article.dek, article.blocks, article.language)


def history(db: Database, article_id: int) -> list[Revised]:
    """Every version of an article that is kept, oldest first; empty if there is no such article."""
    with db.reading() as session:
        return [_revised(row) for row in fetched(session, _VERSIONS, number=article_id)]


def last_changes(session: Session, revisions: Mapping[int, int]) -> dict[int, LastChange]:
    """What outlets changed last in articles, by number, up to the revision that is given for each."""
    revised = [number for number, revision in revisions.items() if revision > 1]
    if not revised:
        return {}
    return {
        article_id: LastChange(tuple(ChangeKind(kind) for kind in kinds), stored_at)
        for article_id, number, kinds, stored_at in fetched(session, _CHANGES, numbers=revised)
        if kinds and number <= revisions[article_id]
    }


def change(
    session: Session, newest: Mapping[int, Article], article_id: int, number: int, article: Article
) -> Change:
    """What an article's new words change in its revision ``number``; ``newest`` are those not yet written."""
    if article_id in newest:
        older = version(newest[article_id])
    else:
        row = session.get_one(ArticleRevisionRow, (article_id, number))
        older = Version(row.headline, row.dek, blocks_of(row.blocks), article.language)
    return classify(older, version(article), is_furniture)


def _revised(row: Row[*tuple[Any, ...]]) -> Revised:
    kinds = tuple(ChangeKind(kind) for kind in row.kinds)
    counts = (row.sentences_added or 0, row.sentences_removed or 0, row.sentences_changed or 0)
    return Revised(
        number=row.number,
        version=Version(row.headline, row.dek, blocks_of(row.blocks), row.language),
        change=Change(kinds, *counts) if kinds else None,
        modified=row.modified,
        stored_at=row.stored_at,
        is_ours=row.cause == EXTRACTION,
    )
