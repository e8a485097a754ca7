"""Shown stories: what readers can see of stories, published articles and no others."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from aggregator.errors import UnknownStoryError
from aggregator.model.story import ShownStory, Telling
from aggregator.store.engine import Database
from aggregator.store.publications import Found, headline_query, is_out, publication_query, read_publications
from aggregator.store.ready import Ready
from aggregator.store.schema import ArticleRow, PublicationRow, StoryArticleRow, StoryRow
from aggregator.store.statements import fetched
from aggregator.store.stories import living

REPORTS = 200
"""Reports that a story's page shows: the most of the largest events, and a page that loads at once."""

_IS_OUT: Final = is_out()


_OWN: Final = aliased(StoryArticleRow)
_COUNT_OF_REPORTS: Final = func.count(PublicationRow.id.distinct())
_TELLINGS: Final = Ready(
    select(_OWN.article_id, _OWN.story_id, _COUNT_OF_REPORTS, func.count(ArticleRow.outlet.distinct()))
    .join_from(_OWN, StoryArticleRow, StoryArticleRow.story_id == _OWN.story_id)
    .join(ArticleRow, ArticleRow.id == StoryArticleRow.article_id)
    .join(PublicationRow, PublicationRow.article_id == func.coalesce(ArticleRow.copy_of, ArticleRow.id))
    .where(_OWN.article_id.in_(bindparam("numbers", expanding=True)), _IS_OUT)
    .group_by(_OWN.article_id, _OWN.story_id)
    .having(_COUNT_OF_REPORTS > 1)
)


def _of_story(query: Found) -> Found:
    return (
        query.join(StoryArticleRow, StoryArticleRow.article_id == ArticleRow.id)
        .where(StoryArticleRow.story_id == bindparam("story"), _IS_OUT)
        .order_by(StoryArticleRow.at.desc(), PublicationRow.id.desc())
        .limit(bindparam("most"))
    )


_PUBLISHED: Final = Ready(_of_story(publication_query()))
"""The newest publications of a story."""
OTHERS: Final = Ready(_of_story(headline_query()).where(PublicationRow.id != bindparam("publication")))
"""The newest publications of a story but for one, as headlines."""
_OUTLETS: Final = Ready(
    select(func.count(ArticleRow.outlet.distinct()))
    .join_from(StoryArticleRow, ArticleRow, StoryArticleRow.article_id == ArticleRow.id)
    .join(PublicationRow, PublicationRow.article_id == func.coalesce(ArticleRow.copy_of, ArticleRow.id))
    .where(StoryArticleRow.story_id == bindparam("story"), _IS_OUT)
)
"""How many outlets carry any of what is published of a story, copies among them."""


def tellings(db: Database, article_ids: Collection[int]) -> dict[int, Telling]:
    """What readers can see of the stories of these articles, by article; an article alone is left out."""
    if not article_ids:
        return {}
    with db.reading() as session:
        found = fetched(session, _TELLINGS, numbers=list(article_ids))
    return {article: Telling(*facts) for article, *facts in found}


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
        reports = read_publications(session, _PUBLISHED, story=story.id, most=REPORTS)[::-1]
        if not reports:
            return None
        for_all = next((each for each in reports if each.article_id == story.headline_article), reports[0])
        return ShownStory(
            id=story.id,
            headline=for_all.headline,
            language=for_all.language,
            outlets=fetched(session, _OUTLETS, story=story.id)[0][0],
            reports=tuple(reports),
        )
