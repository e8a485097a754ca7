"""Rows of every table from one database to another, of whichever kind, and what they add up to."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import blake2b
from typing import Any, Final

from sqlalchemy import (
    JSON,
    Connection,
    Select,
    Table,
    Text,
    bindparam,
    cast,
    func,
    literal,
    select,
    text,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.schema import AddConstraint, DropConstraint

from aggregator.errors import StoreError
from aggregator.store.engine import Database
from aggregator.store.schema import metadata
from aggregator.store.tables.base import iso

Progress = Callable[[str, int], None]

_ROWS: Final = 500
"""Rows that are held in memory at a time; a text may have megabytes."""

_DIGEST_BYTES: Final = 16

_compact: Final = partial(json.dumps, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


@dataclass(frozen=True, slots=True)
class Tally:
    """What a table's rows add up to, in any order and on any database: how many, and a checksum in hex."""

    rows: int
    checksum: str


def tallies(db: Database, *, progress: Progress | None = None) -> Mapping[str, Tally]:
    """The tally of each table, all of one moment; raises StoreError."""
    tell = progress or _silent
    with db.reading() as session:
        return _tallies(session.connection(), tell)


def copy_rows(source: Database, target: Database, *, progress: Progress | None = None) -> Mapping[str, Tally]:
    """Have a database hold the rows of another one, and nothing else; the tally of each table.

    The source is read as it is at one moment. The target changes in one transaction, which ends only when
    what stands there adds up to what was read; both have today's tables. The full-text index is left empty.

    Raises:
        StoreError: a row cannot be read or written, or reads differently there; the target is as it was.
    """
    tell = progress or _silent
    with source.reading() as session, target.connection() as there, there.begin():
        here = session.connection()
        with _without_foreign_keys(there):
            _clear(there)
            read = {table.name: _copied(here, there, table, tell) for table in metadata.sorted_tables}
        if there.dialect.name == "postgresql":
            _count_on(there)
        written = _tallies(there, tell)
        if wrong := [name for name in read if read[name] != written[name]]:
            raise StoreError(
                f"{target.where}: {wrong[0]} reads differently than it was written; nothing is kept"
            )
    return read


def _silent(_table: str, _rows: int) -> None:
    """Nobody watches."""


def _tallies(connection: Connection, tell: Progress) -> dict[str, Tally]:
    found = {}
    for table in metadata.sorted_tables:
        counting = _Counting()
        for lot in _lots(connection, table):
            counting.add(lot)
            tell(f"{table.name}, checked", counting.rows)
        found[table.name] = counting.tally()
    return found


class _Counting:
    """A tally in the making: a sum, since two databases order texts differently."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def add(self, lot: Sequence[Sequence[Any]]) -> None:
        for row in lot:
            words = json.dumps(list(row), ensure_ascii=False, default=_word).encode("utf-8", "surrogatepass")
            self._sum += int.from_bytes(blake2b(words, digest_size=_DIGEST_BYTES).digest())
        self.rows += len(lot)

    def tally(self) -> Tally:
        return Tally(self.rows, f"{self._sum % (1 << 8 * _DIGEST_BYTES):0{2 * _DIGEST_BYTES}x}")


def _word(value: object) -> str:
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    raise TypeError(type(value).__name__)


def _copied(here: Connection, there: Connection, table: Table, tell: Progress) -> Tally:
    counting = _Counting()
    insert = table.insert().values(
        {column.name: _place(column.name, column.type, there.dialect.name) for column in table.columns}
    )
    names = [column.name for column in table.columns]
    tell(table.name, 0)
    for lot in _lots(here, table):
        there.execute(insert, [dict(zip(names, row, strict=True)) for row in lot])
        counting.add(lot)
        tell(table.name, counting.rows)
    return counting.tally()


def _lots(connection: Connection, table: Table) -> Iterator[Sequence[Sequence[Any]]]:
    """A table's rows in lots; JSON as text of one form, so that JSON's null stays apart from no value."""
    is_json = [isinstance(column.type, JSON) for column in table.columns]
    with closing(connection.execute(_read(table), execution_options={"yield_per": _ROWS})) as rows:
        for lot in rows.partitions():
            yield [
                [
                    _compact(json.loads(value)) if json_here and value is not None else value
                    for value, json_here in zip(row, is_json, strict=True)
                ]
                for row in lot
            ]


def _read(table: Table) -> Select[Any]:
    return select(
        *(
            # SQLite keeps JSON as text; PostgreSQL has a form of its own.
            cast(column, Text).label(column.name) if isinstance(column.type, JSON) else column
            for column in table.columns
        )
    )


def _place(name: str, kind: Any, dialect: str) -> Any:
    if not isinstance(kind, JSON):
        return bindparam(name, type_=kind)
    value = bindparam(name, type_=Text())
    return cast(value, JSONB) if dialect == "postgresql" else type_coerce(value, Text())


@contextmanager
def _without_foreign_keys(connection: Connection) -> Iterator[None]:
    """No order of tables or rows is right where they point to each other: all are checked at the end."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        yield
        return
    keys = [key for table in metadata.sorted_tables for key in table.foreign_key_constraints]
    for key in keys:
        connection.execute(DropConstraint(key))
    yield
    for key in keys:
        connection.execute(AddConstraint(key))


def _clear(connection: Connection) -> None:
    names = [f'"{table.name}"' for table in reversed(metadata.sorted_tables)]
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"TRUNCATE search_index, {', '.join(names)}"))
        return
    for name in ("search_index", *names):
        connection.execute(text(f"DELETE FROM {name}"))  # noqa: S608 - our own names


def _count_on(connection: Connection) -> None:
    """Have PostgreSQL give the next new row the number after the last one."""
    for table in metadata.sorted_tables:
        if (column := table.autoincrement_column) is None:
            continue
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        if (name := connection.scalar(select(sequence))) is not None:
            last = select(func.setval(literal(name), func.coalesce(func.max(column), 0) + 1, False))
            connection.execute(last)
