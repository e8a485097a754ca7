"""The scheduler's lock: whoever holds it is alone on this data."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from time import sleep
from typing import Protocol

from filelock import FileLock, Timeout
from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from aggregator.errors import SchedulerBusyError, StoreError
from aggregator.store.engine import Database
from aggregator.store.faults import store_error

FILE_NAME = "scheduler.lock"
# An arbitrary number, the same in every version: the lock's name inside a PostgreSQL database.
_ADVISORY_KEY = 4_937_602_118
_WAIT_SECONDS = 1.0  # each look is a connection of its own on PostgreSQL; a takeover may take a second
_WHAT_TO_DO = (
    "stop that one, wait for its end with --wait, or use `aggregator crawl` and `aggregator publish` beside"
    " it"
)


class SchedulerLock(Protocol):
    """A lock that is held."""

    def check(self) -> None:
        """See that it still is held.

        Raises:
            SchedulerBusyError: it went lost, and another scheduler has it.
            StoreError: it went lost, and the database cannot be asked for it again.
        """


@contextmanager
def only_scheduler(
    db: Database, on_busy: Callable[[SchedulerBusyError], object] | None = None
) -> Iterator[SchedulerLock]:
    """Be the only scheduler on this database while the context is open.

    On PostgreSQL an advisory lock, so that schedulers on several machines see one another; on SQLite a lock
    on a file beside the database, which a process that dies in whatever way gives back. With ``on_busy`` it
    waits for another scheduler's end, and tells of it once.

    Raises:
        SchedulerBusyError: another scheduler holds the lock, and nobody wants to wait.
        StoreError: the database or its folder cannot be used.
    """
    with ExitStack() as stack:
        yield _entered(stack, db, on_busy)


def _entered(
    stack: ExitStack, db: Database, on_busy: Callable[[SchedulerBusyError], object] | None
) -> SchedulerLock:
    is_told = False
    while True:
        try:
            return stack.enter_context(_held(db))
        except SchedulerBusyError as error:
            if on_busy is None:
                raise
            if not is_told:
                on_busy(error)
            is_told = True
        sleep(_WAIT_SECONDS)


@contextmanager
def _held(db: Database) -> Iterator[SchedulerLock]:
    if db.path is None:
        lock = _AdvisoryLock(db)
        try:
            yield lock
        finally:
            lock.release()
    else:
        with _file_lock(_path(db.path)):
            yield _FileHeld()


def is_held(db: Database) -> bool:
    """Whether a scheduler works on this database.

    On SQLite a scheduler that starts in the very moment of asking finds the lock held, and ends.

    Raises:
        StoreError: the database cannot be asked.
    """
    if db.path is not None:
        try:
            with _path(db.path).open("rb") as file:
                # A shared lock: two that only look do not hold one another up.
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:  # nobody ever locked it
            return False
        return False
    query = (
        "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database "
        "WHERE locktype = 'advisory' AND datname = current_database() "
        "AND (classid::bigint << 32 | objid::bigint) = :key"
    )
    with db.reading() as session:
        return bool(session.scalar(text(query), {"key": _ADVISORY_KEY}))


def _path(database: Path) -> Path:
    return database.with_name(f"{database.name}.{FILE_NAME}")


@contextmanager
def _file_lock(path: Path) -> Iterator[None]:
    try:
        lock = FileLock(path)
        lock.acquire(timeout=0)
    except Timeout as error:
        raise SchedulerBusyError(f"{path}: another scheduler holds this lock; {_WHAT_TO_DO}") from error
    except OSError as error:
        raise StoreError(f"{path}: cannot be locked ({error.strerror}); check the folder's rights") from error
    try:
        yield
    finally:
        lock.release()


class _FileHeld:
    """A file lock, which holds as long as its process lives."""

    def check(self) -> None:
        """Nothing can take it away."""


class _AdvisoryLock:
    """An advisory lock of a session: it ends with its connection, which a restart of the server cuts."""

    def __init__(self, db: Database) -> None:
        self._where = db.where
        # A connection of its own, outside the pool and outside any transaction: an open one would keep the
        # server from cleaning up old rows for as long as the scheduler runs.
        self._engine = create_engine(db.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        self._connection = self._taken()

    def check(self) -> None:
        """Ask through the lock's own connection; take the lock anew if that was cut."""
        try:
            self._connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            self.release()
            self._connection = self._taken()

    def release(self) -> None:
        """Give the lock back by closing its connection."""
        with suppress(SQLAlchemyError):
            self._connection.close()

    def _taken(self) -> Connection:
        try:
            connection = self._engine.connect()
            statement = text("SELECT pg_try_advisory_lock(:key)")
            taken = bool(connection.scalar(statement, {"key": _ADVISORY_KEY}))
        except SQLAlchemyError as error:
            raise store_error(error, self._where) from error
        if not taken:
            connection.close()
            raise SchedulerBusyError(
                f"{self._where}: another scheduler works on this database; {_WHAT_TO_DO}"
            )
        return connection
