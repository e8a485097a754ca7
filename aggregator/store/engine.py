"""The database: one door for SQLite and PostgreSQL."""

import importlib.util
import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal, Self, cast

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session

from aggregator.errors import StoreError
from aggregator.store.faults import store_error

Dialect = Literal["sqlite", "postgresql"]

BUSY_SECONDS: Final = 15
"""How long a writer waits for another one; a batch of 100 articles holds the lock for well under 0.1 s."""

CONNECT_SECONDS: Final = 10
"""How long a PostgreSQL server may take to answer the first time."""

_BEGIN: Final = "sqlite_begin"


class Database:
    """An open database; safe to share between threads, never between processes.

    ``session()`` is for writing: on SQLite it takes the writer's lock at once, so that two processes queue
    up instead of failing half-way. ``reading()`` sees one moment of the database and never waits for writers.
    """

    def __init__(self, engine: Engine, url: URL) -> None:
        self._engine = engine
        self._reader = engine.execution_options(**_reader_options(engine))
        self._shared: ContextVar[Session | None] = ContextVar("shared", default=None)
        self.url = url
        self.dialect: Dialect = cast("Dialect", engine.dialect.name)
        self.where = _where(url)

    @classmethod
    def open(cls, url: str, *, migrate: bool = True, busy_seconds: float = BUSY_SECONDS) -> Self:
        """Open the database at a URL, and bring its tables up to date.

        ``sqlite:///`` with a path (its folder is made) or ``postgresql://``; ``busy_seconds`` is how long to
        wait for another writer.

        Raises:
            StoreError: it cannot be opened, or was made by a newer version of this program.
            StoreBusyError: another process holds it.
            StoreFullError: the disk is full.
        """
        parsed = _parse(url)
        database = cls(_engine(parsed, busy_seconds), parsed)
        try:
            if migrate:
                # Alembic takes 0.2 s to import; it is not needed while the tables are up to date.
                from aggregator.store.migrations import bring_up_to_date

                bring_up_to_date(database)
            else:
                with database.reading() as session:
                    session.execute(text("SELECT 1"))
        except BaseException:
            database.close()
            raise
        return database

    @property
    def path(self) -> Path | None:
        """The file of an SQLite database; None on PostgreSQL."""
        return Path(self.url.database or "") if self.dialect == "sqlite" else None

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A transaction that may write: commits at the end, rolls back on an error.

        Raises:
            StoreError: the database refuses; StoreBusyError and StoreFullError where they fit.
        """
        with self._faults(), Session(self._engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that only reads, and sees the database as it was at one moment; raises StoreError."""
        shared = self._shared.get()
        if shared is None:
            with self._snapshot() as session:
                yield session
            return
        with self._faults():
            yield shared

    @contextmanager
    def moment(self) -> Iterator[None]:
        """Let all ``reading()`` inside be one transaction: what they find agrees, and they begin it once.

        For those who write nothing meanwhile, or need not see what they wrote. Raises StoreError.
        """
        if self._shared.get() is not None:
            yield
            return
        with self._snapshot() as session:
            before = self._shared.set(session)
            try:
                yield
            finally:
                self._shared.reset(before)

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A bare connection outside any session, for migrations; raises StoreError."""
        with self._faults(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _snapshot(self) -> Iterator[Session]:
        """A session in a transaction that only reads, on one connection from its beginning.

        Nothing is to be committed, so it ends as the connection is given back.
        """
        with self._faults(), self._reader.connect() as connection:
            connection.begin()
            with Session(connection, join_transaction_mode="rollback_only") as session:
                session.info[Connection] = connection
                yield session

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise store_error(error, self.where) from error

    def integrity(self) -> str:
        """``ok``, or what the database's own check found, one finding a line.

        PostgreSQL has no such check for a client; there the answer tells whether every table can be read.
        """
        from aggregator.store.schema import metadata  # the tables are not needed to open a database

        with self.reading() as session:
            if self.dialect == "sqlite":
                findings = [str(row[0]) for row in session.execute(text("PRAGMA integrity_check"))]
                orphans = [
                    f"{row[0]}: row {row[1]} points to a missing row of {row[2]}"
                    for row in session.execute(text("PRAGMA foreign_key_check"))
                ]
                return "\n".join([f for f in findings if f != "ok"] + orphans) or "ok"
            for table in metadata.sorted_tables:
                session.execute(table.select().limit(1))
        return "ok"

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StoreError(
            f"database: {url!r} is not a database URL; expected sqlite:///path or postgresql://user@host/name"
        ) from error
    if parsed.drivername in {"postgresql", "postgres"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername == "postgresql+psycopg":
        if importlib.util.find_spec("psycopg") is None:
            raise StoreError(f"{_where(parsed)}: the driver is missing; pip install 'aggregator[postgres]'")
        return parsed
    if parsed.get_backend_name() != "sqlite":
        raise StoreError(f"{_where(parsed)}: only sqlite:/// and postgresql:// are supported")
    if not parsed.database or parsed.database.startswith((":memory:", "file:")):
        raise StoreError(f"{_where(parsed)}: name a file, as in sqlite:///data/aggregator.sqlite3")
    return parsed


def _where(url: URL) -> str:
    """The database's address for people, without a password."""
    return url.database or str(url) if url.get_backend_name() == "sqlite" else url.render_as_string()


def _engine(url: URL, busy_seconds: float) -> Engine:
    as_json = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))
    if url.get_backend_name() == "sqlite":
        _make_folder(Path(url.database or ""))
        engine = create_engine(
            url,
            json_serializer=as_json,
            pool_size=10,
            max_overflow=40,
            # The connection that was used last has read most of what is asked for next.
            pool_use_lifo=True,
            connect_args={"timeout": busy_seconds},
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(
        url,
        json_serializer=as_json,
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=40,
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "application_name": "aggregator",
            "options": f"-c lock_timeout={round(busy_seconds * 1000)}ms",
        },
    )


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"{path}: the folder cannot be made ({error.strerror}); check the path and its rights"
        ) from error


def _reader_options(engine: Engine) -> dict[str, Any]:
    if engine.dialect.name == "sqlite":
        return {_BEGIN: "BEGIN DEFERRED"}
    return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver must not begin transactions by itself: it would take the writer's lock too late.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("synchronous = NORMAL", "foreign_keys = ON", "cache_size = -16384", "temp_store = MEMORY"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    words = connection.get_execution_options().get(_BEGIN)
    if words is None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:  # touches no file, so it cannot fail; to say it through SQLAlchemy costs as much as a look at a row
        connection.connection.driver_connection.execute(words)  # type: ignore[union-attr]
