"""The migrations, and the one way to run them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout
from sqlalchemy import Connection, inspect, text

from aggregator.errors import StoreBusyError, StoreError

if TYPE_CHECKING:
    from alembic.config import Config

    from aggregator.store.engine import Database

FOLDER: Final = Path(__file__).parent

HEAD: Final = "0027"
"""The newest migration; standing here, it need not be searched for when a database is opened."""

LOCK_SECONDS: Final = 60
"""How long to wait for another process that migrates the same database."""

_LOCK_KEY: Final = 5_071_940_112_358
"""The number of PostgreSQL's advisory lock for migrations; any number that nobody else uses."""


def bring_up_to_date(database: "Database") -> None:
    """Run the migrations that a database lacks, while no other process does.

    Raises:
        StoreBusyError: another process migrates for over a minute.
        StoreError: the database is newer than this program, or cannot be migrated.
    """
    if revision(database) == HEAD:
        return
    with _lock(database):
        there = revision(database)
        if there == HEAD:
            return
        _refuse_newer(database, there)
        _upgrade(database)


def alembic_config(connection: Connection | None = None) -> "Config":
    """Alembic's configuration, made here: no file beside the database, no logging set up."""
    from alembic.config import Config  # takes 0.2 s, and most starts need no migration

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def revision(database: "Database") -> str | None:
    """The migration that a database's tables are at; None if it has none of ours; raises StoreError."""
    with database.reading() as session:
        if not inspect(session.connection()).has_table("alembic_version"):
            return None
        return session.execute(text("SELECT version_num FROM alembic_version")).scalar()


def known() -> frozenset[str]:
    """All migrations of this program."""
    return frozenset(path.name.split("_")[0] for path in (FOLDER / "versions").glob("[0-9]*.py"))


def _refuse_newer(database: "Database", there: str | None) -> None:
    if there is not None and there not in known():
        raise StoreError(
            f"{database.where}: made by a newer version of aggregator "
            f"(schema {there}, this one knows {HEAD}); install that version"
        )


def _upgrade(database: "Database") -> None:
    from alembic import command  # takes 0.2 s, and most starts need no migration

    with database.connection() as connection:
        if database.dialect == "sqlite":
            # The journal's mode stays with the file; it can only be changed outside a transaction.
            connection.connection.cursor().execute("PRAGMA journal_mode = WAL")
        with connection.begin():
            command.upgrade(alembic_config(connection), "head")


@contextmanager
def _lock(database: "Database") -> Iterator[None]:
    if database.path is None:
        with database.connection() as connection, connection.begin():
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
            yield
        return
    lock = FileLock(f"{database.path}.lock", timeout=LOCK_SECONDS)
    try:
        lock.acquire()
    except Timeout as error:
        raise StoreBusyError(
            f"{database.where}: another process has been migrating it for {LOCK_SECONDS} s; "
            "wait for it or end it"
        ) from error
    except OSError as error:
        raise StoreError(
            f"{database.where}: no lock file can be made beside it ({error.strerror}); "
            "check owner and rights of the folder"
        ) from error
    try:
        yield
    finally:
        lock.release()
