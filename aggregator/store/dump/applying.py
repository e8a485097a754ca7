"""An incremental dump put into the older one that it was made for."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from aggregator.errors import StoreError
from aggregator.store.dump.choice import is_whole
from aggregator.store.dump.columns import DumpTable
from aggregator.store.dump.derived import DERIVED_TABLES
from aggregator.store.dump.difference import is_compared
from aggregator.store.dump.file import Progress, facts_of, prepare
from aggregator.store.dump.manifest import MANIFEST, manifest, part
from aggregator.store.dump.search import SEARCH_TABLES, forget, index
from aggregator.store.dump.tables import DUMP_TABLES
from aggregator.store.faults import store_error

_ARTICLES: Final = "SELECT id FROM newer.article"


def apply(newer: Path, target: Path, *, progress: Progress | None = None) -> dict[str, int]:
    """Bring a dump up to date with an incremental one; its rows by table afterwards.

    In one transaction: killed at any point, the older dump is as it was.

    Raises:
        StoreError: one of them is no dump, or the newer one was not made for this older one; or the disk
            refuses.
    """
    facts, older = facts_of(newer), facts_of(target)
    if facts.get("base") != older["id"]:
        raise StoreError(
            f"{newer}: this was not made with --since-dump for {target} as it is now "
            f"(for {facts.get('base', 'none')}, which is {older['id']})"
        )
    tell = progress or (lambda _table, _rows: None)
    try:
        target.with_name(f"{target.name}{MANIFEST}").unlink(missing_ok=True)
        with closing(sqlite3.connect(target, isolation_level=None)) as file:
            prepare(file)
            file.execute("ATTACH ? AS newer", (str(newer),))
            file.execute("BEGIN IMMEDIATE")
            rows = _replace(file, tell)
            _retell(file, rows)
            orphan = file.execute("PRAGMA main.foreign_key_check").fetchone()
            if orphan is not None:
                raise StoreError(f"{target}: {newer} does not fit ({orphan}); make a whole dump")
            file.execute("COMMIT")
        told = {key: value for key, value in facts_of(target).items() if not key.startswith("rows.")}
        text = manifest(told, rows, [part(target)])
        target.with_name(f"{target.name}{MANIFEST}").write_text(text, encoding="utf-8")
    except (sqlite3.Error, OSError) as error:
        raise store_error(error, str(target)) from error
    return rows


def _replace(file: sqlite3.Connection, tell: Progress) -> dict[str, int]:
    """Replace the rows of articles that changed, and the tables that came whole."""
    has_search = file.execute(
        "SELECT count(*) FROM sqlite_master WHERE name = ?", (SEARCH_TABLES[0][0],)
    ).fetchone()[0]
    if has_search:
        forget(file, _ARTICLES)
    for table in DUMP_TABLES:
        tell(table.name, 0)
        file.execute(f'DELETE FROM main."{table.name}" WHERE {_outdated(table)}')  # noqa: S608 - our own names
        file.execute(f'INSERT OR REPLACE INTO main."{table.name}" SELECT * FROM newer."{table.name}"')  # noqa: S608 - our own names
    for made in DERIVED_TABLES[::-1]:
        file.execute(f'DELETE FROM main."{made.name}"')  # noqa: S608 - our own names
    for made in DERIVED_TABLES:
        tell(made.name, 0)
        file.execute(f'INSERT INTO main."{made.name}" {made.filling}')
    if has_search:
        tell("search index", 0)
        index(file, f"WHERE id IN ({_ARTICLES})")
    names = [table.name for table in (*DUMP_TABLES, *DERIVED_TABLES)]
    return {name: file.execute(f'SELECT count(*) FROM main."{name}"').fetchone()[0] for name in names}  # noqa: S608 - our own names


def _outdated(table: DumpTable) -> str:
    """Which rows go: those that are no more, those of articles that changed, or all."""
    if table.name == "fetch" or (is_whole(table) and is_compared(table)):
        return f"({', '.join(table.key)}) IN ({_gone(table)})"
    if is_whole(table):
        return "true"
    key = "id" if table.name == "article" else table.key[0] if table.key != ("id",) else "article_id"
    return f'"{key}" IN ({_ARTICLES})'


def _gone(table: DumpTable) -> str:
    values = ", ".join(f"json_extract(key, '$[{place}]')" for place in range(len(table.key)))
    return f"SELECT {values} FROM newer.gone WHERE table_name = '{table.name}'"  # noqa: S608 - our own names


def _retell(file: sqlite3.Connection, rows: dict[str, int]) -> None:
    """What the file tells of itself is what the newer one tells, with the rows that are here now."""
    file.execute("DELETE FROM main.metadata")
    file.execute(
        "INSERT INTO main.metadata SELECT * FROM newer.metadata "
        "WHERE key NOT IN ('base', 'base_as_of') AND key NOT LIKE 'rows.%'"
    )
    counts = [(f"rows.{name}", str(count)) for name, count in rows.items()]
    file.executemany("INSERT INTO main.metadata VALUES (?, ?)", counts)
