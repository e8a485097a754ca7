"""Operators' words on stories: merge, split, take back, and place all anew."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from aggregator.dedupe.story_vector import unpacked
from aggregator.errors import StoryRulingError
from aggregator.model.article import Completeness
from aggregator.model.story import JoinKind, Ruling, RulingKind
from aggregator.store import story_rows
from aggregator.store.engine import Database
from aggregator.store.placing import merge_rows
from aggregator.store.schema import (
    ArticleRow,
    StoryArticleRow,
    StoryRow,
    StoryRulingRow,
    StoryTermRow,
    StoryVectorRow,
)
from aggregator.store.statements import new_ids
from aggregator.store.stories import living, ruling_of
from aggregator.store.story_queue import be_only_placer, keep_progress, progress_of

_LAZILY: Final = {"synchronize_session": False}


def merge(db: Database, one: int, other: int, now: datetime) -> Ruling:
    """Make two stories one, which has the older one's number; a split of the two is taken back.

    Raises:
        UnknownStoryError: there is no story of one of the numbers.
        StoryRulingError: they are one already.
    """
    with db.session() as session:
        be_only_placer(session)
        stays, goes = sorted((living(session, one), living(session, other)))
        if stays == goes:
            raise StoryRulingError(f"{one} and {other} are one story already: {stays}")
        session.execute(
            update(StoryRulingRow)
            .where(
                StoryRulingRow.undone_at.is_(None),
                StoryRulingRow.kind == RulingKind.SPLIT.value,
                StoryRulingRow.story_id.in_((stays, goes)),
                StoryRulingRow.other_id.in_((stays, goes)),
            )
            .values(undone_at=now),
            execution_options=_LAZILY,
        )
        articles = _articles_of(session, goes)
        merge_rows(session, goes, stays)
        _refresh(session, (stays,))
        return _rule(session, RulingKind.MERGE, (stays, goes), articles, now)


def split(db: Database, number: int, articles: Sequence[int], now: datetime) -> Ruling:
    """Make articles of a story, with their copies, a story of their own; nothing joins the two again.

    Raises:
        UnknownStoryError: there is no story of this number.
        StoryRulingError: an article is not of the story, or none would be left in it.
    """
    with db.session() as session:
        be_only_placer(session)
        story = living(session, number)
        held = _articles_of(session, story)
        if strange := sorted(set(articles) - set(held)):
            raise StoryRulingError(f"story {story}: does not hold article {', '.join(map(str, strange))}")
        copies = select(ArticleRow.id).where(ArticleRow.copy_of.in_(articles), ArticleRow.id.in_(held))
        moved = sorted({*articles, *session.execute(copies).scalars()})
        if len(moved) == len(held):
            raise StoryRulingError(f"story {story}: these are all its articles; leave at least one")
        own = _open(session, story, moved)
        _move(session, moved, own)
        session.execute(
            update(StoryArticleRow)
            .where(StoryArticleRow.article_id.in_(moved))
            .values(joined=JoinKind.OPERATOR.value)
        )
        _refresh(session, (story, own))
        return _rule(session, RulingKind.SPLIT, (story, own), moved, now)


def undo(db: Database, ruling: int, now: datetime) -> Ruling:
    """Take back what was ruled: a merged story comes back with its articles, a split one goes back.

    Raises:
        StoryRulingError: there is no such ruling, it was taken back already, or its stories changed since.
    """
    with db.session() as session:
        be_only_placer(session)
        row = session.get(StoryRulingRow, ruling)
        if row is None or row.undone_at is not None:
            raise StoryRulingError(f"{ruling}: no ruling that stands; `aggregator story show` lists them")
        story, other = living(session, row.story_id), row.other_id
        if row.kind == RulingKind.MERGE.value:
            left = [number for number in row.articles if number in set(_articles_of(session, story))]
            if not left or len(left) == len(_articles_of(session, story)):
                raise StoryRulingError(
                    f"{ruling}: story {story} was changed since; use `aggregator story split` instead"
                )
            session.execute(update(StoryRow).where(StoryRow.id == other).values(merged_into=None))
            _move(session, left, other)
            _refresh(session, (story, other))
        elif living(session, other) != story:
            merge_rows(session, other, story)
            _refresh(session, (story,))
        row.undone_at = now
        session.flush()
        return ruling_of(row)


def begin_rebuild(db: Database) -> bool:
    """Have all articles placed anew, oldest first; false if a rebuild is under way already.

    Nothing is removed: an article stays in its story until its turn comes. Stories that an operator's word
    stands for stay as they are. The placing of new articles waits until the rebuild has reached them.
    """
    with db.session() as session:
        be_only_placer(session)
        known = progress_of(session)
        if known.rebuild_until is not None:
            return False
        if known.placed:
            session.execute(delete(StoryTermRow))
            session.execute(delete(StoryVectorRow))
            keep_progress(
                session, replace(known, placed=0, round=known.round + 1, rebuild_until=known.placed)
            )
        return True


def _rule(
    session: Session, kind: RulingKind, stories: tuple[int, int], articles: Sequence[int], now: datetime
) -> Ruling:
    story, other = stories
    row = StoryRulingRow(
        id=new_ids(session, StoryRulingRow, 1)[0],
        kind=kind.value,
        story_id=story,
        other_id=other,
        articles=list(articles),
        ruled_at=now,
        undone_at=None,
    )
    session.add(row)
    session.flush()
    return ruling_of(row)


def _articles_of(session: Session, story: int) -> list[int]:
    query = select(StoryArticleRow.article_id).where(StoryArticleRow.story_id == story)
    return list(session.execute(query.order_by(StoryArticleRow.article_id)).scalars())


def _open(session: Session, story: int, articles: Sequence[int]) -> int:
    """A new story like another one, for these articles."""
    like = session.get_one(StoryRow, story)
    row = StoryRow(
        id=new_ids(session, StoryRow, 1)[0],
        language=like.language,
        headline_article=articles[0],
        first_seen=like.first_seen,
        last_seen=like.last_seen,
        merged_into=None,
        round=like.round,
    )
    session.add(row)
    session.flush()
    return row.id


def _move(session: Session, articles: Sequence[int], story: int) -> None:
    for table in (StoryArticleRow, StoryVectorRow):
        session.execute(
            update(table).where(table.article_id.in_(articles)).values(story_id=story),
            execution_options=_LAZILY,
        )
    # The terms of an article that is found by them must lead to its story.
    vectors = select(StoryVectorRow).where(StoryVectorRow.article_id.in_(articles))
    _hold_again(session, session.execute(vectors).scalars().all(), story)


def _hold_again(session: Session, rows: Iterable[StoryVectorRow], story: int) -> None:
    held = {(row.period, term, story) for row in rows for term in unpacked(bytes(row.terms)).heaviest()}
    story_rows.hold(session, list(held))


def _refresh(session: Session, stories: Iterable[int]) -> None:
    """First and last time of stories; the headline stays if its article did, else the first original's."""
    for story in stories:
        mine = StoryArticleRow.story_id == story
        first, last = session.execute(
            select(func.min(StoryArticleRow.at), func.max(StoryArticleRow.at)).where(mine)
        ).one()
        head = (
            select(StoryArticleRow.article_id)
            .join(ArticleRow, ArticleRow.id == StoryArticleRow.article_id)
            .join(StoryRow, StoryRow.id == StoryArticleRow.story_id)
            .where(mine)
            .order_by(
                (StoryRow.headline_article == ArticleRow.id).desc(),
                ArticleRow.copy_of.is_(None).desc(),
                (ArticleRow.completeness == Completeness.FULL.value).desc(),
                StoryArticleRow.at,
                ArticleRow.id,
            )
            .limit(1)
        )
        session.execute(
            update(StoryRow)
            .where(StoryRow.id == story)
            .values(first_seen=first, last_seen=last, headline_article=session.execute(head).scalar_one()),
            execution_options=_LAZILY,
        )
