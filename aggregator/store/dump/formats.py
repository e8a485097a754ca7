"""A dump in other formats than SQLite's: a folder with a file for each table."""

import csv
import ctypes
import io
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any, Final

from aggregator.errors import StoreError
from aggregator.store.dump.columns import IsoText, JsonText
from aggregator.store.dump.tables import DUMP_TABLES

_ROWS: Final = 500
"""Rows that are held in memory at a time."""

_GROUP_BYTES: Final = 16 * 1024 * 1024
"""Size of a row group before compression: readers skip whole ones, and a writer holds one in memory."""

_LEVEL: Final = 6
"""Zstandard's level: files are 5 % smaller than with 3 for 5 % more time; 9 takes 40 % more for 2 %."""

Row = Sequence[Any]
Tell = Callable[[str, int], None]


class Format(StrEnum):
    """What a dump is written as."""

    SQLITE = "sqlite"
    PARQUET = "parquet"
    JSONL = "jsonl"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of a file in SQLite's format; ``types`` are SQLite's, by column."""

    name: str
    types: Mapping[str, str]
    moments: frozenset[str]
    lists: frozenset[str]


def need(kind: Format, *, is_compressed: bool) -> None:
    """See that what writes a format is installed.

    Raises:
        StoreError: it is not.
    """
    if (kind is Format.PARQUET or is_compressed) and find_spec("pyarrow") is None:
        raise StoreError(
            f"dump: {'--zstd' if is_compressed else kind.value} needs a library that is missing; "
            "pip install 'aggregator[parquet]'"
        )


def convert(source: Path, folder: Path, kind: Format, *, is_compressed: bool, tell: Tell) -> None:
    """Write every table of a dump in SQLite's format into ``folder``; raises OSError and sqlite3.Error."""
    folder.mkdir()
    _let_go()
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as file:
        for table in _tables(file):
            lots = _lots(file, table, partial(tell, f"{table.name} as {kind.value}"))
            match kind:
                case Format.PARQUET:
                    _parquet(table, lots, folder / f"{table.name}.parquet")
                case _:
                    end = ".zst" if is_compressed else ""
                    with _opened(folder / f"{table.name}.{kind.value}{end}", is_compressed) as out:
                        (_csv if kind is Format.CSV else _jsonl)(table, lots, out)


def _let_go() -> None:
    """Give what SQLite has freed back to the system: Arrow has an allocator of its own, and would add to it.

    Of 10,000 articles the peak falls from 294 to 255 MB. Only glibc keeps so much, and has this.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def compress(source: Path, target: Path, tell: Tell) -> None:
    """Pack a file with Zstandard; ``tell`` gets how many megabytes are done; raises OSError."""
    from pyarrow import CompressedOutputStream  # late: an extra, and slow to import

    with source.open("rb") as plain, CompressedOutputStream(str(target), "zstd") as packed:
        for done, chunk in enumerate(iter(lambda: plain.read(1024 * 1024), b""), start=1):
            packed.write(chunk)
            tell("packed, in MB", done)


def _tables(file: sqlite3.Connection) -> Iterator[_Table]:
    kinds = {
        table.name: {each.name: getattr(each.source, "type", None) for each in table.columns}
        for table in DUMP_TABLES
    }
    listed = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
    for (name,) in file.execute(listed).fetchall():
        if not name.startswith("sqlite_"):
            types = {row[1]: row[2] for row in file.execute(f'PRAGMA table_info("{name}")')}
            of = kinds.get(name, {})
            yield _Table(
                name,
                types,
                frozenset(each for each, kind in of.items() if isinstance(kind, IsoText)),
                frozenset(each for each, kind in of.items() if isinstance(kind, JsonText)),
            )


def _lots(file: sqlite3.Connection, table: _Table, tell: Callable[[int], None]) -> Iterator[list[Row]]:
    cursor = file.execute(f'SELECT * FROM "{table.name}"')  # noqa: S608 - our own names
    done = 0
    tell(done)
    while lot := cursor.fetchmany(_ROWS):
        yield lot
        done += len(lot)
        tell(done)


@contextmanager
def _opened(path: Path, is_compressed: bool) -> Iterator[IO[str]]:  # noqa: FBT001 - passed on
    if not is_compressed:
        with path.open("w", encoding="utf-8", newline="") as plain:
            yield plain
        return
    from pyarrow import CompressedOutputStream  # late: an extra, and slow to import

    with (
        CompressedOutputStream(str(path), "zstd") as packed,
        io.TextIOWrapper(io.BufferedWriter(packed, 1024 * 1024), encoding="utf-8", newline="") as text,
    ):
        yield text


def _csv(table: _Table, lots: Iterator[list[Row]], out: IO[str]) -> None:
    """RFC 4180 with a line of names; null is an empty cell."""
    writer = csv.writer(out)
    writer.writerow(table.types)
    for lot in lots:
        writer.writerows(lot)


def _jsonl(table: _Table, lots: Iterator[list[Row]], out: IO[str]) -> None:
    """An object a line; lists are lists."""
    names = tuple(table.types)
    for lot in lots:
        for row in lot:
            told = {
                name: json.loads(value) if name in table.lists and value is not None else value
                for name, value in zip(names, row, strict=True)
            }
            out.write(json.dumps(told, ensure_ascii=False) + "\n")


def _parquet(table: _Table, lots: Iterator[list[Row]], path: Path) -> None:
    """Typed columns, moments as timestamps in UTC; packed with Zstandard."""
    import pyarrow as pa  # late: an extra, and slow to import
    from pyarrow import parquet

    kinds = {"TEXT": pa.string(), "INTEGER": pa.int64(), "REAL": pa.float64()}
    moment = pa.timestamp("us", tz="UTC")
    schema = pa.schema(
        [(name, moment if name in table.moments else kinds[kind]) for name, kind in table.types.items()]
    )
    with parquet.ParquetWriter(path, schema, compression="zstd", compression_level=_LEVEL) as writer:
        waiting: list[Any] = []
        size = 0
        for lot in lots:
            columns = [
                pa.array(values, kinds[table.types[name]]).cast(schema.field(name).type)
                for name, values in zip(table.types, zip(*lot, strict=True), strict=True)
            ]
            waiting.append(pa.RecordBatch.from_arrays(columns, schema=schema))
            size += waiting[-1].nbytes
            if size >= _GROUP_BYTES:
                writer.write_table(pa.Table.from_batches(waiting))
                waiting, size = [], 0
        if waiting:
            writer.write_table(pa.Table.from_batches(waiting))
