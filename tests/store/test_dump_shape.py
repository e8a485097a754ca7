"""The shape of the dump: explained column by column, recorded, and never taken back within a version."""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
from store.samples import outlet

from aggregator.store import outlets
from aggregator.store.dump import Wanted, data_dictionary, dictionary_page, dump
from aggregator.store.dump.columns import Openness
from aggregator.store.dump.making import VERSION
from aggregator.store.dump.search import SEARCH_TABLES
from aggregator.store.engine import Database

ROOT = Path(__file__).resolve().parent.parent.parent
RECORDED = Path(__file__).resolve().parent / "dump_shapes"
Shape = Mapping[str, Mapping[str, str]]


@pytest.fixture(scope="module")
def made(migrated_sqlite: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dump")
    (folder / "store.sqlite3").write_bytes(migrated_sqlite)
    with closing(Database.open(f"sqlite:///{folder / 'store.sqlite3'}")) as db:
        outlets.sync(db, [outlet()])
        return dump(db, folder / "news.sqlite3").path


def tables(path: Path) -> dict[str, str]:
    """Kinds by name, without what SQLite and its search keep for themselves."""
    with closing(sqlite3.connect(path)) as file:
        listed = file.execute("SELECT name, type FROM pragma_table_list WHERE schema = 'main'").fetchall()
    return {name: kind for name, kind in listed if kind != "shadow" and not name.startswith("sqlite_")}


def shape(path: Path) -> dict[str, dict[str, str]]:
    """Types by column by table; a view's columns have none."""
    with closing(sqlite3.connect(path)) as file:
        return {
            name: {row[1]: row[2] for row in file.execute(f'PRAGMA table_info("{name}")')}
            for name in sorted(tables(path))
        }


def test_every_table_view_and_column_is_explained_with_type_and_example(made: Path) -> None:
    explained = {(line.table, line.column): line for line in data_dictionary()}
    kinds = {"table": "table", "view": "view", "virtual": "search"}
    found = shape(made)
    assert {(name, column) for name in found for column in ("", *found[name])} == set(explained)
    assert [name for name, kind in tables(made).items() if explained[name, ""].type != kinds[kind]] == []
    stored = [(t, c, kind) for t, columns in found.items() for c, kind in columns.items() if kind]
    assert [(t, c) for t, c, kind in stored if explained[t, c].type != kind] == []
    lines = [line for line in explained.values() if line.column]
    assert [f"{line.table}.{line.column}" for line in lines if len(line.meaning) < 4] == []
    without = [line for line in lines if line.example is None and line.table not in dict(SEARCH_TABLES)]
    assert [f"{line.table}.{line.column}" for line in without] == []


def test_an_example_is_of_its_columns_type() -> None:
    for line in data_dictionary():
        if line.example is not None and line.type == "INTEGER":
            assert int(line.example) >= -1, line
        if line.example is not None and line.type == "REAL":
            assert float(line.example) >= 0, line


def test_every_number_but_keys_flags_and_places_has_a_unit() -> None:
    bare = {
        "id", "article_id", "copy_id", "original_id", "story_id", "other_id", "run_id", "edition_id",
        "takedown_id", "headline_article", "merged_into", "copy_of", "revision", "number", "position",
        "level", "stands_after", "version", "status", "attempt", "canonical", "noindex", "tdm_reserved",
            "group_id", "last_good_article", "last_good_fetch",
    }  # fmt: skip
    missing = {
        line.column
        for line in data_dictionary()
        if line.type in {"INTEGER", "REAL"}
        and line.unit is None
        and not line.column.startswith(("is_", "has_"))
    }
    assert missing <= bare


def test_the_file_holds_its_dictionary(made: Path) -> None:
    with closing(sqlite3.connect(made)) as file:
        rows = file.execute("SELECT * FROM data_dictionary").fetchall()
    assert {(row[0], row[1], row[4]) for row in rows} == {
        (line.table, line.column, line.meaning) for line in data_dictionary()
    }
    assert {row[7] for row in rows} == {None, *(each.value for each in Openness)}


def test_the_page_of_the_docs_is_what_the_program_prints() -> None:
    page = (ROOT / "docs" / "dictionary.md").read_text(encoding="utf-8")
    assert page == dictionary_page(), "make it anew: aggregator dump --dictionary > docs/dictionary.md"


def test_all_tables_are_strict_and_refer_to_tables_that_are_there(made: Path) -> None:
    with closing(sqlite3.connect(made)) as file:
        lax = file.execute(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict "
            "AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        assert lax == []
        aims = {
            (row[2], row[4])
            for name, kind in tables(made).items()
            if kind == "table"
            for row in file.execute(f'PRAGMA foreign_key_list("{name}")')
        }
    found = shape(made)
    assert ("article", "id") in aims
    assert [(table, column) for table, column in aims if column not in found[table]] == []


def test_the_shape_is_the_recorded_one_of_its_version(made: Path) -> None:
    path = RECORDED / f"{VERSION}.json"
    assert path.is_file(), f"record the shape of {VERSION} in {path}"
    assert shape(made) == json.loads(path.read_text(encoding="utf-8")), (
        "once VERSION is released, a change needs a new one; record it with dump_shapes/record.py"
    )


def test_nothing_of_an_earlier_version_is_gone_within_a_major_one(made: Path) -> None:
    found = shape(made)
    earlier = [path for path in RECORDED.glob("*.json") if path.stem.split(".")[0] == VERSION.split(".")[0]]
    assert earlier
    for path in earlier:
        recorded: Shape = json.loads(path.read_text(encoding="utf-8"))
        gone = [
            f"{path.stem}: {table}.{column}"
            for table, columns in recorded.items()
            for column, kind in columns.items()
            if found.get(table, {}).get(column) != kind
        ]
        assert gone == []


def test_what_came_later_says_since_when() -> None:
    first = json.loads((RECORDED / "1.0.json").read_text(encoding="utf-8"))
    later = {
        (line.table, line.column)
        for line in data_dictionary()
        if line.column and line.column not in first.get(line.table, {})
    }
    assert {
        (line.table, line.column) for line in data_dictionary() if line.column and line.since != "1.0"
    } == later


def test_without_the_index_nothing_speaks_of_it(db: Database, tmp_path: Path) -> None:
    path = dump(db, tmp_path / "news.sqlite3", Wanted(has_search=False)).path
    with closing(sqlite3.connect(path)) as file:
        explained = {row[0] for row in file.execute("SELECT table_name FROM data_dictionary")}
    assert explained == set(tables(path))
    assert not explained & dict(SEARCH_TABLES).keys()
