"""Rights applied: by which rights what is out of each outlet was decided, and how far a change has come."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from aggregator.store.engine import Database
from aggregator.store.foreign import clean
from aggregator.store.outlet_rows import ensure_outlets
from aggregator.store.schema import RightsAppliedRow
from aggregator.store.statements import upsert_rows


@dataclass(frozen=True, slots=True)
class Applied:
    """The rights' digest that an outlet's publications follow; ``after`` is the last one that does.

    None if all of them do.
    """

    digest: str
    after: int | None


def of(db: Database) -> dict[str, Applied]:
    """How far each outlet is, by slug; those of which nothing was ever applied are missing."""
    with db.reading() as session:
        rows = session.execute(select(RightsAppliedRow)).scalars()
        return {row.outlet: Applied(row.digest, row.after_publication) for row in rows}


def keep(db: Database, outlet: str, applied: Applied, at: datetime) -> None:
    """Write how far an outlet is."""
    with db.session() as session:
        ensure_outlets(session, {outlet: ""}, at)
        row = {
            "outlet": clean(outlet),
            "digest": applied.digest,
            "after_publication": applied.after,
            "at": at,
        }
        upsert_rows(session, RightsAppliedRow, [row])
