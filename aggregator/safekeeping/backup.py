"""A backup in the making: the database first, then what its rows speak of."""

import io
import os
import shutil
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from aggregator import __version__, archive
from aggregator.clock import now
from aggregator.config import Settings, config_file
from aggregator.errors import BackupError, StoreError, StoreFullError
from aggregator.safekeeping.contents import DATABASE, FOLDERS, LIST, SETTINGS, Contents, Part
from aggregator.safekeeping.secrets import without_secrets
from aggregator.safekeeping.sinks import FolderSink, Sink, TarSink
from aggregator.store import copying
from aggregator.store.beside import put, written_beside
from aggregator.store.copying import Told
from aggregator.store.engine import Database

TARS: Final = (".tar", ".tar.gz", ".tgz")
"""How the name of a backup ends that is one file."""

ROOM: Final = 1.05
"""How much more room than the files take a backup asks for, before it begins."""

_OURS: Final = frozenset({LIST, DATABASE, SETTINGS, *FOLDERS})
"""What the folder of an older backup holds, which gives way; one with anything else is somebody's."""

_PASSING: Final = (".open", ".part", ".lock")
_NEW: Final = ".new-"


@dataclass(frozen=True, slots=True)
class Choice:
    """What goes into a backup beside database, cards and phrases."""

    pages: bool = True
    pictures: bool = True
    secrets: bool = False

    @property
    def left_out(self) -> tuple[str, ...]:
        """The folders that are not wanted."""
        wanted = {"pages": self.pages, "pictures": self.pictures}
        return tuple(name for name in FOLDERS if not wanted.get(name, True))


def back_up(
    db: Database, settings: Settings, place: Path, choice: Choice | None = None, *, progress: Told
) -> Contents:
    """Write all that an installation holds into a new folder, or one tar, while it goes on working.

    The database is copied as it is at one moment. Files follow it: each record of the archive and each
    picture that its rows speak of was there before, and what came later is more than asked for. All is
    written beside ``place``, checked, and only then put there; an older backup of that name gives way.

    Raises:
        BackupError: ``place`` is something else; StoreError: something cannot be read or written;
        StoreFullError: the disk is, or would be, full.
    """
    wanted = choice or Choice()
    _refuse(place, settings)
    with written_beside(place) as beside:
        copy = beside / DATABASE
        _refuse_full(beside, db, settings, wanted, is_packed=is_tar(place))
        as_of = now()
        copying.copy_file(db, copy, progress)
        progress("database, checked", 0)
        schema, rows = copying.check(copy)
        whole = beside / place.name
        sink: Sink = TarSink(whole) if is_tar(place) else FolderSink(whole)
        with closing(sink):
            parts = [sink.move(DATABASE, copy)]
            withheld = _take_settings(sink, parts, wanted)
            for name in FOLDERS:
                if name not in wanted.left_out:
                    _take_folder(sink, parts, name, settings.path(getattr(settings, name)), progress)
            made = Contents(
                f"aggregator {__version__}",
                schema,
                db.dialect,
                as_of,
                rows,
                wanted.left_out,
                withheld,
                tuple(parts),
            )
            listed = made.as_json()
            sink.add(LIST, io.BytesIO(listed), len(listed))
        put(whole, place)
    return made


def is_tar(place: Path) -> bool:
    """Whether a backup of this name is one file."""
    return place.name.endswith(TARS)


def _refuse(place: Path, settings: Settings) -> None:
    if is_tar(place):
        if place.exists() and not place.is_file():
            raise BackupError(f"{place}: this is no file; name another one")
    elif place.is_file() or not place.name:
        raise BackupError(f"{place}: name a folder to make, or a file that ends with .tar or .tar.gz")
    elif place.is_dir() and not _gives_way({each.name for each in place.iterdir()}):
        raise BackupError(
            f"{place}: this folder holds something else; name a new one, as in {place / 'monday'}"
        )
    for name in FOLDERS:
        folder = settings.path(getattr(settings, name)).resolve()
        if place.resolve().is_relative_to(folder):
            raise BackupError(
                f"{place}: this is in the folder of {name}, which is backed up itself; name another place"
            )


def _gives_way(names: set[str]) -> bool:
    return not names or {LIST} <= names <= _OURS


def _refuse_full(beside: Path, db: Database, settings: Settings, choice: Choice, *, is_packed: bool) -> None:
    folders = [settings.path(getattr(settings, name)) for name in FOLDERS if name not in choice.left_out]
    needed = sum(_size(path) for folder in folders for path in _files(folder))
    if db.path is not None:
        needed += (2 if is_packed else 1) * db.path.stat().st_size  # a tar takes a copy of the copy
    free = shutil.disk_usage(beside).free
    if needed * ROOM > free:
        raise StoreFullError(
            f"{beside.parent}: a backup needs about {needed >> 20} MB there, and {free >> 20} MB are free; "
            "free some space, name another disk, or leave out what is large (--no-pages)"
        )


def _take_settings(sink: Sink, parts: list[Part], choice: Choice) -> tuple[str, ...]:
    path = config_file()
    if not path.is_file():
        return ()
    text, withheld = path.read_text(encoding="utf-8", errors="replace"), tuple[str, ...]()
    if not choice.secrets:
        text, withheld = without_secrets(text)
    written = text.encode()
    parts.append(sink.add(SETTINGS, io.BytesIO(written), len(written)))
    return withheld


def _take_folder(sink: Sink, parts: list[Part], name: str, folder: Path, tell: Told) -> None:
    for number, path in enumerate(_files(folder), start=1):
        tell(name, number)
        # A picture may have been swept since, a card removed: what is gone is not wanted.
        with suppress(FileNotFoundError), path.open("rb") as file:
            parts.append(sink.add(f"{name}/{path.relative_to(folder).as_posix()}", file, _whole(path, file)))


def _whole(path: Path, file: IO[bytes]) -> int:
    """How much of a file to take: a record that is being written is not whole yet."""
    is_written = path.name.endswith(".warc.gz") and path.with_name(f"{path.name}.open").exists()
    return archive.whole_bytes(path) if is_written else os.fstat(file.fileno()).st_size


def _size(path: Path) -> int:
    with suppress(FileNotFoundError):
        return path.stat().st_size
    return 0


def _files(folder: Path) -> Iterator[Path]:
    """All files below a folder, but for those that are there only for a moment."""
    for where, below, names in os.walk(folder):
        below.sort()
        for name in sorted(names):
            if not name.endswith(_PASSING) and not name.startswith(_NEW):
                path = Path(where, name)
                if path.is_file():
                    yield path


def refuse_missing(settings: Settings) -> None:
    """Refuse to back up nothing: cron in a wrong folder would do so every night; raises StoreError."""
    path = settings.database_file
    if path is not None and not path.is_file():
        raise StoreError(
            f"{path}: there is no database here to back up; start in the right folder, or set AGGREGATOR_HOME"
        )
