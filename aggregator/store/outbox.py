"""The outbox: events written with what they tell of, and deliveries that survive any end of the program."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from aggregator.model.delivery import Delivery, DeliveryState, EventKind, Standing
from aggregator.store.engine import Database
from aggregator.store.schema import DeliveryRow, EventRow, TargetRow
from aggregator.store.statements import be_only_writer, insert_new_rows, insert_rows

KEPT_FOR: Final = timedelta(days=30)
"""How long ended deliveries can be looked at."""


def record(session: Session, kind: EventKind, publications: Collection[int], at: datetime) -> None:
    """Write that this happened to these publications, in the transaction in which it happens."""
    be_only_writer(session)  # so that events become seen in the order of their numbers
    rows = [{"kind": kind.value, "publication_id": number, "at": at} for number in publications]
    insert_rows(session, EventRow, rows)


def register(db: Database, targets: Collection[str]) -> None:
    """Make targets known: each is told of what happens from now on, and not of what was before."""
    with db.reading() as session:
        known = set(session.execute(select(TargetRow.name)).scalars())
    if not (new := [name for name in targets if name not in known]):
        return
    with db.session() as session:
        be_only_writer(session)
        last = session.execute(select(func.max(EventRow.id))).scalar() or 0
        insert_new_rows(session, TargetRow, [{"name": name, "after_event": last} for name in new])


def collect(db: Database, wanted: Mapping[str, Collection[EventKind]], at: datetime) -> int:
    """Make a delivery of each new event for each target that wants its kind; how many.

    ``wanted`` are the registered targets. What ended over 30 days ago is forgotten.
    """
    if not wanted:
        return 0
    with db.reading() as session:
        last = session.execute(select(func.max(EventRow.id))).scalar() or 0
        behind = select(TargetRow.name).where(TargetRow.name.in_(wanted), TargetRow.after_event < last)
        if session.execute(behind.limit(1)).first() is None:
            return 0
    made = 0
    with db.session() as session:
        # Events get their numbers under the same lock, so that none appears behind the last one later.
        be_only_writer(session)
        for target in session.execute(select(TargetRow).where(TargetRow.name.in_(wanted))).scalars().all():
            made += _collect(session, target, wanted[target.name], at)
        ended = DeliveryRow.state != DeliveryState.WAITING.value
        session.execute(delete(DeliveryRow).where(ended, DeliveryRow.due_at < at - KEPT_FOR))
    return made


def _collect(session: Session, target: TargetRow, kinds: Collection[EventKind], at: datetime) -> int:
    query = select(EventRow.id, EventRow.kind).where(EventRow.id > target.after_event).order_by(EventRow.id)
    events = session.execute(query).all()
    state = {"state": DeliveryState.WAITING.value, "attempts": 0, "due_at": at, "detail": None}
    rows = [
        {"target": target.name, "event_id": number} | state
        for number, kind in events
        if EventKind(kind) in kinds
    ]
    insert_rows(session, DeliveryRow, rows)
    if events:
        target.after_event = events[-1].id
    return len(rows)


def claim(db: Database, target: str, at: datetime, lease: timedelta, limit: int) -> list[Delivery]:
    """The oldest deliveries to a target that are due; nobody else gets them before the lease is over.

    A process that dies with them loses none: they are due again then.
    """
    due = (
        select(DeliveryRow, EventRow)
        .join(EventRow, EventRow.id == DeliveryRow.event_id)
        .where(DeliveryRow.target == target, DeliveryRow.state == DeliveryState.WAITING.value)
        .where(DeliveryRow.due_at <= at)
        .order_by(DeliveryRow.event_id)
        .limit(limit)
    )
    with db.reading() as session:
        if session.execute(due.limit(1)).first() is None:
            return []
    with db.session() as session:
        found = session.execute(due.with_for_update(skip_locked=True, of=DeliveryRow)).all()
        for row, _ in found:
            row.attempts += 1
            row.due_at = at + lease
        return [
            Delivery(target, event.id, EventKind(event.kind), event.publication_id, event.at, row.attempts)
            for row, event in found
        ]


def settle(
    db: Database, done: Sequence[Delivery], state: DeliveryState, at: datetime, detail: str | None = None
) -> None:
    """Write how an attempt ended; ``at`` is when it ended, or is tried again."""
    with db.session() as session:
        session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.target.in_({each.target for each in done}))
            .where(DeliveryRow.event_id.in_([each.event_id for each in done]))
            .values(state=state.value, due_at=at, detail=detail)
        )


def retry(db: Database, target: str | None, at: datetime) -> int:
    """Make everything that failed or waits due now, of one target or of all; how much that is."""
    states = (DeliveryState.FAILED.value, DeliveryState.WAITING.value)
    change = update(DeliveryRow).where(DeliveryRow.state.in_(states))
    if target is not None:
        change = change.where(DeliveryRow.target == target)
    with db.session() as session:
        done = change.values(state=DeliveryState.WAITING.value, attempts=0, due_at=at)
        return len(session.execute(done.returning(DeliveryRow.event_id)).all())


def standings(db: Database) -> dict[str, Standing]:
    """How each target's deliveries stand, by its name."""
    counts: dict[str, dict[DeliveryState, int]] = defaultdict(dict)
    with db.reading() as session:
        grouped = select(DeliveryRow.target, DeliveryRow.state, func.count()).group_by(
            DeliveryRow.target, DeliveryRow.state
        )
        for target, state, count in session.execute(grouped):
            counts[target][DeliveryState(state)] = count
        names = list(session.execute(select(TargetRow.name).order_by(TargetRow.name)).scalars())
        return {name: Standing(name, counts[name], *_trouble(session, name)) for name in names}


def _trouble(session: Session, target: str) -> tuple[datetime | None, str | None]:
    """When the next delivery is due, and the last words about one that did not arrive."""
    of_target = DeliveryRow.target == target
    waiting = DeliveryRow.state == DeliveryState.WAITING.value
    due = session.execute(select(func.min(DeliveryRow.due_at)).where(of_target, waiting)).scalar()
    words = select(DeliveryRow.detail).where(of_target, DeliveryRow.detail.is_not(None))
    open_ones = words.where(DeliveryRow.state != DeliveryState.DELIVERED.value)
    return due, session.execute(open_ones.order_by(DeliveryRow.event_id.desc()).limit(1)).scalar()
