"""Decisions: what waits for a moment or for a person, and what people said of it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from aggregator.model.decision import Because, Code, Hold, Review
from aggregator.model.outlet import RightsMode
from aggregator.store.engine import Database
from aggregator.store.foreign import clean
from aggregator.store.schema import ArticleRevisionRow, ArticleRow, DecisionRow
from aggregator.store.statements import upsert_rows


class Standing(StrEnum):
    """Where an article stands that is not out, or not in its newest revision.

    ``queued`` waits for the next edition with room for it, ``scheduled`` for the moment when a rule of timing
    ends, ``held`` for a moment or a change that its rights ask for.
    """

    QUEUED = "queued"
    SCHEDULED = "scheduled"
    HELD = "held"
    IN_REVIEW = "in review"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about one revision of an article; ``mode`` is how much of it would go out."""

    article_id: int
    revision: int
    standing: Standing
    code: str
    reason: str
    mode: RightsMode | None
    until: datetime | None
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """An article that waits, with what people need to see of it."""

    decided: Decided
    outlet: str
    headline: str
    url: str
    stored_at: datetime


def of(db: Database, article_ids: Collection[int]) -> dict[int, Decided]:
    """What was decided about these articles, by their numbers."""
    with db.reading() as session:
        return {
            row.article_id: _decided(row)
            for some in _batches(sorted(article_ids))
            for row in session.execute(select(DecisionRow).where(DecisionRow.article_id.in_(some))).scalars()
        }


def keep(db: Database, decided: Sequence[Decided]) -> None:
    """Write these decisions over what was known of their articles; what people said of a revision stays."""
    if decided:
        with db.session() as session:
            write(session, decided)


def write(session: Session, decided: Sequence[Decided]) -> None:
    """The same as ``keep``, in a transaction under way."""
    for some in _batches(decided):
        said = _said(session, [one.article_id for one in some])
        rows = [
            {
                "article_id": one.article_id,
                "revision": one.revision,
                "state": one.standing.value,
                "until": one.until,
                "code": one.code,
                "reason": clean(one.reason),
                "mode": one.mode.value if one.mode else None,
                "decided_at": one.decided_at,
            }
            for one in some
            if said.get(one.article_id) != one.revision or one.standing in _BY_PEOPLE
        ]
        upsert_rows(session, DecisionRow, rows)


_AT_ONCE = 5000
"""SQLite binds up to 32,766 values in a statement."""

_T = TypeVar("_T")


def _batches(every: Sequence[_T]) -> Iterator[Sequence[_T]]:
    return (every[start : start + _AT_ONCE] for start in range(0, len(every), _AT_ONCE))


_BY_PEOPLE = frozenset({Standing.APPROVED, Standing.REFUSED})


def _said(session: Session, article_ids: Sequence[int]) -> Mapping[int, int]:
    """The revisions of these articles that a person has decided about."""
    query = select(DecisionRow.article_id, DecisionRow.revision).where(
        DecisionRow.article_id.in_(article_ids), DecisionRow.state.in_([one.value for one in _BY_PEOPLE])
    )
    return {number: revision for number, revision in session.execute(query)}  # noqa: C416 - a Row is no pair to mypy


def waiting(
    db: Database, standing: Standing, *, outlet: str | None = None, after: int = 0, limit: int = 100
) -> list[Waiting]:
    """The articles that stand so and wait to go out, oldest first; ``after`` is the last one's number.

    A copy that was chosen to go out waits with its original.
    """
    original = aliased(ArticleRow)
    query = (
        select(
            DecisionRow, ArticleRow.outlet, ArticleRevisionRow.headline, ArticleRow.url, ArticleRow.stored_at
        )
        .join(ArticleRow, ArticleRow.id == DecisionRow.article_id)
        .join(
            ArticleRevisionRow,
            (ArticleRevisionRow.article_id == ArticleRow.id)
            & (ArticleRevisionRow.number == ArticleRow.revision),
        )
        .outerjoin(original, original.id == ArticleRow.copy_of)
        .where(
            DecisionRow.state == standing.value,
            DecisionRow.revision == ArticleRow.revision,
            or_(ArticleRow.awaits_publishing, original.awaits_publishing),
            ArticleRow.id > after,
        )
        .order_by(DecisionRow.article_id)
        .limit(limit)
    )
    if outlet is not None:
        query = query.where(ArticleRow.outlet == outlet)
    with db.reading() as session:
        return [
            Waiting(_decided(row), slug, headline, url, at)
            for row, slug, headline, url, at in session.execute(query)
        ]


_QUEUED = frozenset({Code.FULL, Code.CARD_DRIP})
_SCHEDULED = frozenset({Code.QUIET, Code.GAP, Code.DAY_FULL, Code.CARD_QUIET, Code.CARD_DAY, Code.CARD_DRIP})


def standing(decision: Hold | Review) -> Standing:
    """Where an article stands that stays for this."""
    match decision:
        case Hold(None, Because(code=code)) if code in _QUEUED:
            return Standing.QUEUED
        case Hold(_, Because(code=code)) if code in _SCHEDULED:
            return Standing.SCHEDULED
        case Hold():
            return Standing.HELD
        case Review():
            return Standing.IN_REVIEW


def standing_of(article_id: int, revision: int, decision: Hold | Review, at: datetime) -> Decided:
    """A hold or a review as it is kept."""
    stands = standing(decision)
    match decision:
        case Hold(until, reason):
            return Decided(article_id, revision, stands, reason.code, reason.words, None, until, at)
        case Review(reason, proposed):
            mode = proposed.mode
            return Decided(article_id, revision, stands, reason.code, reason.words, mode, None, at)


def said(
    article_id: int, revision: int, mode: RightsMode | None, at: datetime, refusal: str | None
) -> Decided:
    """What a person said of a revision: approved, or refused for a reason."""
    if refusal is None:
        words = "A person released it."
        return Decided(article_id, revision, Standing.APPROVED, Code.CARD_BY_HAND, words, mode, None, at)
    return Decided(article_id, revision, Standing.REFUSED, Code.BY_HAND, refusal, mode, None, at)


def _decided(row: DecisionRow) -> Decided:
    return Decided(
        row.article_id,
        row.revision,
        Standing(row.state),
        row.code,
        row.reason,
        RightsMode(row.mode) if row.mode else None,
        row.until,
        row.decided_at,
    )


def waiting_before(db: Database, standing: Standing, number: int) -> int | None:
    """The number of the last article before this one that stands so and waits to go out."""
    original = aliased(ArticleRow)
    query = (
        select(DecisionRow.article_id)
        .join(ArticleRow, ArticleRow.id == DecisionRow.article_id)
        .outerjoin(original, original.id == ArticleRow.copy_of)
        .where(
            DecisionRow.state == standing.value,
            DecisionRow.article_id < number,
            DecisionRow.revision == ArticleRow.revision,
            or_(ArticleRow.awaits_publishing, original.awaits_publishing),
        )
        .order_by(DecisionRow.article_id.desc())
        .limit(1)
    )
    with db.reading() as session:
        return session.execute(query).scalar()


def take_back(db: Database, article_id: int, at: datetime) -> bool:
    """Have an article wait for a person again; false if nobody decided about it, or an edition took it."""
    with db.session() as session:
        row = session.execute(
            select(DecisionRow)
            .join(ArticleRow, ArticleRow.id == DecisionRow.article_id)
            .where(
                DecisionRow.article_id == article_id,
                DecisionRow.state.in_([one.value for one in _BY_PEOPLE]),
                ArticleRow.awaits_publishing,
            )
        ).scalar()
        if row is None:
            return False
        row.state, row.decided_at = Standing.IN_REVIEW.value, at
        row.code, row.reason = Code.CARD_BY_HAND.value, "A person took back what was said of it."
    return True
