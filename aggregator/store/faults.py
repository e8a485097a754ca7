"""Database errors as one clear line: what, where, what to do."""

import sqlite3
from typing import Final

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from aggregator.errors import StoreBusyError, StoreError, StoreFullError

_SQLITE: Final[tuple[tuple[str, type[StoreError], str], ...]] = (
    (
        "SQLITE_FULL",
        StoreFullError,
        "the disk is full; free some space and start again",
    ),
    ("SQLITE_BUSY", StoreBusyError, "another process holds the database; wait for it or end it"),
    ("SQLITE_LOCKED", StoreBusyError, "another process holds the database; wait for it or end it"),
    (
        "SQLITE_NOTADB",
        StoreError,
        "the file is no SQLite database; name another file or move it away",
    ),
    ("SQLITE_CORRUPT", StoreError, "the database is damaged; restore a backup or the last dump"),
    (
        "SQLITE_READONLY",
        StoreError,
        "the database may not be written; check its owner and rights",
    ),
    (
        "SQLITE_CANTOPEN",
        StoreError,
        "the file cannot be opened; check that its folder is writable",
    ),
    ("SQLITE_PERM", StoreError, "the file may not be opened; check its owner and rights"),
    ("SQLITE_IOERR", StoreError, "the disk refuses to read or write; check the disk and its free space"),
)
_POSTGRES: Final[tuple[tuple[str, type[StoreError], str], ...]] = (
    ("53100", StoreFullError, "the server's disk is full; free some space and start again"),
    (
        "53300",
        StoreBusyError,
        "the server has no connection left; raise its max_connections",
    ),
    ("55P03", StoreBusyError, "another process holds a lock for too long; wait for it or end it"),
    ("40P01", StoreBusyError, "another process holds a lock that this one needs; start again"),
    ("40001", StoreBusyError, "another process changed the same rows; start again"),
    ("57014", StoreBusyError, "the server cancelled the statement; start again"),
    ("57P", StoreError, "the server is shutting down or starting; start again in a moment"),
    ("25006", StoreError, "the server is read-only (a standby?); use the primary's address"),
    ("28", StoreError, "the server refuses this user or password; check the URL in the settings"),
    ("3D000", StoreError, "the server has no database of this name; create it"),
    ("42501", StoreError, "this user may not do that; grant the rights on the database"),
    ("08", StoreError, "the server cannot be reached; check that it runs and the URL in the settings"),
)

_CONNECTING: Final = (
    ("authentication failed", "28"),
    ("no password supplied", "28"),
    ("pg_hba.conf", "28"),
    ("role ", "28"),
    ("too many clients", "53300"),
    ("connection slots", "53300"),
    ("the database system is", "57P"),
    ("FATAL:  database ", "3D000"),
)


def store_error(error: Exception, where: str) -> StoreError:
    """The error to raise for one that the database raised; ``where`` is the URL without its password."""
    error = _first(error)
    if isinstance(error, PoolTimeoutError):
        return StoreBusyError(f"{where}: all connections of this process are in use; start fewer tasks")
    if isinstance(error, DBAPIError) and error.orig is not None:
        return _from_driver(error.orig, where)
    if isinstance(error, SQLAlchemyError):
        return StoreError(f"{where}: {_first_line(error)}")
    return _from_driver(error, where)


def _first(error: Exception) -> Exception:
    """The error that came first.

    SQLite ends the whole transaction when the disk is full; that its savepoint is gone then is no news.
    """
    while isinstance(error.__context__, DBAPIError):
        error = error.__context__
    return error


def _from_driver(error: BaseException, where: str) -> StoreError:
    state = getattr(error, "sqlstate", None)
    if isinstance(error, sqlite3.Error):
        code, table = getattr(error, "sqlite_errorname", "") or _guess(error), _SQLITE
    elif state is None:
        code, table = _guess_state(error), _POSTGRES
    else:
        code, table = state, _POSTGRES
    for start, kind, advice in table:
        if code.startswith(start):
            return kind(f"{where}: {advice} ({_first_line(error)})")
    return StoreError(f"{where}: {_first_line(error)}")


def _guess(error: sqlite3.Error) -> str:
    """A name for the errors that Python raises itself, without SQLite's code."""
    return "SQLITE_NOTADB" if "not a database" in str(error) else ""


def _guess_state(error: BaseException) -> str:
    """A state for the errors of connecting, of which psycopg tells the server's words only."""
    if type(error).__name__ != "OperationalError":
        return ""
    message = str(error)
    return next((state for words, state in _CONNECTING if words in message), "08")


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].strip()
