"""Desks that run while the tests work at them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from console.desks import Site, add_users, desk_over

from aggregator.store.engine import Database


@pytest.fixture
def site(tmp_path: Path, migrated_sqlite: bytes) -> Iterator[Site]:
    """A site with a desk and a user of each role, over an empty store of its own."""
    path = tmp_path / "desk.sqlite3"
    path.write_bytes(migrated_sqlite)
    db = Database.open(f"sqlite:///{path}")
    add_users(db)
    with desk_over(db, tmp_path) as running:
        yield running
    db.close()
