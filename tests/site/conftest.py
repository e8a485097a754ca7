"""Sites that run while the tests read them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from kinds import fill_every_kind
from published import fill
from reading import Reader, site_over

from aggregator.store.engine import Database


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: bytes) -> Iterator[Reader]:
    """A site with articles in every mode; tests only read it."""
    path: Path = tmp_path_factory.mktemp("site") / "news.sqlite3"
    path.write_bytes(migrated_sqlite)
    db = Database.open(f"sqlite:///{path}")
    fill(db)
    with site_over(db, contact="desk@test.example") as reader:
        yield reader
    db.close()


@pytest.fixture(scope="module")
def every_kind(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: bytes) -> Iterator[Reader]:
    """A site with a page of every kind (``kinds.kinds`` tells where); tests only read it."""
    path: Path = tmp_path_factory.mktemp("site") / "kinds.sqlite3"
    path.write_bytes(migrated_sqlite)
    db = Database.open(f"sqlite:///{path}")
    fill_every_kind(db, path.parent / "pictures")
    with site_over(db, contact="desk@test.example", pictures=path.parent / "pictures") as reader:
        yield reader
    db.close()


@pytest.fixture
def own(tmp_path: Path, migrated_sqlite: bytes) -> Iterator[Reader]:
    """A site over a database without any article; a test may write to it."""
    path = tmp_path / "own.sqlite3"
    path.write_bytes(migrated_sqlite)
    db = Database.open(f"sqlite:///{path}")
    with site_over(db) as reader:
        yield reader
    db.close()
