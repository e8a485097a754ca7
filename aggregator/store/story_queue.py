"""The articles that wait for a story: those behind the last one that was placed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from aggregator.dedupe.story_terms import Terms, terms
from aggregator.model.article import Completeness
from aggregator.store.engine import Database
from aggregator.store.schema import ArticleRevisionRow, ArticleRow, StoryProgressRow

_PLACER_KEY: Final = 5_071_940_112_360
"""The number of PostgreSQL's advisory lock for placing; any number that nobody else uses."""

_ONLY: Final = 1
_OPENING_CHARS: Final = 1_500


@dataclass(frozen=True, slots=True)
class Waiting:
    """An article that waits for its story, with what is known of it by its text alone."""

    id: int
    outlet: str
    language: str | None
    at: datetime
    copy_of: int | None
    is_full: bool
    terms: Terms


@dataclass(frozen=True, slots=True)
class StoryProgress:
    """How far the placing has come; ``of`` is the last article's number, 0 without any."""

    placed: int
    counted: int
    round: int
    rebuild_until: int | None
    of: int


def be_only_placer(session: Session) -> None:
    """Wait until no other process places articles, until the end of this transaction.

    Writers of articles need not wait on PostgreSQL; on SQLite there is one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _PLACER_KEY})


def progress_of(session: Session) -> StoryProgress:
    """How far it has come; a database that never placed any has no row."""
    last = session.execute(select(func.max(ArticleRow.id))).scalar() or 0
    row = session.get(StoryProgressRow, _ONLY)
    if row is None:
        return StoryProgress(0, 0, 0, None, last)
    return StoryProgress(row.placed, row.counted, row.round, row.rebuild_until, last)


def keep_progress(session: Session, new: StoryProgress) -> None:
    """Write how far it has come now."""
    values = {
        "placed": new.placed,
        "counted": new.counted,
        "round": new.round,
        "rebuild_until": new.rebuild_until,
    }
    row = session.get(StoryProgressRow, _ONLY)
    if row is None:
        session.execute(insert(StoryProgressRow).values(id=_ONLY, **values))
        return
    for name, value in values.items():
        setattr(row, name, value)


def waiting_count(db: Database) -> int:
    """How many articles wait."""
    with db.reading() as session:
        known = progress_of(session)
        query = select(func.count()).select_from(ArticleRow).where(ArticleRow.id > known.placed)
        return session.execute(query).scalar_one()


def next_waiting(db: Database, limit: int) -> tuple[StoryProgress, list[Waiting]]:
    """The next articles that wait, oldest number first, with their terms; needs no writer's lock.

    Articles get their numbers in the order of their commits, so that none comes late.
    """
    with db.reading() as session:
        known = progress_of(session)
        if known.placed >= known.of:
            return known, []
        query = (
            select(
                ArticleRow.id,
                ArticleRow.outlet,
                ArticleRow.language,
                ArticleRow.first_published,
                ArticleRow.fetched_at,
                ArticleRow.copy_of,
                ArticleRow.completeness,
                ArticleRevisionRow.headline,
                ArticleRevisionRow.dek,
                ArticleRevisionRow.blocks,
            )
            .join(
                ArticleRevisionRow,
                (ArticleRevisionRow.article_id == ArticleRow.id)
                & (ArticleRevisionRow.number == ArticleRow.revision),
            )
            .where(ArticleRow.id > known.placed)
            .order_by(ArticleRow.id)
            .limit(limit)
        )
        rows = session.execute(query).all()
    return known, [
        Waiting(
            id=row.id,
            outlet=row.outlet,
            language=_primary(row.language),
            at=min(row.first_published or row.fetched_at, row.fetched_at),
            copy_of=row.copy_of,
            is_full=row.completeness == Completeness.FULL.value,
            terms=terms(row.headline, _opening(row.dek, row.blocks), row.language),
        )
        for row in rows
    ]


def _primary(language: str | None) -> str | None:
    return language.partition("-")[0] if language else None


def _opening(dek: str | None, blocks: list[list[str | int]]) -> str:
    """The text from its dek on, as much of it as terms are read from."""
    parts = [dek] if dek else []
    size = 0
    for _, _, words in blocks:
        parts.append(str(words))
        size += len(parts[-1])
        if size > _OPENING_CHARS:
            break
    return "\n".join(parts)
