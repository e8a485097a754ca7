"""Licence pages: what stood on them, as the checks found it."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Final

from sqlalchemy import Select, select

from aggregator.clock import now
from aggregator.model.licence_page import LicencePage
from aggregator.store.engine import Database
from aggregator.store.foreign import clean_or_none
from aggregator.store.outlet_rows import ensure_outlets
from aggregator.store.schema import LicencePageRow
from aggregator.store.statements import upsert_rows

_NAMES = tuple(LicencePage.__dataclass_fields__)
_FOREIGN = ("text", "new_text", "failure", "confirmed", "url")
_FEW: Final = 100


def every(db: Database) -> dict[str, LicencePage]:
    """What is known of each outlet's licence page, by slug."""
    return _read(db, select(LicencePageRow))


def of(db: Database, outlets: Collection[str]) -> dict[str, LicencePage]:
    """The same of some outlets, others may be among them: pages are long, and an installation has many."""
    if len(outlets) > _FEW:
        return every(db)
    return _read(db, select(LicencePageRow).where(LicencePageRow.outlet.in_(outlets)))


def get(db: Database, outlet: str) -> LicencePage:
    """What is known of an outlet's licence page; nothing, if it was never looked at."""
    return of(db, [outlet]).get(outlet, LicencePage(outlet))


def _read(db: Database, query: Select[LicencePageRow]) -> dict[str, LicencePage]:
    with db.reading() as session:
        rows = session.execute(query).scalars()
        return {row.outlet: LicencePage(**{name: getattr(row, name) for name in _NAMES}) for row in rows}


def keep(db: Database, page: LicencePage) -> None:
    """Write what is known of a licence page now."""
    values = asdict(page)
    cleaned = {name: clean_or_none(values[name]) for name in _FOREIGN}
    with db.session() as session:
        ensure_outlets(session, {page.outlet: page.url or ""}, now())
        upsert_rows(session, LicencePageRow, [values | cleaned])
