"""A dump from the first question to the file in its place."""

import uuid
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from aggregator.clock import now
from aggregator.errors import StoreError
from aggregator.store.beside import put, written_beside
from aggregator.store.dump.audience import Audience, query
from aggregator.store.dump.choice import OVERLAP, Choice, changed, is_whole, since
from aggregator.store.dump.columns import DumpTable
from aggregator.store.dump.datasette import datasette
from aggregator.store.dump.difference import Difference, is_compared
from aggregator.store.dump.file import DumpFile, Progress, facts_of
from aggregator.store.dump.formats import Format, compress, convert, need
from aggregator.store.dump.manifest import DATASETTE, FOLDERS_MANIFEST, MANIFEST, manifest, part
from aggregator.store.dump.tables import DUMP_TABLES
from aggregator.store.engine import Database
from aggregator.store.schema import OutletRow
from aggregator.store.tables.base import iso

VERSION: Final = "1.0"
"""The shape's version: its second number rises when something comes, its first when something goes."""

PACKED: Final = ".zst"
Told = tuple[Mapping[str, str], Mapping[str, int]]

_ROWS: Final = 200
"""Rows that are held in memory at a time; a text may have megabytes."""

_NOTES: Final = {
    Audience.INTERNAL: "Holds full texts, whatever may be republished of them: for your own analysis only.",
    Audience.PUBLIC: "Texts stand here only as readers of the site get them, each under publication.licence.",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a dump is to be: for whom, in which format, packed or not, and whether it has a search index.

    ``since`` bounds it to articles stored since that moment, ``base`` to what changed since an older dump, or
    shortly before it, by ``overlap``.
    """

    audience: Audience = Audience.INTERNAL
    has_search: bool = True
    format: Format = Format.SQLITE
    is_compressed: bool = False
    since: datetime | None = None
    base: Path | None = None
    overlap: timedelta = OVERLAP

    def place(self, out: Path) -> Path:
        """Where it goes if it is to be called ``out``: a packed file says so."""
        is_packed = self.format is Format.SQLITE and self.is_compressed and out.suffix != PACKED
        return out.with_name(out.name + PACKED) if is_packed and out.name else out


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
    """Write what is stored, as it was at one moment; ``progress`` gets table and rows.

    ``progress`` is called between short pieces of work: it may let the work wait (``store.pace``).
    One file in SQLite's format, or a folder with a file for each table; the same whichever database it is
    made from. All is written beside ``out``, checked, and only then put in its place: a dump that fails
    leaves an older one as it was. A manifest with checksums lies beside the file, or in the folder.

    Raises:
        StoreError: the database cannot be read or the file not written, or ``out`` is the database itself or
            something that no dump is; StoreFullError if the disk is full.
    """
    asked, tell = wanted or Wanted(), progress or (lambda _table, _rows: None)
    place = asked.place(out)
    refuse_place(db, place, is_folder=asked.format is not Format.SQLITE)
    need(asked.format, is_compressed=asked.is_compressed)
    with written_beside(place) as folder:
        made = folder / "made.sqlite3"
        with closing(DumpFile(made, tell)) as file:
            facts = _write(db, file, asked)
            file.check(place, stands_alone=asked.base is None)
        if asked.format is Format.SQLITE:
            whole = made.with_name(place.name)
            if asked.is_compressed:
                compress(made, whole, tell)
            else:
                made.rename(whole)
            size = _put_file(whole, place, (facts, file.rows), has_search=asked.has_search)
        else:
            whole = folder / place.name
            convert(made, whole, asked.format, is_compressed=asked.is_compressed, tell=tell)
            size = _put_folder(whole, place, (facts, file.rows))
    return DumpReport(place, file.rows, size, datetime.fromisoformat(facts["as_of"]))


def _write(db: Database, file: DumpFile, asked: Wanted) -> Mapping[str, str]:
    """Fill the file; the facts about it."""
    with _older(asked) as older, db.reading() as session:
        # The first statement fixes the moment that the whole file shows.
        session.execute(select(OutletRow.slug).limit(1)).first()
        as_of = now()
        choice = _chosen(session, asked, older)
        for table in DUMP_TABLES:
            # Closed while its connection is there, also if the file cannot be written.
            with closing(_lots(session, table, asked, choice)) as lots:
                may_compare = older is not None and is_whole(table) and is_compared(table)
                file.fill(table, older.rows(table, lots) if older and may_compare else lots)
        gone = older.gone if older else ()
    facts = {
        "id": uuid.uuid4().hex,
        "schema": VERSION,
        "audience": asked.audience.value,
        "program": f"aggregator {_version()}",
        "source": db.dialect,
        "as_of": iso(as_of),
        "made_at": iso(now()),
        "licence_note": _NOTES[asked.audience],
        **({"since": iso(asked.since)} if asked.since else {}),
        **({"base": older.facts["id"], "base_as_of": older.facts["as_of"]} if older else {}),
    }
    file.finish(DUMP_TABLES, facts, gone, has_search=asked.has_search and asked.format is Format.SQLITE)
    return facts


@contextmanager
def _older(asked: Wanted) -> Iterator[Difference | None]:
    """The dump that this one adds to, to be compared with.

    Raises:
        StoreError: it is none, or one of another kind.
    """
    if asked.base is None:
        yield None
        return
    facts = facts_of(asked.base)
    wanted = (VERSION, asked.audience.value, None, None)
    if tuple(facts.get(key) for key in ("schema", "audience", "since", "base")) != wanted:
        raise StoreError(
            f"{asked.base}: only a whole {asked.audience.value} dump of shape {VERSION} can be added to; "
            "make a whole one first"
        )
    with closing(Difference(asked.base, facts)) as older:
        yield older


def _chosen(session: Session, asked: Wanted, older: Difference | None) -> Choice | None:
    if older is not None:
        return changed(session, older, datetime.fromisoformat(older.facts["as_of"]) - asked.overlap)
    return since(session, asked.since) if asked.since else None


def _lots(
    session: Session, table: DumpTable, asked: Wanted, choice: Choice | None
) -> Generator[Sequence[Sequence[object]]]:
    whole = query(table, asked.audience)
    for each in (whole,) if choice is None else choice.queries(table, whole):
        # Past the ORM, which would make each row twice.
        with session.connection().execute(each, execution_options={"yield_per": _ROWS}) as rows:
            yield from rows.partitions()


def _put_file(whole: Path, place: Path, told: Told, *, has_search: bool) -> int:
    """Put a file and what describes it in their places; its size in bytes.

    Where a manifest lies, the file beside it is the one that it tells of.
    """
    facts, rows = told
    name = place.name.removesuffix(PACKED)
    described = whole.with_name(f"{name}{DATASETTE}")
    described.write_text(datasette(Path(name).stem, facts, has_search=has_search), encoding="utf-8")
    listed = whole.with_name(f"{place.name}{MANIFEST}")
    listed.write_text(manifest(facts, rows, [part(whole)]), encoding="utf-8")
    place.with_name(listed.name).unlink(missing_ok=True)
    for each in (whole, described, listed):
        put(each, place.with_name(each.name))
    return place.stat().st_size


def _put_folder(whole: Path, place: Path, told: Told) -> int:
    """Put a folder with its manifest in its place; the size of its files in bytes."""
    parts = [part(path) for path in sorted(whole.iterdir())]
    (whole / FOLDERS_MANIFEST).write_text(manifest(*told, parts), encoding="utf-8")
    put(whole, place)
    return sum(each.size_bytes for each in parts)


def refuse_place(db: Database, out: Path, *, is_folder: bool = False) -> None:
    """Refuse what a dump would destroy: the live database, a folder, a device; raises StoreError."""
    if db.path is not None:
        own = {Path(f"{db.path}{end}").resolve() for end in ("", "-wal", "-shm")}
        if out.resolve() in own:
            raise StoreError(f"{out}: this is the database itself; name another file")
    if is_folder:
        if out.is_dir() and any(out.iterdir()) and not (out / FOLDERS_MANIFEST).is_file():
            raise StoreError(f"{out}: this folder is no dump; name another one")
        if not out.name or (out.exists() and not out.is_dir()):
            raise StoreError(f"{out}: a dump of this format is a folder; name one")
    elif not out.name or (out.exists() and not out.is_file()):
        raise StoreError(f"{out}: a dump cannot take its place; name a file")


def _version() -> str:
    try:
        return version("aggregator")
    except PackageNotFoundError:  # a bare checkout
        return "0"
