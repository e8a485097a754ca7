"""Locking away: an article's words leave every table that is read, and can be brought back for a while."""

import json
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, func, literal, select, update
from sqlalchemy.orm import Session

from aggregator.model.delivery import EventKind
from aggregator.model.edition import PublicationState
from aggregator.store.outbox import record
from aggregator.store.schema import (
    ArticleCutRow,
    ArticleFieldRow,
    ArticleRevisionRow,
    ArticleRow,
    ImageRow,
    PublicationRow,
    StoryArticleRow,
    StoryRow,
    TakedownArticleRow,
)
from aggregator.store.statements import insert_rows
from aggregator.store.tables.base import UtcDateTime
from aggregator.store.topic_rows import write_topics

_REVISION: Final = ("number", "headline", "dek", "blocks")
_PUBLICATION: Final = ("state", "headline", "blocks", "credit", "withdrawn_reason", "withdrawn_by")
_LOST: Final = (ArticleCutRow, ImageRow)

Kept = Mapping[str, Any]


def lock_away(session: Session, article_ids: Sequence[int], reason: str, at: datetime) -> dict[int, bytes]:
    """Take the words of articles out of all tables; each article's words, packed for ``bring_back``.

    What stays is what names nobody: numbers, addresses, outlets, times, hashes. What was published is
    withdrawn, with the reason; nothing of it waits for publishing any more.
    """
    packed = {number: _packed(session, number) for number in article_ids}
    of_revisions = ArticleRevisionRow.article_id.in_(article_ids)
    _run(session, update(ArticleRevisionRow).where(of_revisions).values(headline="", dek=None, blocks=[]))
    of_articles = ArticleRow.id.in_(article_ids)
    _run(session, update(ArticleRow).where(of_articles).values(byline=[], tags=[], awaits_publishing=False))
    of_fields = ArticleFieldRow.article_id.in_(article_ids) & ArticleFieldRow.value.is_not(None)
    _run(session, update(ArticleFieldRow).where(of_fields).values(value=""))
    for table in _LOST:
        _run(session, delete(table).where(table.article_id.in_(article_ids)))
    _withdraw(session, article_ids, reason, at)
    write_topics(session, article_ids)
    _head_stories_otherwise(session, article_ids)
    return packed


def bring_back(session: Session, article_id: int, packed: bytes, at: datetime) -> None:
    """Put an article's words back where they stood; what had been published is out again."""
    kept: Kept = json.loads(zlib.decompress(packed))
    for values in kept["revisions"]:
        here = (ArticleRevisionRow.article_id == article_id) & (ArticleRevisionRow.number == values["number"])
        _run(session, update(ArticleRevisionRow).where(here).values(values))
    _run(session, update(ArticleRow).where(ArticleRow.id == article_id).values(kept["article"]))
    for values in kept["fields"]:
        place = (ArticleFieldRow.article_id == article_id) & (ArticleFieldRow.position == values["position"])
        _run(session, update(ArticleFieldRow).where(place).values(values))
    for table in _LOST:
        insert_rows(session, table, kept[table.__tablename__])
    if kept["publication"] is not None:
        values = kept["publication"] | {"changed_at": at, "awaits_indexing": True}
        if values["state"] != PublicationState.WITHDRAWN.value:
            values["withdrawn_at"] = None
        if values["state"] == PublicationState.PUBLISHED.value:
            number = select(PublicationRow.id).where(PublicationRow.article_id == article_id)
            record(session, EventKind.PUBLISHED, session.execute(number).scalars().all(), at)
        _run(session, update(PublicationRow).where(PublicationRow.article_id == article_id).values(values))
    write_topics(session, [article_id])


def _withdraw(session: Session, article_ids: Sequence[int], reason: str, at: datetime) -> None:
    moment = literal(at, UtcDateTime())
    of_these = PublicationRow.article_id.in_(article_ids)
    out = PublicationRow.state == PublicationState.PUBLISHED.value
    numbers = session.execute(select(PublicationRow.id).where(of_these, out)).scalars().all()
    record(session, EventKind.WITHDRAWN, numbers, at)
    words = {"headline": "", "blocks": [], "credit": "", "changed_at": moment, "awaits_indexing": True}
    _run(session, update(PublicationRow).where(of_these).values(words))
    # What was refused was never out, and has no reader to tell.
    is_out = PublicationRow.state != PublicationState.REFUSED.value
    told = {
        "state": PublicationState.WITHDRAWN.value,
        "withdrawn_at": func.coalesce(PublicationRow.withdrawn_at, moment),
        "withdrawn_reason": reason,
        "withdrawn_by": None,  # whatever withdrew it before cannot bring it back
    }
    _run(session, update(PublicationRow).where(of_these, is_out).values(told))


def _head_stories_otherwise(session: Session, article_ids: Sequence[int]) -> None:
    """Give stories that these articles stand for the headline of another one, if there is any."""
    next_one = (
        select(StoryArticleRow.article_id)
        .where(StoryArticleRow.story_id == StoryRow.id)
        .where(StoryArticleRow.article_id.not_in(select(TakedownArticleRow.article_id)))
        .where(StoryArticleRow.article_id.not_in(article_ids))
        .order_by(StoryArticleRow.at, StoryArticleRow.article_id)
        .limit(1)
        .scalar_subquery()
    )
    headed = update(StoryRow).where(StoryRow.headline_article.in_(article_ids))
    _run(session, headed.values(headline_article=func.coalesce(next_one, StoryRow.headline_article)))


def _packed(session: Session, article_id: int) -> bytes:
    article = session.execute(
        select(ArticleRow.byline, ArticleRow.tags, ArticleRow.awaits_publishing).where(
            ArticleRow.id == article_id
        )
    ).one()
    publication = _rows(session, PublicationRow, _PUBLICATION, article_id)
    kept: Kept = {
        "article": dict(article._mapping),  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping
        "revisions": _rows(session, ArticleRevisionRow, _REVISION, article_id),
        "fields": [
            row for row in _rows(session, ArticleFieldRow, ("position", "value"), article_id) if row["value"]
        ],
        "publication": publication[0] if publication else None,
        **{table.__tablename__: _rows(session, table, _columns(table), article_id) for table in _LOST},
    }
    return zlib.compress(json.dumps(kept, ensure_ascii=False).encode("utf-8", "surrogatepass"), 9)


def _columns(table: Any) -> tuple[str, ...]:
    return tuple(table.__table__.columns.keys())


def _rows(session: Session, table: Any, names: Sequence[str], article_id: int) -> list[dict[str, Any]]:
    columns = [table.__table__.c[name] for name in names]
    found = session.execute(select(*columns).where(table.article_id == article_id))
    return [dict(zip(names, row, strict=True)) for row in found]


def _run(session: Session, statement: Any) -> None:
    session.execute(statement, execution_options={"synchronize_session": False})
