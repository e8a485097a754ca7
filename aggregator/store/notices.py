"""Notices: news of alarms on their way to mail and webhooks, kept until they have arrived."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from aggregator.model.delivery import DeliveryState, Standing
from aggregator.store.engine import Database
from aggregator.store.schema import AlarmNoticeRow
from aggregator.store.statements import insert_new_rows

MAIL: Final = "mail"
"""The name of the target that is all addresses of ``watch.mail``."""

RAISED: Final = "raised"
RESOLVED: Final = "resolved"

KEPT_FOR: Final = timedelta(days=30)
"""How long ended notices can be looked at."""


@dataclass(frozen=True, slots=True)
class Notice:
    """News of an alarm for one target: ``raised`` or ``resolved``; ``attempts`` counts this one, too."""

    id: int
    alarm: int
    event: str
    attempts: int


def record(session: Session, targets: Collection[str], news: Sequence[tuple[int, str]], at: datetime) -> None:
    """Write that these targets are to be told, in the transaction that changes the alarms.

    Of an alarm that is over before anybody was told that it was raised, nobody is told at all.
    """
    row = AlarmNoticeRow
    over = [alarm for alarm, event in news if event == RESOLVED]
    untold = session.execute(
        update(row)
        .where(row.alarm_id.in_(over), row.event == RAISED, row.attempts == 0)
        .where(row.state == DeliveryState.WAITING.value)
        .values(state=DeliveryState.DROPPED.value, due_at=at, detail="it was over before")
        .returning(row.target, row.alarm_id)
    ).all()
    silent = {(target, alarm) for target, alarm in untold}
    new = {"state": DeliveryState.WAITING.value, "attempts": 0, "due_at": at, "detail": None}
    rows = [
        {"target": target, "alarm_id": alarm, "event": event} | new
        for target in targets
        for alarm, event in news
        if (target, alarm) not in silent
    ]
    insert_new_rows(session, row, rows)


def claim(db: Database, target: str, at: datetime, lease: timedelta, gather: timedelta) -> list[Notice]:
    """All that a target is to be told now, in one message; nobody else gets it before the lease ends.

    Nothing within ``gather`` behind its last message. A process that dies with them loses none.
    """
    row = AlarmNoticeRow
    with db.session() as session:
        last = select(func.max(row.due_at)).where(
            row.target == target, row.state == DeliveryState.DELIVERED.value
        )
        told_at = session.execute(last).scalar()
        if told_at is not None and at - told_at < gather:
            return []
        due = select(row).where(row.target == target, row.state == DeliveryState.WAITING.value)
        found = session.execute(
            due.where(row.due_at <= at).order_by(row.id).with_for_update(skip_locked=True)
        ).scalars()
        claimed = []
        for each in found:
            each.attempts += 1
            each.due_at = at + lease
            claimed.append(Notice(each.id, each.alarm_id, each.event, each.attempts))
        return claimed


def settle(
    db: Database, done: Sequence[Notice], state: DeliveryState, at: datetime, detail: str | None = None
) -> None:
    """Write how an attempt ended; ``at`` is when it ended, or is tried again."""
    row = AlarmNoticeRow
    with db.session() as session:
        session.execute(
            update(row)
            .where(row.id.in_([each.id for each in done]))
            .values(state=state.value, due_at=at, detail=detail)
        )
        ended = or_(row.state == DeliveryState.DELIVERED.value, row.state == DeliveryState.DROPPED.value)
        session.execute(delete(row).where(ended, row.due_at < at - KEPT_FOR))


def retry(db: Database, at: datetime) -> int:
    """Make everything that failed or waits due now; how much that is."""
    row = AlarmNoticeRow
    states = (DeliveryState.FAILED.value, DeliveryState.WAITING.value)
    change = update(row).where(row.state.in_(states)).returning(row.id)
    with db.session() as session:
        done = change.values(state=DeliveryState.WAITING.value, attempts=0, due_at=at)
        return len(session.execute(done).all())


def standings(db: Database) -> dict[str, Standing]:
    """How each target's notices stand, by its name, with the last words about one that did not arrive."""
    row = AlarmNoticeRow
    grouped = select(row.target, row.state, func.count(), func.min(row.due_at)).group_by(
        row.target, row.state
    )
    found: dict[str, Standing] = {}
    with db.reading() as session:
        for target, word, number, due in session.execute(grouped):
            state = DeliveryState(word)
            known = found.get(target, Standing(target, {}, None, None))
            known.counts[state] = number
            next_at = due if state is DeliveryState.WAITING else known.next_at
            words = select(row.detail).where(row.target == target, row.detail.is_not(None))
            trouble = words.where(row.state.in_([DeliveryState.WAITING.value, DeliveryState.FAILED.value]))
            detail = session.execute(trouble.order_by(row.id.desc()).limit(1)).scalar()
            found[target] = Standing(target, known.counts, next_at, detail)
    return found
