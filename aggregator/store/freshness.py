"""Freshness: when anything that readers see changed last."""

from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from aggregator.store.engine import Database
from aggregator.store.ready import Ready
from aggregator.store.schema import OutletRow, PublicationRow
from aggregator.store.statements import fetched

_CHANGED: Final = Ready(
    select(
        select(func.max(PublicationRow.changed_at)).scalar_subquery(),
        select(func.max(OutletRow.synced_at)).scalar_subquery(),
    )
)


def changed_at(db: Database) -> datetime | None:
    """When any publication, or the row of any outlet, changed last; None if there is no publication."""
    with db.reading() as session:
        if _CHANGED not in session.info:  # which sees one moment of the store
            [(changed, synced)] = fetched(session, _CHANGED)
            session.info[_CHANGED] = max(changed, synced) if changed and synced else changed
        moment: datetime | None = session.info[_CHANGED]
        return moment
