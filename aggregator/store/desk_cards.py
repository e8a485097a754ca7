"""Former texts of the outlets' cards: the cards themselves are files."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, insert, select
from sqlalchemy.orm import Session

from aggregator.model.desk import CardVersion
from aggregator.store.engine import Database
from aggregator.store.foreign import clean, clean_or_none
from aggregator.store.schema import CardVersionRow
from aggregator.store.statements import insert_rows

_Row = CardVersionRow


def keep(db: Database, version: CardVersion, before: str | None) -> None:
    """Keep a version that was written, and what stood there before if that is not the last one we know."""
    last = _of(version.outlet).limit(1)
    with db.session() as session:
        known = session.execute(last).scalar()
        if before is not None and (known is None or known.text != before):
            _add(session, version.outlet, version.at, why="found", text=before)
        _add(session, version.outlet, version.at, version.who, why=version.why, text=version.text)


def keep_new(db: Database, versions: Sequence[CardVersion]) -> None:
    """Keep versions of many cards at once, of which nothing stood before that is to be kept."""
    rows = [
        {
            "outlet": one.outlet,
            "at": one.at,
            "who": clean(one.who),
            "why": one.why,
            "text": clean_or_none(one.text),
        }
        for one in versions
    ]
    with db.session() as session:
        insert_rows(session, _Row, rows)


def history(db: Database, outlet: str, limit: int = 50) -> list[CardVersion]:
    """The versions of a card, newest first."""
    with db.reading() as session:
        return [_version(row) for row in session.execute(_of(outlet).limit(limit)).scalars()]


def get(db: Database, outlet: str, number: int) -> CardVersion | None:
    """One version of a card."""
    with db.reading() as session:
        row = session.execute(_of(outlet).where(_Row.id == number)).scalar()
    return _version(row) if row else None


def _of(outlet: str) -> Select[CardVersionRow]:
    return select(_Row).where(_Row.outlet == outlet).order_by(_Row.id.desc())


def _add(session: Session, outlet: str, at: datetime, who: str = "", *, why: str, text: str | None) -> None:
    values = {"outlet": outlet, "at": at, "who": clean(who), "why": why, "text": clean_or_none(text)}
    session.execute(insert(_Row).values(values))


def _version(row: CardVersionRow) -> CardVersion:
    return CardVersion(row.id, row.outlet, row.at, row.who, row.why, row.text)
