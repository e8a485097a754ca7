"""The slot: up to when the slots for editions are closed."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from aggregator.store.engine import Database
from aggregator.store.schema import SlotRow
from aggregator.store.statements import upsert_rows

_ONLY = 1


def last(db: Database) -> datetime | None:
    """When the last slot was closed, whether it brought an edition or not; None if none ever was."""
    with db.reading() as session:
        return read(session)


def read(session: Session) -> datetime | None:
    """The same, in a transaction under way."""
    return session.execute(select(SlotRow.closed_at).where(SlotRow.id == _ONLY)).scalar()


def close(session: Session, at: datetime) -> None:
    """Note that all slots up to ``at`` are closed."""
    upsert_rows(session, SlotRow, [{"id": _ONLY, "closed_at": at}])
