"""Told stories: those that several published reports tell, the newest first, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Row, ScalarSelect, func, literal, select, tuple_
from sqlalchemy.orm import Session

from aggregator.store import cursors
from aggregator.store.engine import Database
from aggregator.store.publications import is_out
from aggregator.store.schema import ArticleRow, PublicationRow, StoryArticleRow, StoryRow
from aggregator.store.tables.base import Key, UtcDateTime

LOOKED_THROUGH: Final = 2_000
"""Stories that are looked through for one page: most are told by one report alone, and are not in it."""

_IS_OUT: Final = is_out()
_NEWEST: Final = (datetime.max.replace(tzinfo=UTC), 2**62)


@dataclass(frozen=True, slots=True)
class ToldStory:
    """A story in a list, as readers can see it.

    ``reports`` counts what is published of it, ``outlets`` those that carry any of that, copies among them;
    ``first`` and ``last`` are when its first and last article were published.
    """

    id: int
    headline: str
    language: str | None
    reports: int
    outlets: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class StoryPage:
    """One page; ``next`` is the cursor of the page after it, None on the last one."""

    items: tuple[ToldStory, ...]
    next: str | None


def told(
    db: Database, *, limit: int, before: str | None = None, language: str | None = None, outlets: int = 1
) -> StoryPage:
    """The stories with two published reports and more, by at least so many outlets; the newest article first.

    ``language`` is a primary subtag, ``before`` an earlier page's ``next``. A page may have fewer stories,
    even none, and others after it: ``LOOKED_THROUGH`` bounds its cost.

    Raises:
        UnknownCursorError: ``before`` is no cursor of ours.
    """
    place = cursors.read(before) if before is not None else _NEWEST
    with db.reading() as session:
        newest = _newest(session, place, language)
        found = _told(session, [row.id for row in newest], outlets)
    if len(found) > limit:
        last = found[limit - 1]
        return StoryPage(tuple(found[:limit]), cursors.write(last.last, last.id))
    is_last = len(newest) < LOOKED_THROUGH
    return StoryPage(tuple(found), None if is_last else cursors.write(newest[-1].last_seen, newest[-1].id))


def _newest(
    session: Session, place: tuple[datetime, int], language: str | None
) -> Sequence[Row[int, datetime]]:
    """The living stories behind a place, told by many or by one."""
    at, number = literal(place[0], UtcDateTime()), literal(place[1], Key)
    query = select(StoryRow.id, StoryRow.last_seen).where(
        tuple_(StoryRow.last_seen, StoryRow.id) < tuple_(at, number), StoryRow.merged_into.is_(None)
    )
    if language is not None:
        query = query.where(StoryRow.language == language)
    query = query.order_by(StoryRow.last_seen.desc(), StoryRow.id.desc()).limit(LOOKED_THROUGH)
    return session.execute(query).all()


def _told(session: Session, ids: Sequence[int], outlets: int) -> list[ToldStory]:
    """Those of these stories that are told by several reports, in their order."""
    reports, by = func.count(PublicationRow.id.distinct()), func.count(ArticleRow.outlet.distinct())
    query = (
        select(
            StoryRow.id,
            func.coalesce(_headline(is_chosen=True), _headline(is_chosen=False)),
            StoryRow.language,
            reports,
            by,
            StoryRow.first_seen,
            StoryRow.last_seen,
        )
        .join(StoryArticleRow, StoryArticleRow.story_id == StoryRow.id)
        .join(ArticleRow, ArticleRow.id == StoryArticleRow.article_id)
        .join(PublicationRow, PublicationRow.article_id == func.coalesce(ArticleRow.copy_of, ArticleRow.id))
        .where(StoryRow.id.in_(ids), _IS_OUT)
        .group_by(StoryRow.id)
        .having(reports > 1, by >= outlets)
        .order_by(StoryRow.last_seen.desc(), StoryRow.id.desc())
    )
    return [ToldStory(*row) for row in session.execute(query)]


def _headline(*, is_chosen: bool) -> ScalarSelect[str]:
    """The headline of the article that stands for the story, if readers see it, or of the first report."""
    query = (
        select(PublicationRow.headline)
        .join(StoryArticleRow, StoryArticleRow.article_id == PublicationRow.article_id)
        .where(StoryArticleRow.story_id == StoryRow.id, _IS_OUT)
    )
    if is_chosen:
        query = query.where(PublicationRow.article_id == StoryRow.headline_article)
    first = query.order_by(StoryArticleRow.at, PublicationRow.id).limit(1)
    return first.correlate(StoryRow).scalar_subquery()
