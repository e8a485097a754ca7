"""A whole copy of the database as one file of SQLite's, as it was at one moment."""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Final
from urllib.parse import quote

from aggregator.errors import BackupError, StoreError
from aggregator.store.copying.rows import copy_rows
from aggregator.store.engine import Database
from aggregator.store.faults import store_error
from aggregator.store.schema import metadata

Told = Callable[[str, int], None]

_PAGES: Final = 2000
"""Pages of the file that are copied between two signs of life: 8 MB."""


def copy_file(db: Database, target: Path, tell: Told) -> None:
    """Write the database into a new file, as it is at one moment; others read and write meanwhile.

    An SQLite database is copied page by page, with its full-text index; PostgreSQL's rows are read in one
    transaction, and what reads the copy makes the index.

    Raises:
        StoreError: the database cannot be read or the file not written; StoreFullError if the disk is full.
    """
    if db.path is None:
        copy = Database.open(f"sqlite:///{target}")
        try:
            copy_rows(db, copy, progress=tell)
        finally:
            copy.close()
        return
    try:
        with closing(_opened(db.path)) as source, closing(_opened(target)) as copy_:
            # A transaction that reads holds on to its moment; without one, each write would begin it anew.
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            source.backup(
                copy_,
                pages=_PAGES,
                progress=lambda _status, left, total: tell("database, pages", total - left),
            )
    except sqlite3.Error as error:
        raise store_error(error, str(target)) from error


def copy_into(source: Path, target: Database, tell: Told) -> None:
    """Have a database hold what a copy holds, and nothing else; raises StoreError, and nothing changed."""
    copy = Database.open(f"sqlite:///{source}")  # tables of an older version are brought up to date here
    try:
        copy_rows(copy, target, progress=tell)
    finally:
        copy.close()


def check(path: Path) -> tuple[str, Mapping[str, int]]:
    """The version of a copy's tables, and its rows by table; nothing is written, not even beside it.

    Raises:
        BackupError: it is damaged, or no database of ours.
    """
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?immutable=1", uri=True)) as file:
            findings = [str(row[0]) for row in file.execute("PRAGMA integrity_check(3)")]
            if findings != ["ok"]:
                raise BackupError(f"{path.name}: damaged: {findings[0]}")
            orphan = file.execute("PRAGMA foreign_key_check").fetchone()
            if orphan is not None:
                raise BackupError(f"{path.name}: damaged: {orphan[0]} points to a missing row of {orphan[2]}")
            (version,) = file.execute("SELECT version_num FROM alembic_version").fetchone()
            there = {name for (name,) in file.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
            return str(version), {
                # Our own names.
                name: file.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
                for name in sorted(there & metadata.tables.keys())
            }
    except (sqlite3.Error, TypeError) as error:
        raise BackupError(f"{path.name}: damaged, or no database of ours: {error}") from error


def _opened(path: Path) -> sqlite3.Connection:
    if not path.parent.is_dir():
        raise StoreError(f"{path}: there is no such folder")
    return sqlite3.connect(path, isolation_level=None)
