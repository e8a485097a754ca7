"""What differs from an older dump: rows that came or changed, and the keys of those that are gone."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from aggregator.store.dump.columns import DumpTable

LOT: Final = 1000
"""Rows that are compared at once: nearly all lots are equal, and seen to be so in one step."""

Row = tuple[Any, ...]


def is_compared(table: DumpTable) -> bool:
    """Whether its key is of numbers: words are sorted by each database in a way of its own."""
    kinds = {column.name: column.type for column in table.columns}
    return all(kinds[name] == "INTEGER" for name in table.key)


class Difference:
    """Tables compared with an older dump's; what is gone is known once their rows have been read.

    ``facts`` are the older dump's own.
    """

    def __init__(self, base: Path, facts: Mapping[str, str]) -> None:
        self.facts = facts
        self._older = sqlite3.connect(f"file:{base}?mode=ro", uri=True)
        self.gone: list[tuple[str, str]] = []

    def close(self) -> None:
        """Let go of the older dump."""
        self._older.close()

    def rows(self, table: DumpTable, lots: Iterable[Sequence[Sequence[Any]]]) -> Iterator[list[Row]]:
        """Lots of a table's rows that the older dump has not as they are."""
        columns = [column.name for column in table.columns]
        yield from self.differing(table.name, columns, table.key, lots)

    def differing(
        self,
        table: str,
        columns: Sequence[str],
        key: Sequence[str],
        lots: Iterable[Sequence[Sequence[Any]]],
    ) -> Iterator[list[Row]]:
        """The same for some of a table's columns; the lots are in the order of ``key``, numbers from 0."""
        places = [columns.index(name) for name in key]
        names, keys = ", ".join(f'"{name}"' for name in columns), ", ".join(f'"{name}"' for name in key)
        marks = ", ".join("?" * len(key))
        after = f'SELECT {names} FROM "{table}" WHERE ({keys}) > ({marks})'  # noqa: S608 - our own names
        between = f"{after} AND ({keys}) <= ({marks}) ORDER BY {keys}"
        last: Row = (-1,) * len(key)
        for lot in lots:
            # Plain tuples: the library's own rows are compared slowly.
            now_is = list(map(tuple, lot))
            end = tuple(now_is[-1][place] for place in places)
            was = self._older.execute(between, (*last, *end)).fetchall()
            last = end
            if now_is != was:
                yield self._unequal(table, places, now_is, was)
        self._unequal(table, places, [], self._older.execute(after, last).fetchall())

    def numbers(self, asked: str) -> set[int]:
        """The numbers that a query finds in the older dump."""
        return {row[0] for row in self._older.execute(asked)}

    def _unequal(self, table: str, places: Sequence[int], now_is: list[Row], was: list[Row]) -> list[Row]:
        def key(row: Row) -> Row:
            return tuple(row[place] for place in places)

        there = {key(row) for row in now_is}
        self.gone += [(table, json.dumps(key(row))) for row in was if key(row) not in there]
        known = set(was)
        return [row for row in now_is if row not in known]
