"""Sums for the desk, from rows that are sums already: hours of outlets, editions, decisions."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, func, select

from aggregator.model.figures import NAMES, Brought, OutletDay, Published
from aggregator.store.engine import Database
from aggregator.store.schema import (
    DecisionRow,
    EditionRow,
    LicencePageRow,
    OutletHourRow,
    TakedownRequestRow,
    WatchProgressRow,
)

MOST_COUNTED: Final = 10_000
"""Further the length of a queue is not counted: whoever sees it knows enough, and nobody waits for it."""

_Row = OutletHourRow


def _sums() -> list[ColumnElement[int]]:
    failed = _Row.failed_hard + _Row.failed_soft + _Row.failed_temporary
    return [func.sum(failed if name == "failed" else getattr(_Row, name)).label(name) for name in NAMES]


def hours(db: Database, since: datetime, until: datetime) -> dict[datetime, Brought]:
    """What all outlets brought, by hours from ``since`` to before ``until``."""
    query = select(_Row.hour, *_sums()).where(_Row.hour >= since, _Row.hour < until).group_by(_Row.hour)
    with db.reading() as session:
        return {row[0]: Brought(*map(int, row[1:])) for row in session.execute(query)}


def outlets(db: Database, since: datetime, until: datetime) -> dict[str, OutletDay]:
    """What each outlet brought from ``since`` to before ``until``; one that brought nothing is not there."""
    query = (
        select(_Row.outlet, func.max(_Row.arrived_at), func.max(_Row.answered_at), *_sums())
        .where(_Row.hour >= since, _Row.hour < until)
        .group_by(_Row.outlet)
    )
    with db.reading() as session:
        return {
            row[0]: OutletDay(Brought(*map(int, row[3:])), row[1], row[2]) for row in session.execute(query)
        }


def counted_until(db: Database) -> datetime | None:
    """Up to when the hours are counted for good."""
    with db.reading() as session:
        return session.execute(select(func.max(WatchProgressRow.hour))).scalar()


def published(db: Database, since: datetime) -> list[Published]:
    """The editions since a moment, newest first."""
    columns = (EditionRow.closed_at, EditionRow.article_count, EditionRow.refused_count)
    query = select(*columns).where(EditionRow.closed_at >= since).order_by(EditionRow.id.desc())
    with db.reading() as session:
        return [Published(*row) for row in session.execute(query)]


def waiting(db: Database, states: Collection[str]) -> dict[str, int]:
    """How many articles stand so, up to ``MOST_COUNTED`` of each state."""
    with db.reading() as session:
        found = {}
        for state in states:
            some = select(DecisionRow.article_id).where(DecisionRow.state == state).limit(MOST_COUNTED)
            count = select(func.count()).select_from(some.subquery())
            found[state] = int(session.execute(count).scalar() or 0)
    return found


def open_requests(db: Database) -> int:
    """How many requests for takedowns wait for an answer."""
    with db.reading() as session:
        is_open = TakedownRequestRow.state == "open"
        return int(session.execute(select(func.count()).where(is_open)).scalar() or 0)


def licences(db: Database) -> dict[str, str]:
    """How each outlet's licence page stands that was ever looked at: changed, unreadable, confirmed, read."""
    query = select(
        LicencePageRow.outlet,
        LicencePageRow.changed_at,
        LicencePageRow.failed_at,
        LicencePageRow.confirmed_at,
    )
    with db.reading() as session:
        return {
            outlet: "changed" if changed else "unreadable" if failed else "confirmed" if confirmed else "read"
            for outlet, changed, failed, confirmed in session.execute(query)
        }


def lengths(db: Database, outlet: str, most_hours: int = 336) -> tuple[list[int], list[int]]:
    """The lengths in characters of an outlet's last texts, newest first, and the thousandths cut of each."""
    query = (
        select(_Row.chars, _Row.cuts)
        .where(_Row.outlet == outlet)
        .order_by(_Row.hour.desc())
        .limit(most_hours)
    )
    with db.reading() as session:
        rows = session.execute(query).all()
    return [one for chars, _ in rows for one in chars], [one for _, cuts in rows for one in cuts]
