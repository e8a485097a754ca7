"""Stories as they are read: lists of them, and one with its timeline."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from aggregator.errors import UnknownStoryError
from aggregator.model.article import Completeness
from aggregator.model.story import JoinKind, Ruling, RulingKind, Story, StoryArticle, StoryHead
from aggregator.store.engine import Database
from aggregator.store.schema import (
    ArticleRevisionRow,
    ArticleRow,
    StoryArticleRow,
    StoryRow,
    StoryRulingRow,
)


def heads(
    db: Database,
    *,
    language: str | None = None,
    since: datetime | None = None,
    outlets: int = 1,
    limit: int = 50,
) -> list[StoryHead]:
    """Stories of at least so many outlets, the newest first; ``since`` is the earliest last article."""
    wanted: list[ColumnElement[bool]] = [StoryRow.merged_into.is_(None)]
    if language is not None:
        wanted.append(StoryRow.language == language)
    if since is not None:
        wanted.append(StoryRow.last_seen >= since)
    query = _heads().where(*wanted).having(func.count(ArticleRow.outlet.distinct()) >= outlets)
    query = query.order_by(StoryRow.last_seen.desc(), StoryRow.id.desc()).limit(limit)
    with db.reading() as session:
        return _read_heads(session, query)


def story(db: Database, number: int) -> Story:
    """A story whole, under its number or that of one that went into it.

    Raises:
        UnknownStoryError: there is none of this number.
    """
    with db.reading() as session:
        return read_story(session, living(session, number))


def living(session: Session, number: int) -> int:
    """The number of the story that this one is today; raises UnknownStoryError."""
    found = session.execute(
        select(func.coalesce(StoryRow.merged_into, StoryRow.id)).where(StoryRow.id == number)
    ).scalar()
    if found is None:
        raise UnknownStoryError(f"{number}: no such story; `aggregator story list` shows the newest")
    return found


def read_story(session: Session, number: int) -> Story:
    """The living story of this number."""
    head = _read_heads(session, _heads().where(StoryRow.id == number))[0]
    headline = session.execute(select(StoryRow.headline_article).where(StoryRow.id == number)).scalar_one()
    rulings = (
        select(StoryRulingRow)
        .where(or_(StoryRulingRow.story_id == number, StoryRulingRow.other_id == number))
        .order_by(StoryRulingRow.id)
    )
    return Story(
        head=head,
        headline_article=headline,
        articles=tuple(_articles(session, number)),
        rulings=tuple(ruling_of(row) for row in session.execute(rulings).scalars()),
    )


def story_of(db: Database, article_id: int) -> int | None:
    """The number of an article's story; None while it waits for one."""
    with db.reading() as session:
        return session.execute(
            select(StoryArticleRow.story_id).where(StoryArticleRow.article_id == article_id)
        ).scalar()


def ruling_of(row: StoryRulingRow) -> Ruling:
    """A ruling as it is stored."""
    return Ruling(
        id=row.id,
        kind=RulingKind(row.kind),
        story=row.story_id,
        other=row.other_id,
        articles=tuple(row.articles),
        ruled_at=row.ruled_at,
        undone_at=row.undone_at,
    )


def _heads() -> Select[*tuple[Any, ...]]:
    headline = (
        select(ArticleRevisionRow.headline)
        .join(
            ArticleRow,
            (ArticleRow.id == ArticleRevisionRow.article_id)
            & (ArticleRow.revision == ArticleRevisionRow.number),
        )
        .where(ArticleRow.id == StoryRow.headline_article)
        .scalar_subquery()
    )
    return (
        select(
            StoryRow.id,
            StoryRow.language,
            headline.label("headline"),
            StoryRow.first_seen,
            StoryRow.last_seen,
            func.count().label("articles"),
            func.count(ArticleRow.outlet.distinct()).label("outlets"),
            func.count(func.coalesce(ArticleRow.copy_of, ArticleRow.id).distinct()).label("voices"),
        )
        .join(StoryArticleRow, StoryArticleRow.story_id == StoryRow.id)
        .join(ArticleRow, ArticleRow.id == StoryArticleRow.article_id)
        .group_by(StoryRow.id)
    )


def _read_heads(session: Session, query: Select[*tuple[Any, ...]]) -> list[StoryHead]:
    return [
        StoryHead(
            id=row.id,
            language=row.language,
            headline=row.headline,
            first_seen=row.first_seen,
            last_seen=row.last_seen,
            articles=row.articles,
            outlets=row.outlets,
            voices=row.voices,
        )
        for row in session.execute(query)
    ]


def _articles(session: Session, number: int) -> Sequence[StoryArticle]:
    query = (
        select(
            ArticleRow.id,
            ArticleRow.outlet,
            ArticleRow.url,
            ArticleRow.copy_of,
            ArticleRow.completeness,
            ArticleRevisionRow.headline,
            StoryArticleRow.at,
            StoryArticleRow.joined,
            StoryArticleRow.score,
        )
        .join(StoryArticleRow, StoryArticleRow.article_id == ArticleRow.id)
        .join(
            ArticleRevisionRow,
            (ArticleRevisionRow.article_id == ArticleRow.id)
            & (ArticleRevisionRow.number == ArticleRow.revision),
        )
        .where(StoryArticleRow.story_id == number)
        .order_by(StoryArticleRow.at, ArticleRow.id)
    )
    return [
        StoryArticle(
            id=row.id,
            outlet=row.outlet,
            headline=row.headline,
            url=row.url,
            at=row.at,
            copy_of=row.copy_of,
            completeness=Completeness(row.completeness),
            joined=JoinKind(row.joined),
            score=row.score,
        )
        for row in session.execute(query)
    ]
