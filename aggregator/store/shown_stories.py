"""Shown stories: what readers can see of stories, published articles and no others."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from aggregator.errors import UnknownStoryError
from aggregator.model.edition import Publication
from aggregator.model.story import ShownStory, Telling
from aggregator.store.engine import Database
from aggregator.store.publications import Found, is_out, publication_query, read_publications
from aggregator.store.schema import ArticleRow, PublicationRow, StoryArticleRow, StoryRow
from aggregator.store.stories import living

REPORTS = 200
"""Reports that a story's page shows: the most of the largest events, and a page that loads at once."""

_IS_OUT: Final = is_out()


def tellings(db: Database, article_ids: Collection[int]) -> dict[int, Telling]:
    """What readers can see of the stories of these articles, by article; an article alone is left out."""
    if not article_ids:
        return {}
    own = aliased(StoryArticleRow)
    reports = func.count(PublicationRow.id.distinct())
    query = (
        select(own.article_id, own.story_id, reports, func.count(ArticleRow.outlet.distinct()))
        .join(StoryArticleRow, StoryArticleRow.story_id == own.story_id)
        .join(ArticleRow, ArticleRow.id == StoryArticleRow.article_id)
        .join(PublicationRow, PublicationRow.article_id == func.coalesce(ArticleRow.copy_of, ArticleRow.id))
        .where(own.article_id.in_(article_ids), _IS_OUT)
        .group_by(own.article_id, own.story_id)
        .having(reports > 1)
    )
    with db.reading() as session:
        return {article: Telling(*facts) for article, *facts in session.execute(query)}


def shown(db: Database, number: int) -> ShownStory | None:
    """A story by its number, or by that of one that went into it; None if nothing of it is published.

    Of one with more than ``REPORTS`` the newest are shown.

    Raises:
        UnknownStoryError: there is none of this number.
    """
    with db.reading() as session:
        story = session.get(StoryRow, living(session, number))
        if story is None:
            raise UnknownStoryError(f"{number}: no such story")
        newest = StoryArticleRow.at.desc(), PublicationRow.id.desc()
        reports = read_publications(session, _published_of(story.id).order_by(*newest).limit(REPORTS))[::-1]
        if not reports:
            return None
        for_all = next((each for each in reports if each.article_id == story.headline_article), reports[0])
        return ShownStory(
            id=story.id,
            headline=for_all.headline,
            language=for_all.language,
            outlets=_outlets(session, story.id),
            reports=tuple(reports),
        )


def others(db: Database, publication: Publication, story: int, limit: int) -> list[Publication]:
    """The newest other publications of a publication's story."""
    query = (
        _published_of(story)
        .where(PublicationRow.id != publication.id)
        .order_by(StoryArticleRow.at.desc(), PublicationRow.id.desc())
        .limit(limit)
    )
    with db.reading() as session:
        return read_publications(session, query)


def _published_of(story: int) -> Found:
    return (
        publication_query()
        .join(StoryArticleRow, StoryArticleRow.article_id == ArticleRow.id)
        .where(StoryArticleRow.story_id == story, _IS_OUT)
    )


def _outlets(session: Session, story: int) -> int:
    """How many outlets carry any of what is published of a story, copies among them."""
    query = (
        select(func.count(ArticleRow.outlet.distinct()))
        .join(StoryArticleRow, StoryArticleRow.article_id == ArticleRow.id)
        .join(PublicationRow, PublicationRow.article_id == func.coalesce(ArticleRow.copy_of, ArticleRow.id))
        .where(StoryArticleRow.story_id == story, _IS_OUT)
    )
    return session.execute(query).scalar_one()
