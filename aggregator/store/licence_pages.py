"""Licence pages: what stood on them, as the checks found it."""

from dataclasses import asdict

from sqlalchemy import select

from aggregator.clock import now
from aggregator.model.licence_page import LicencePage
from aggregator.store.engine import Database
from aggregator.store.foreign import clean_or_none
from aggregator.store.outlet_rows import ensure_outlets
from aggregator.store.schema import LicencePageRow
from aggregator.store.statements import upsert_rows

_NAMES = tuple(LicencePage.__dataclass_fields__)
_FOREIGN = ("text", "new_text", "failure", "confirmed", "url")


def every(db: Database) -> dict[str, LicencePage]:
    """What is known of each outlet's licence page, by slug."""
    with db.reading() as session:
        rows = session.execute(select(LicencePageRow)).scalars()
        return {row.outlet: LicencePage(**{name: getattr(row, name) for name in _NAMES}) for row in rows}


def get(db: Database, outlet: str) -> LicencePage:
    """What is known of an outlet's licence page; nothing, if it was never looked at."""
    return every(db).get(outlet, LicencePage(outlet))


def keep(db: Database, page: LicencePage) -> None:
    """Write what is known of a licence page now."""
    values = asdict(page)
    cleaned = {name: clean_or_none(values[name]) for name in _FOREIGN}
    with db.session() as session:
        ensure_outlets(session, {page.outlet: page.url or ""}, now())
        upsert_rows(session, LicencePageRow, [values | cleaned])
