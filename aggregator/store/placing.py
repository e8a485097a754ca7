"""Placing: articles that wait get their stories, a batch in a transaction, by one writer at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import bindparam, delete, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from aggregator.dedupe.story import Member
from aggregator.dedupe.story_headline import headline_article
from aggregator.dedupe.story_index import period_of
from aggregator.model.story import RulingKind
from aggregator.store import story_rows
from aggregator.store.engine import Database
from aggregator.store.schema import (
    StoryArticleRow,
    StoryRow,
    StoryRulingRow,
    StoryTermRow,
    StoryVectorRow,
)
from aggregator.store.statements import new_ids, upsert_rows
from aggregator.store.story_batch import NEW, Draft, StoryBatch
from aggregator.store.story_queue import (
    StoryProgress,
    Waiting,
    be_only_placer,
    keep_progress,
    next_waiting,
    progress_of,
)

BATCH: Final = 100
"""Articles in one transaction: what a kill takes back, and how long another writer may have to wait."""

KEPT_PERIODS: Final = 3
"""Weeks of terms that are kept; the window of seven days touches two, and articles may come late."""


def place_next(db: Database, limit: int = BATCH) -> int:
    """Place the next articles that wait; how many, 0 if none waits.

    One transaction: killed at any point, it has placed all of them or none, and the next call goes on there.

    Raises:
        StoreError: the database refuses; StoreBusyError while another process holds it too long.
    """
    known, waiting = next_waiting(db, limit)
    if not waiting:
        return 0
    with db.session() as session:
        be_only_placer(session)
        if progress_of(session).placed != known.placed or progress_of(session).round != known.round:
            return len(waiting)  # another process has just placed them
        batch = StoryBatch(session, known, waiting)
        batch.place()
        _Writer(session, known, waiting, batch).write()
        new = replace(known, placed=waiting[-1].id, counted=max(known.counted, waiting[-1].id))
        keep_progress(session, _finished(session, new))
    return len(waiting)


def _finished(session: Session, progress: StoryProgress) -> StoryProgress:
    """If a rebuild is at its end: stories that nothing was placed in lead to where their headline is now."""
    if progress.rebuild_until is None or progress.placed < progress.rebuild_until:
        return progress
    now_in = (
        select(StoryArticleRow.story_id)
        .where(StoryArticleRow.article_id == StoryRow.headline_article)
        .scalar_subquery()
    )
    lazily = {"synchronize_session": False}
    session.execute(
        update(StoryRow)
        .where(StoryRow.merged_into.is_(None), StoryRow.round < progress.round, StoryRow.id != now_in)
        .values(merged_into=now_in),
        execution_options=lazily,
    )
    target = aliased(StoryRow)
    further = select(target.merged_into).where(target.id == StoryRow.merged_into).scalar_subquery()
    # What had led to one of these leads on now; a lead of many steps takes as many rounds.
    while (
        session.connection()
        .execute(
            update(StoryRow)
            .where(StoryRow.merged_into.is_not(None), further.is_not(None))
            .values(merged_into=further),
            execution_options=lazily,
        )
        .rowcount
    ):
        pass
    return replace(progress, rebuild_until=None)


class _Writer:
    """What a batch decided, on its way to the tables."""

    def __init__(
        self, session: Session, progress: StoryProgress, waiting: Sequence[Waiting], batch: StoryBatch
    ) -> None:
        self._session = session
        self._progress = progress
        self._waiting = waiting
        self._batch = batch

    def write(self) -> None:
        """Write all that the batch decided."""
        numbers = self._number_stories()
        self._write_merges(numbers)
        rows = [self._article_row(one, numbers) for one in self._waiting]
        upsert_rows(self._session, StoryArticleRow, rows)
        vectors = [self._vector_row(number, member, numbers) for number, member in self._batch.own.items()]
        upsert_rows(self._session, StoryVectorRow, vectors)
        story_rows.hold(self._session, self._index_rows(numbers))
        self._update({numbers.get(story, story) for story, _, _ in self._batch.placed.values()}, numbers)
        self._forget()

    def _number_stories(self) -> dict[int, int]:
        """Numbers for the new stories; one that a rebuild opens with the same article keeps its old one."""
        new = sorted({story for story, _, _ in self._batch.placed.values() if story >= NEW})
        olds = {self._batch.drafts[story].was for story in new} - {None}
        held = story_rows.stories(self._session, [old for old in olds if old is not None])
        free = {number for number, each in held.items() if each.round < self._progress.round}
        numbers: dict[int, int] = {}
        for story in new:
            if (was := self._batch.drafts[story].was) is not None and was in free:
                free.remove(was)
                numbers[story] = was
        left = [story for story in new if story not in numbers]
        numbers |= dict(zip(left, new_ids(self._session, StoryRow, len(left)), strict=True))
        rows = [self._story_row(story, numbers) for story in new]
        upsert_rows(self._session, StoryRow, rows)
        return numbers

    def _story_row(self, story: int, numbers: Mapping[int, int]) -> dict[str, Any]:
        first = self._batch.drafts[story].members[0]
        return {
            "id": numbers[story],
            "language": self._batch.drafts[story].language,
            "headline_article": first.article_id,
            "first_seen": first.at,
            "last_seen": first.at,
            "merged_into": None,
            "round": self._progress.round,
        }

    def _article_row(self, one: Waiting, numbers: Mapping[int, int]) -> dict[str, Any]:
        story, joined, score = self._batch.placed[one.id]
        return {
            "article_id": one.id,
            "story_id": numbers.get(story, story),
            "joined": joined.value,
            "score": score,
            "at": one.at,
        }

    def _vector_row(self, number: int, member: Member, numbers: Mapping[int, int]) -> dict[str, Any]:
        story = self._batch.placed[number][0]
        return {
            "article_id": number,
            "story_id": numbers.get(story, story),
            "period": period_of(member.at),
            "at": member.at,
            "terms": member.vector.packed(),
        }

    def _index_rows(self, numbers: Mapping[int, int]) -> list[tuple[int, int, int]]:
        return [
            (period, term, numbers.get(story, story))
            for story, held in self._batch.rows.items()
            for period, term in held
        ]

    def _write_merges(self, numbers: Mapping[int, int]) -> None:
        for old, into in self._batch.merged.items():
            if old < NEW:
                merge_rows(self._session, old, numbers.get(into, into))

    def _update(self, stories: set[int], numbers: Mapping[int, int]) -> None:
        """First and last time, and the headline, of all stories that got an article."""
        drafts = {numbers.get(story, story): draft for story, draft in self._batch.drafts.items()}
        span = (
            select(StoryArticleRow.story_id, func.min(StoryArticleRow.at), func.max(StoryArticleRow.at))
            .where(StoryArticleRow.story_id.in_(sorted(stories)))
            .group_by(StoryArticleRow.story_id)
        )
        rows = [
            {"key": story, "first": first, "last": last, "headline": self._headline(drafts[story])}
            for story, first, last in self._session.execute(span).all()
        ]
        statement = (
            update(StoryRow)
            .where(StoryRow.id == bindparam("key"))
            .values(
                first_seen=bindparam("first"),
                last_seen=bindparam("last"),
                headline_article=bindparam("headline"),
                round=self._progress.round,
            )
        )
        self._session.connection().execute(statement, rows)

    def _headline(self, draft: Draft) -> int | None:
        """The article whose headline stands; a story of copies alone keeps what it has."""
        if not draft.members:
            return draft.headline
        return headline_article(draft.members, self._batch.full, draft.headline)

    def _forget(self) -> None:
        newest = story_rows.last_period(self._session)
        if newest is not None:
            oldest = newest - KEPT_PERIODS + 1
            self._session.execute(delete(StoryTermRow).where(StoryTermRow.period < oldest))
            self._session.execute(delete(StoryVectorRow).where(StoryVectorRow.period < oldest))


def merge_rows(session: Session, other: int, story: int) -> None:
    """Let one story go into another, with all that points to it."""
    for row, column in (
        (StoryArticleRow, StoryArticleRow.story_id),
        (StoryVectorRow, StoryVectorRow.story_id),
    ):
        session.execute(update(row).where(column == other).values(story_id=story))
    session.execute(
        update(StoryRow)
        .where(or_(StoryRow.id == other, StoryRow.merged_into == other))
        .values(merged_into=story)
    )
    stands = (StoryRulingRow.kind == RulingKind.SPLIT.value, StoryRulingRow.undone_at.is_(None))
    for column in (StoryRulingRow.story_id, StoryRulingRow.other_id):
        session.execute(update(StoryRulingRow).where(column == other, *stands).values({column.key: story}))
