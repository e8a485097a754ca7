"""Alarms in the store: listed, seen by people, ended."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.orm import Session

from aggregator.model.alarm import Alarm, AlarmKind, AlarmState, Finding
from aggregator.store import notices
from aggregator.store.engine import Database
from aggregator.store.foreign import clean, clean_or_none
from aggregator.store.schema import AlarmRow, OutletHourRow
from aggregator.store.statements import be_only_writer
from aggregator.watch.settling import Turn

OPEN: Final = (AlarmState.RAISED, AlarmState.ACKNOWLEDGED)
"""The states of what is still so."""


def listed(
    db: Database,
    *,
    states: Collection[AlarmState] = OPEN,
    outlet: str | None = None,
    kind: AlarmKind | None = None,
    limit: int = 500,
) -> list[Alarm]:
    """Alarms of these states, newest first; of one outlet or one kind if asked."""
    query = select(AlarmRow).where(AlarmRow.state.in_([state.value for state in states]))
    if outlet is not None:
        query = query.where(AlarmRow.outlet == outlet)
    if kind is not None:
        query = query.where(AlarmRow.kind == kind.value)
    return _read(db, query.order_by(AlarmRow.id.desc()).limit(limit))


def get(db: Database, number: int) -> Alarm | None:
    """One alarm; None if there is none of that number."""
    return next(iter(_read(db, select(AlarmRow).where(AlarmRow.id == number))), None)


def several(db: Database, numbers: Collection[int]) -> list[Alarm]:
    """Alarms by their numbers, in the order of these."""
    return _read(db, select(AlarmRow).where(AlarmRow.id.in_(numbers)).order_by(AlarmRow.id))


def counts(db: Database) -> dict[AlarmState, int]:
    """How many alarms there are of each state."""
    with db.reading() as session:
        grouped = session.execute(select(AlarmRow.state, func.count()).group_by(AlarmRow.state))
        found = {AlarmState(state): count for state, count in grouped}
    return {state: found.get(state, 0) for state in AlarmState}


def since(db: Database, moment: datetime) -> list[Alarm]:
    """Every alarm that was open at a moment or was raised later, oldest first: what must not be learned."""
    still = AlarmRow.resolved_at.is_(None) | (AlarmRow.resolved_at > moment)
    return _read(db, select(AlarmRow).where(still).order_by(AlarmRow.id))


def acknowledge(
    db: Database, numbers: Collection[int], by: str, at: datetime, note: str | None = None
) -> list[int]:
    """Note that a person has seen these alarms; the numbers of those that were not seen before."""
    return _change(
        db,
        numbers,
        (AlarmState.RAISED,),
        state=AlarmState.ACKNOWLEDGED.value,
        acknowledged_at=at,
        acknowledged_by=clean(by),
        note=clean_or_none(note),
    )


def resolve(
    db: Database, numbers: Collection[int], by: str, at: datetime, note: str | None = None
) -> list[int]:
    """End open alarms by a person's word: what they tell of is usual from when it began; which were open."""
    words = {} if note is None else {"note": clean(note)}
    return _change(
        db,
        numbers,
        OPEN,
        state=AlarmState.RESOLVED.value,
        resolved_at=at,
        resolved_by=clean(by),
        **words,
    )


def _change(
    db: Database, numbers: Collection[int], states: Collection[AlarmState], **values: object
) -> list[int]:
    change = (
        update(AlarmRow)
        .where(AlarmRow.id.in_(numbers), AlarmRow.state.in_([state.value for state in states]))
        .values(**values)
        .returning(AlarmRow.id)
    )
    with db.session() as session:
        return sorted(session.execute(change).scalars())


def apply(
    db: Database, turn: Turn, at: datetime, targets: Collection[str] = ()
) -> tuple[list[Alarm], list[Alarm]]:
    """Write what a look changed, in one transaction: the alarms that were raised, and those that are over.

    An alarm that somebody else raised meanwhile is not raised again. The ``targets`` are to be told.
    """
    with db.session() as session:
        be_only_writer(session)
        raised, over = _write(session, turn, at)
        news = [*((one, notices.RAISED) for one in raised), *((one, notices.RESOLVED) for one in over)]
        notices.record(session, targets, news, at)
    return several(db, raised), several(db, over)


def _write(session: Session, turn: Turn, at: datetime) -> tuple[list[int], list[int]]:
    known = {tuple(key) for key in session.execute(_open_keys())}
    made: dict[tuple[str, AlarmKind, str], int] = {}
    for finding in turn.new:
        if finding.key not in known and finding.key not in made:
            made[finding.key] = _raise(session, finding, at)
    for number, finding in turn.again:
        values = _seen(finding, at) | {"kind": finding.kind.value}
        session.execute(update(AlarmRow).where(AlarmRow.id == number).values(**values))
    over = session.execute(
        update(AlarmRow)
        .where(AlarmRow.id.in_(turn.over), AlarmRow.resolved_at.is_(None))
        .values(state=AlarmState.RESOLVED.value, resolved_at=at)
        .returning(AlarmRow.id)
    )
    over_numbers = sorted(over.scalars())
    for each in turn.gathered:
        _gather(session, [*each.numbers, *(made[key] for key in each.keys if key in made)])
    return sorted(made.values()), over_numbers


def _raise(session: Session, finding: Finding, at: datetime) -> int:
    article, fetch = _last_good(session, finding)
    values = _seen(finding, at) | {
        "outlet": finding.outlet,
        "kind": finding.kind.value,
        "aspect": clean(finding.aspect),
        "state": AlarmState.RAISED.value,
        "since": finding.since,
        "raised_at": at,
        "last_good_article": article,
        "last_good_fetch": fetch,
    }
    return session.execute(insert(AlarmRow).values(**values).returning(AlarmRow.id)).scalar_one()


def _gather(session: Session, numbers: Sequence[int]) -> None:
    """Make alarms one group, under the number of the first of them or of the group that it is in."""
    if len(numbers) > 1:
        first = min(numbers)
        group = session.execute(select(AlarmRow.group_id).where(AlarmRow.id == first)).scalar()
        change = update(AlarmRow).where(AlarmRow.id.in_(numbers))
        session.execute(change.values(group_id=first if group is None else group))


def _seen(finding: Finding, at: datetime) -> dict[str, object]:
    return {
        "seen_at": at,
        "cause": clean(finding.cause),
        "words": clean(finding.words),
        "expected": finding.expected,
        "observed": finding.observed,
        "samples": finding.samples,
    }


def _last_good(session: Session, finding: Finding) -> tuple[int | None, int | None]:
    """The newest article of before it began, by the hours that are counted."""
    query = (
        select(OutletHourRow.last_article, OutletHourRow.last_fetch)
        .where(OutletHourRow.outlet == finding.outlet, OutletHourRow.last_article.is_not(None))
        .where(OutletHourRow.arrived_at <= finding.since)
        .order_by(OutletHourRow.hour.desc())
        .limit(1)
    )
    found = session.execute(query).first()
    return (None, None) if found is None else (found.last_article, found.last_fetch)


def _open_keys() -> Select[str, str, str]:
    query = select(AlarmRow.outlet, AlarmRow.kind, AlarmRow.aspect)
    return query.where(AlarmRow.resolved_at.is_(None))


def _read(db: Database, query: Select[AlarmRow]) -> list[Alarm]:
    with db.reading() as session:
        return list(_alarms(session.execute(query).scalars()))


def _alarms(rows: Iterable[AlarmRow]) -> Iterable[Alarm]:
    for row in rows:
        finding = Finding(
            outlet=row.outlet,
            kind=AlarmKind(row.kind),
            since=row.since,
            cause=row.cause,
            words=row.words,
            aspect=row.aspect,
            expected=row.expected,
            observed=row.observed,
            samples=row.samples,
        )
        yield Alarm(
            id=row.id,
            state=AlarmState(row.state),
            finding=finding,
            raised_at=row.raised_at,
            seen_at=row.seen_at,
            group=row.group_id or row.id,
            last_good_article=row.last_good_article,
            last_good_fetch=row.last_good_fetch,
            acknowledged_at=row.acknowledged_at,
            acknowledged_by=row.acknowledged_by,
            note=row.note,
            resolved_at=row.resolved_at,
            resolved_by=row.resolved_by,
        )
