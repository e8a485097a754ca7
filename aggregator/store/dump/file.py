"""The SQLite file of a dump: its tables filled, indexed, explained and checked."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Final

from aggregator import topics
from aggregator.errors import StoreError
from aggregator.store.dump.columns import DumpTable
from aggregator.store.dump.derived import DERIVED_TABLES, DerivedTable
from aggregator.store.dump.dictionary import OWN_KEYS, OWN_TABLES, data_dictionary
from aggregator.store.dump.questions import DUMP_VIEWS
from aggregator.store.dump.search import add_search, is_unspaced

Progress = Callable[[str, int], None]
Rows = Iterable[Sequence[Sequence[object]]]

MAJOR: Final = 1
"""The shape of the file; it rises when a column goes or changes its meaning."""

_CACHE_KIB: Final = 64 * 1024
"""Pages held in memory while the file grows and its indexes are sorted."""


class DumpFile:
    """A dump in the making; nothing but this process has the file open."""

    def __init__(self, path: Path, tell: Progress) -> None:
        self.rows: dict[str, int] = {}
        self._tell = tell
        self._file = sqlite3.connect(path, isolation_level=None)
        # The file is thrown away if anything fails, and forced to the disk once it is whole.
        for pragma in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{_CACHE_KIB}"):
            self._file.execute(f"PRAGMA {pragma}")
        self._file.execute(f"PRAGMA user_version = {MAJOR}")
        prepare(self._file)
        self._file.execute("BEGIN")

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def fill(self, table: DumpTable, rows: Rows) -> None:
        """Make a table and fill it with rows that come in lots."""
        self._file.execute(_create(table))
        marks = ", ".join("?" * len(table.columns))
        insert = f'INSERT INTO "{table.name}" VALUES ({marks})'  # noqa: S608 - our own names
        count = 0
        self._tell(table.name, 0)
        for lot in rows:
            # Plain tuples: from the library's own rows SQLite takes a tenth to a third longer.
            self._file.executemany(insert, map(tuple, lot))
            count += len(lot)
            self._tell(table.name, count)
        self.rows[table.name] = count

    def finish(
        self,
        tables: Sequence[DumpTable],
        facts: Mapping[str, str],
        gone: Sequence[tuple[str, str]],
        *,
        has_search: bool,
    ) -> None:
        """Add what is made of the tables, what makes the file quick and what explains it.

        ``gone`` are tables and keys of rows that an older dump has and this moment has not.
        """
        for made in DERIVED_TABLES:
            self._file.execute(_create(made))
            done = self._file.execute(f'INSERT INTO "{made.name}" {made.filling}')
            self.rows[made.name] = done.rowcount
            self._tell(made.name, done.rowcount)
        indexed: tuple[DumpTable | DerivedTable, ...] = (*tables, *DERIVED_TABLES)
        for table in indexed:
            self._index(table)
        for view in DUMP_VIEWS:
            self._file.execute(view.statement)
        if has_search:
            add_search(self._file, self._tell)
        self._explain(facts, has_search=has_search)
        self._file.executemany("INSERT INTO gone VALUES (?, ?)", gone)
        self._file.execute("COMMIT")
        self._file.execute("ANALYZE")

    def check(self, out: Path, *, stands_alone: bool) -> None:
        """See that the file is sound; one that adds to another refers to rows of that one.

        Raises:
            StoreError: it is not.
        """
        self._tell("integrity check", sum(self.rows.values()))
        findings = [str(row[0]) for row in self._file.execute("PRAGMA integrity_check")]
        orphans = self._file.execute("PRAGMA foreign_key_check").fetchone() if stands_alone else None
        if findings != ["ok"] or orphans is not None:
            raise StoreError(f"{out}: the dump is damaged ({findings[0]}, {orphans}); check the disk")

    def _index(self, table: DumpTable | DerivedTable) -> None:
        for columns in table.indexes:
            self._tell(f"index of {table.name}", 0)
            name = f"ix_{table.name}_{'_'.join(columns)}"
            listed = ", ".join(f'"{column}"' for column in columns)
            self._file.execute(f'CREATE INDEX "{name}" ON "{table.name}" ({listed})')

    def _explain(self, facts: Mapping[str, str], *, has_search: bool) -> None:
        for name, (_, own) in OWN_TABLES.items():
            columns, key = ", ".join(f'"{each.name}" {each.type}' for each in own), OWN_KEYS[name]
            self._file.execute(f"CREATE TABLE {name} ({columns}, PRIMARY KEY ({key})) STRICT")
        lines = [
            (
                *(line.table, line.column, line.type, line.unit, line.meaning, line.example, line.since),
                line.public,
            )
            for line in data_dictionary(has_search=has_search)
        ]
        self._file.executemany("INSERT INTO data_dictionary VALUES (?, ?, ?, ?, ?, ?, ?, ?)", lines)
        counts = {f"rows.{name}": str(count) for name, count in self.rows.items()}
        self._file.executemany("INSERT INTO metadata VALUES (?, ?)", {**facts, **counts}.items())


def prepare(file: sqlite3.Connection) -> None:
    """Give a connection the functions by which tables and the index are filled."""
    file.create_function("topic_key", 1, _topic_key, deterministic=True)
    file.create_function("is_unspaced", 1, is_unspaced, deterministic=True)


def facts_of(path: Path) -> Mapping[str, str]:
    """What a dump's ``metadata`` tells.

    Raises:
        StoreError: the file is no dump.
    """
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as file:
            return dict(file.execute("SELECT key, value FROM metadata"))
    except sqlite3.Error as error:
        raise StoreError(f"{path}: this is no dump of ours ({error}); name one in SQLite's format") from error


def _create(table: DumpTable | DerivedTable) -> str:
    columns = [
        f'"{column.name}" {column.type}'
        + (f" REFERENCES {table.references[column.name]}" if column.name in table.references else "")
        for column in table.columns
    ]
    key = ", ".join(f'"{name}"' for name in table.key)
    return f'CREATE TABLE "{table.name}" ({", ".join(columns)}, PRIMARY KEY ({key})) STRICT'


@lru_cache(maxsize=65_536)
def _topic_key(label: str | None) -> str:
    made = topics.key(label or "")
    return made if len(made) <= topics.KEY_CHARS else ""
