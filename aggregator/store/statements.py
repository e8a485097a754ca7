"""Statements that both databases know under different names."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, func, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from aggregator.store.ready import Asked, Ready
from aggregator.store.tables.base import Base

Row = Mapping[str, Any]

_WRITER_KEY: Final = 5_071_940_112_359
"""The number of PostgreSQL's advisory lock for writers; any number that nobody else uses."""


def be_only_writer(session: Session) -> None:
    """Wait until no other process writes articles, until the end of this transaction.

    Two outlets' copies of one text that are saved at the same moment would not see each other. SQLite's
    writers exclude each other already.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITER_KEY})


def fetched(session: Session, query: Ready | Asked, **values: object) -> Sequence[Any]:
    """All rows of a query of columns, with their names; ``values`` are those of the names that it binds.

    Not by ``Session.execute``, which prepares for objects: for a look at a few rows that costs more than the
    look itself, and so does building the query. Those that pages ask for stand ready at their modules' top.
    """
    connection = session.info.get(Connection)
    if connection is None:  # a session is one transaction, on one connection
        connection = session.info[Connection] = session.connection()
    if isinstance(query, Ready):
        return query.rows(connection, values)
    return connection.execute(query, values).all()


def insert_rows(session: Session, table: type[Base], rows: Sequence[Row]) -> None:
    """Insert rows, all in one call."""
    if rows:
        session.connection().execute(table.__table__.insert(), list(rows))  # type: ignore[attr-defined]


def insert_new_rows(session: Session, table: type[Base], rows: Sequence[Row]) -> None:
    """Insert the rows whose keys are not there yet, and leave the others as they are."""
    if rows:
        dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
        statement = dialect.insert(table).on_conflict_do_nothing()
        session.connection().execute(statement, list(rows))


def upsert_rows(session: Session, table: type[Base], rows: Sequence[Row]) -> None:
    """Insert rows, or overwrite those of the same primary key; all rows have the same columns."""
    if not rows:
        return
    keys = [column.name for column in table.__table__.primary_key]
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table)
    changes = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    session.connection().execute(
        statement.on_conflict_do_update(index_elements=keys, set_=changes), list(rows)
    )


def new_ids(session: Session, table: type[Base], count: int) -> list[int]:
    """Numbers for so many new rows, rising; the caller holds the writer's lock on SQLite."""
    if count == 0:
        return []
    if session.get_bind().dialect.name == "sqlite":
        last = session.execute(select(func.max(table.__table__.c.id))).scalar() or 0
        return list(range(last + 1, last + 1 + count))
    sequence = func.pg_get_serial_sequence(table.__tablename__, "id")
    numbers = select(func.nextval(sequence)).select_from(func.generate_series(1, count))
    return sorted(session.execute(numbers).scalars())
