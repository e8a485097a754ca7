"""A dump from the first question to the file in its place."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from aggregator.clock import now
from aggregator.errors import StoreError
from aggregator.store.dump.audience import Audience, query
from aggregator.store.dump.beside import put, written_beside
from aggregator.store.dump.datasette import datasette
from aggregator.store.dump.file import DumpFile, Progress
from aggregator.store.dump.manifest import DATASETTE, MANIFEST, manifest, part
from aggregator.store.dump.tables import DUMP_TABLES
from aggregator.store.engine import Database
from aggregator.store.schema import OutletRow
from aggregator.store.tables.base import iso

VERSION: Final = "1.0"
"""The shape's version: its second number rises when something comes, its first when something goes."""

_ROWS: Final = 200
"""Rows that are held in memory at a time; a text may have megabytes."""

_NOTES: Final = {
    Audience.INTERNAL: "Holds full texts, whatever may be republished of them: for your own analysis only.",
    Audience.PUBLIC: "Texts stand here only as readers of the site get them, each under publication.licence.",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a dump is to be: for whom, and whether it has a search index."""

    audience: Audience = Audience.INTERNAL
    has_search: bool = True


@dataclass(frozen=True, slots=True)
class DumpReport:
    """What was written: the file, its rows by table, its size, and the moment that it shows."""

    path: Path
    rows: Mapping[str, int]
    size_bytes: int
    as_of: datetime

    def __str__(self) -> str:
        articles = self.rows.get("article", 0)
        return f"{self.path}: {articles} articles, {sum(self.rows.values())} rows, {self.size_bytes} bytes"


def dump(
    db: Database, out: Path, wanted: Wanted | None = None, *, progress: Progress | None = None
) -> DumpReport:
    """Write what is stored into one SQLite file, as it was at one moment; ``progress`` gets table and rows.

    The file is the same whichever database it is made from. It is written beside ``out``, checked, and only
    then put in its place: a dump that fails leaves an older one as it was. A manifest with checksums and
    Datasette's descriptions lie beside it.

    Raises:
        StoreError: the database cannot be read or the file not written, or ``out`` is the database itself or
            something else than a file; StoreFullError if the disk is full.
    """
    refuse_place(db, out)
    asked, tell = wanted or Wanted(), progress or (lambda _table, _rows: None)
    with written_beside(out) as folder:
        made = folder / out.name
        with closing(DumpFile(made, tell)) as file:
            facts = _write(db, file, asked)
            file.check(out, stands_alone=True)
        size = made.stat().st_size
        _describe(folder, made, facts, file.rows)
        _place(folder, out)
    return DumpReport(out, file.rows, size, datetime.fromisoformat(facts["as_of"]))


def _write(db: Database, file: DumpFile, asked: Wanted) -> Mapping[str, str]:
    """Fill the file; the facts about it."""
    with db.reading() as session:
        # The first statement fixes the moment that the whole file shows.
        session.execute(select(OutletRow.slug).limit(1)).first()
        as_of = now()
        for table in DUMP_TABLES:
            file.fill(table, _lots(session, query(table, asked.audience)))
    facts = {
        "id": uuid.uuid4().hex,
        "schema": VERSION,
        "audience": asked.audience.value,
        "program": f"aggregator {_version()}",
        "source": db.dialect,
        "as_of": iso(as_of),
        "made_at": iso(now()),
        "licence_note": _NOTES[asked.audience],
    }
    file.finish(DUMP_TABLES, facts, has_search=asked.has_search)
    return facts


def _lots(session: Session, asked: Select[*tuple[Any, ...]]) -> Iterator[Sequence[Sequence[object]]]:
    yield from session.execute(asked, execution_options={"yield_per": _ROWS}).partitions()


def _describe(folder: Path, made: Path, facts: Mapping[str, str], rows: Mapping[str, int]) -> None:
    (folder / f"{made.name}{DATASETTE}").write_text(datasette(made.stem, facts), encoding="utf-8")
    told = manifest(facts, rows, [part(made)])
    (folder / f"{made.name}{MANIFEST}").write_text(told, encoding="utf-8")


def _place(folder: Path, out: Path) -> None:
    """Put all in its place; where a manifest lies, the file beside it is the one that it tells of."""
    out.with_name(f"{out.name}{MANIFEST}").unlink(missing_ok=True)
    for name in (out.name, f"{out.name}{DATASETTE}", f"{out.name}{MANIFEST}"):
        put(folder / name, out.with_name(name))


def refuse_place(db: Database, out: Path) -> None:
    """Refuse what a dump would destroy: the live database, a folder, a device; raises StoreError."""
    if db.path is not None:
        own = {Path(f"{db.path}{end}").resolve() for end in ("", "-wal", "-shm")}
        if out.resolve() in own:
            raise StoreError(f"{out}: this is the database itself; name another file")
    if not out.name or (out.exists() and not out.is_file()):
        raise StoreError(f"{out}: a dump cannot take its place; name a file")


def _version() -> str:
    try:
        return version("aggregator")
    except PackageNotFoundError:  # a bare checkout
        return "0"
