"""The schema: migrated on both databases to what the tables say, and explained."""

from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.command import downgrade, upgrade
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Table, inspect, text
from store.samples import pages

from aggregator.errors import StoreError
from aggregator.model.crawl import Reason
from aggregator.store import articles
from aggregator.store.engine import Database
from aggregator.store.migrations import HEAD, alembic_config
from aggregator.store.schema import metadata


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a table is described by the metadata; the full-text index and its shadows are not."""
    return kind != "table" or name is None or not name.startswith("search_index")


def test_the_migrations_lead_to_the_tables_as_described(empty_database_url: str) -> None:
    with closing(Database.open(empty_database_url)) as db, db.connection() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"include_name": is_ours, "compare_type": True, "compare_server_default": True},
        )
        assert compare_metadata(context, metadata) == []


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: str(table.name))
def test_every_table_and_column_is_explained(table: Table) -> None:
    assert table.comment
    unexplained = [column.name for column in table.columns if not column.comment]
    assert unexplained == []


def test_the_newest_migration_is_the_one_named_as_head() -> None:
    assert ScriptDirectory.from_config(alembic_config()).get_heads() == [HEAD]


def test_migrations_can_be_taken_back_and_run_again(empty_database_url: str) -> None:
    with closing(Database.open(empty_database_url)) as db:
        with db.connection() as connection, connection.begin():
            downgrade(alembic_config(connection), "base")
            assert inspect(connection).get_table_names() == ["alembic_version"]
        with db.connection() as connection, connection.begin():
            upgrade(alembic_config(connection), "head")
        assert articles.save(db, None, pages(2)) == [Reason.STORED] * 2


def test_a_database_of_a_newer_version_is_refused_and_left_as_it_is(database_url: str) -> None:
    with closing(Database.open(database_url)) as db, db.session() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"newer version of aggregator \(schema 9999"):
        Database.open(database_url)


def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'news.sqlite3'}"
    with closing(Database.open(url, migrate=False)) as db, db.session() as session:
        session.execute(text("CREATE TABLE article (id INTEGER PRIMARY KEY)"))
    with pytest.raises(StoreError, match="already exists"):
        Database.open(url)
    with closing(Database.open(url, migrate=False)) as db, db.connection() as connection:
        assert inspect(connection).get_table_names() == ["article"]
