"""The dump: one documented SQLite file for analysts."""

import errno
import glob
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from aggregator.clock import now
from aggregator.errors import StoreError, StoreFullError
from aggregator.store.dump_tables import DUMP_TABLES, DumpTable, Value
from aggregator.store.dump_views import DUMP_VIEWS
from aggregator.store.engine import Database
from aggregator.store.faults import store_error
from aggregator.store.process import is_alive
from aggregator.store.schema import OutletRow
from aggregator.store.tables.base import iso

Progress = Callable[[str, int], None]

FORMAT: Final = 1
"""The shape of the file; it rises when a column goes or changes its meaning."""

_ROWS: Final = 1000
"""Rows that are held in memory at a time."""

_PID_DIGITS: Final = 10
"""A number of so many digits is no process's."""

_OWN_TABLES: Final = (
    ("data_dictionary", "table_name", "TEXT", "name of the table or view"),
    ("data_dictionary", "column_name", "TEXT", "name of the column; empty for the table itself"),
    ("data_dictionary", "type", "TEXT", "type of the column: TEXT, INTEGER or REAL; table or view"),
    ("data_dictionary", "meaning", "TEXT", "what it holds"),
    ("metadata", "key", "TEXT", "what is told about this file"),
    ("metadata", "value", "TEXT", "its value"),
)


@dataclass(frozen=True, slots=True)
class DumpReport:
    """What was written: the file, its rows by table, its size, and the moment that it shows."""

    path: Path
    rows: Mapping[str, int]
    size_bytes: int
    as_of: datetime

    def __str__(self) -> str:
        articles = self.rows.get("article", 0)
        return f"{self.path}: {articles} articles, {sum(self.rows.values())} rows, {self.size_bytes} bytes"


@dataclass(frozen=True, slots=True)
class Meaning:
    """A line of the data dictionary; ``column`` is empty for a table or view itself."""

    table: str
    column: str
    type: str
    meaning: str


def data_dictionary() -> tuple[Meaning, ...]:
    """What each table, view and column of a dump means."""
    lines: list[Meaning] = []
    for table in DUMP_TABLES:
        lines.append(Meaning(table.name, "", "table", table.meaning))
        lines += [Meaning(table.name, each.name, each.type, each.meaning) for each in table.columns]
    for view in DUMP_VIEWS:
        lines.append(Meaning(view.name, "", "view", view.meaning))
        lines += [Meaning(view.name, each.name, each.type, each.meaning) for each in view.columns]
    lines.append(Meaning("data_dictionary", "", "table", "what each table, view and column means"))
    lines.append(Meaning("metadata", "", "table", "facts about this file"))
    return (*lines, *(Meaning(*line) for line in _OWN_TABLES))


def dump(db: Database, out: Path, *, progress: Progress | None = None) -> DumpReport:
    """Write everything into one SQLite file, as it was at one moment; ``progress`` gets table and rows.

    The file is the same whichever database it is made from. It is written beside ``out``, checked, and only
    then put in its place: a dump that fails leaves an older one as it was.

    Raises:
        StoreError: the database cannot be read or the file not written, or ``out`` is the database itself or
            something else than a file; StoreFullError if the disk is full.
    """
    _refuse_place(db, out)
    tell = progress or (lambda _table, _rows: None)
    with _written_beside(out) as part:
        with closing(sqlite3.connect(part, isolation_level=None)) as target, db.reading() as session:
            # The first statement fixes the moment that the whole file shows.
            session.execute(select(OutletRow.slug).limit(1)).first()
            as_of = now()
            target.execute("PRAGMA journal_mode = OFF")
            target.execute("PRAGMA synchronous = OFF")
            target.execute(f"PRAGMA user_version = {FORMAT}")
            target.execute("BEGIN")
            rows = {table.name: _copy(session, target, table, tell) for table in DUMP_TABLES}
            _finish(target, rows, db.dialect, as_of)
            target.execute("COMMIT")
            tell("integrity check", sum(rows.values()))
            _check(target, out)
        size = part.stat().st_size
    return DumpReport(out, rows, size, as_of)


def _refuse_place(db: Database, out: Path) -> None:
    """Refuse what a dump would destroy: the live database, a folder, a device."""
    if db.path is not None:
        own = {Path(f"{db.path}{end}").resolve() for end in ("", "-wal", "-shm")}
        if out.resolve() in own:
            raise StoreError(f"{out}: this is the database itself; name another file")
    if not out.name or (out.exists() and not out.is_file()):
        raise StoreError(f"{out}: a dump cannot take its place; name a file")


@contextmanager
def _written_beside(out: Path) -> Iterator[Path]:
    """A path beside ``out`` that takes its place at the end, and disappears if anything fails."""
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        _sweep(out)
        yield part
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(out)
    except sqlite3.Error as error:
        raise store_error(error, str(out)) from error
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise StoreFullError(f"{out}: the disk is full; free some space and start again") from error
        raise StoreError(
            f"{out}: cannot be written ({error.strerror}); check the path and its rights"
        ) from error
    finally:
        with suppress(OSError):  # the folder itself may be what is wrong
            part.unlink(missing_ok=True)


def _sweep(out: Path) -> None:
    """Remove what dumps that were killed left beside ``out``; it may be as large as the database."""
    for left in out.parent.glob(f".{glob.escape(out.name)}.*.part"):
        pid = left.name.removesuffix(".part").rpartition(".")[2]
        if (
            pid.isdecimal()
            and len(pid) < _PID_DIGITS
            and (int(pid) == os.getpid() or not is_alive(int(pid), None))
        ):
            left.unlink(missing_ok=True)


def _copy(session: Session, target: sqlite3.Connection, table: DumpTable, tell: Progress) -> int:
    target.execute(_create(table))
    marks = ", ".join("?" * len(table.columns))
    insert = f'INSERT INTO "{table.name}" VALUES ({marks})'  # noqa: S608 - our own names
    converts = [column.convert for column in table.columns]
    count = 0
    tell(table.name, 0)
    for rows in session.execute(table.query, execution_options={"yield_per": _ROWS}).partitions():
        values: list[Sequence[Value]] = [
            [convert(value) for convert, value in zip(converts, row, strict=True)] for row in rows
        ]
        target.executemany(insert, values)
        count += len(values)
        tell(table.name, count)
    return count


def _create(table: DumpTable) -> str:
    columns = [
        f'"{column.name}" {column.type}'
        + (f" REFERENCES {table.references[column.name]}" if column.name in table.references else "")
        for column in table.columns
    ]
    key = ", ".join(f'"{name}"' for name in table.key)
    return f'CREATE TABLE "{table.name}" ({", ".join(columns)}, PRIMARY KEY ({key})) STRICT'


def _finish(target: sqlite3.Connection, rows: Mapping[str, int], source: str, as_of: datetime) -> None:
    """Add what explains the file and what makes it quick."""
    for table in DUMP_TABLES:
        for columns in table.indexes:
            name = f"ix_{table.name}_{'_'.join(columns)}"
            listed = ", ".join(f'"{column}"' for column in columns)
            target.execute(f'CREATE INDEX "{name}" ON "{table.name}" ({listed})')
    for view in DUMP_VIEWS:
        target.execute(view.statement)
    target.execute(
        "CREATE TABLE data_dictionary (table_name TEXT, column_name TEXT, type TEXT, meaning TEXT, "
        "PRIMARY KEY (table_name, column_name)) STRICT"
    )
    lines = [(line.table, line.column, line.type, line.meaning) for line in data_dictionary()]
    target.executemany("INSERT INTO data_dictionary VALUES (?, ?, ?, ?)", lines)
    target.execute("CREATE TABLE metadata (key TEXT PRIMARY KEY, value TEXT) STRICT")
    facts = {
        "format": str(FORMAT),
        "program": f"aggregator {_version()}",
        "source": source,
        "as_of": iso(as_of),
        **{f"rows.{name}": str(count) for name, count in rows.items()},
    }
    target.executemany("INSERT INTO metadata VALUES (?, ?)", facts.items())


def _check(target: sqlite3.Connection, out: Path) -> None:
    findings = [str(row[0]) for row in target.execute("PRAGMA integrity_check")]
    orphans = target.execute("PRAGMA foreign_key_check").fetchone()
    if findings != ["ok"] or orphans is not None:
        raise StoreError(f"{out}: the dump is damaged ({findings[0]}, {orphans}); check the disk")


def _version() -> str:
    try:
        return version("aggregator")
    except PackageNotFoundError:  # a bare checkout
        return "0"
