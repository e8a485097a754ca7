"""The calendar of what is published: how much of it is dated on which day."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, literal, select, union_all

from aggregator.model.edition import PublicationState
from aggregator.store.engine import Database
from aggregator.store.schema import PublicationRow

_IS_OUT = PublicationRow.state == PublicationState.PUBLISHED.value


def start(day: date) -> datetime:
    """The moment that a day begins, in UTC."""
    return datetime.combine(day, time(), UTC)


def span(db: Database) -> tuple[date, date] | None:
    """The first and the last day that something published is dated on; None if nothing is."""
    oldest = select(PublicationRow.dated_at).where(_IS_OUT).order_by(PublicationRow.dated_at)
    newest = select(PublicationRow.dated_at).where(_IS_OUT).order_by(PublicationRow.dated_at.desc())
    with db.reading() as session:
        first = session.execute(oldest.limit(1)).scalar()
        last = session.execute(newest.limit(1)).scalar()
    return (first.date(), last.date()) if first and last else None


def counts(db: Database, days: Sequence[date]) -> dict[date, int]:
    """How many publications are dated on each of these days; in one statement, from an index alone."""
    if not days:
        return {}
    each = [
        select(literal(number), func.count()).where(
            _IS_OUT,
            PublicationRow.dated_at >= start(day),
            PublicationRow.dated_at < start(day + timedelta(days=1)),
        )
        for number, day in enumerate(days)
    ]
    with db.reading() as session:
        return {days[number]: count for number, count in session.execute(union_all(*each))}
