"""What a backup holds: its list of files, and the files, in a folder or in one tar."""

import hashlib
import json
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final, Protocol

from aggregator.errors import BackupError
from aggregator.store.tables.base import iso

LIST: Final = "backup.json"
DATABASE: Final = "database.sqlite3"
SETTINGS: Final = "aggregator.toml"
FOLDERS: Final = ("outlets", "phrases", "pages", "pictures")
"""The folders that are kept, each under the name of its setting."""

FORMAT: Final = 1
"""Rises when an older program could not read it."""

CHUNK_BYTES: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a backup: its name with slashes, its size and SHA-256."""

    name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup tells of itself.

    ``schema`` is the version of its tables, ``source`` the kind of database that they come from; ``rows`` are
    counted by table; ``left_out`` are folders that were not wanted, ``withheld`` settings whose secrets it
    does not hold.
    """

    program: str
    schema: str
    source: str
    as_of: datetime
    rows: Mapping[str, int]
    left_out: tuple[str, ...]
    withheld: tuple[str, ...]
    parts: tuple[Part, ...]

    def of(self, folder: str) -> tuple[Part, ...]:
        """The files of one folder."""
        return tuple(part for part in self.parts if part.name.startswith(f"{folder}/"))

    def part(self, name: str) -> Part | None:
        """A file by its name; None if it is not there."""
        return next((part for part in self.parts if part.name == name), None)

    @property
    def size_bytes(self) -> int:
        """All files together."""
        return sum(part.size_bytes for part in self.parts)

    def as_json(self) -> bytes:
        """The list as it stands in the backup."""
        told = {"format": FORMAT, **asdict(self), "as_of": iso(self.as_of)}
        return (json.dumps(told, indent=1) + "\n").encode()


class Files(Protocol):
    """The files of a backup, by their names."""

    def open(self, name: str) -> IO[bytes]:
        """A file to read; raises BackupError if it is not there."""


@contextmanager
def opened(place: Path) -> Iterator[tuple[Contents, Files]]:
    """A backup's list and files.

    Raises:
        BackupError: there is none, or its list is damaged.
    """
    if place.is_dir():
        files: Files = _Folder(place)
        yield _contents(files, place), files
        return
    if not place.exists():
        raise BackupError(
            f"{place}: there is no such backup; name a folder or a tar that `aggregator backup` made"
        )
    try:
        with tarfile.open(place) as tar:
            files = _Tar(tar, {each.name: each for each in tar.getmembers()})
            yield _contents(files, place), files
    except (tarfile.TarError, EOFError) as error:
        raise BackupError(f"{place}: this is no backup, or a damaged one ({error})") from error


def copied(source: IO[bytes], write: Callable[[bytes], object], size: int) -> str:
    """Hand on so many bytes of a file, which may be longer, and tell their SHA-256.

    Raises:
        BackupError: the file is shorter.
    """
    digest = hashlib.sha256()
    left = size
    while left and (chunk := source.read(min(CHUNK_BYTES, left))):
        digest.update(chunk)
        write(chunk)
        left -= len(chunk)
    if left:
        raise BackupError(f"{getattr(source, 'name', 'a file')}: ends {left} bytes too soon")
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class _Folder:
    folder: Path

    def open(self, name: str) -> IO[bytes]:
        try:
            return (self.folder / name).open("rb")
        except OSError as error:
            raise BackupError(f"{self.folder}: {name} is missing ({error.strerror})") from error


@dataclass(frozen=True, slots=True)
class _Tar:
    tar: tarfile.TarFile
    members: Mapping[str, tarfile.TarInfo]

    def open(self, name: str) -> IO[bytes]:
        member = self.members.get(name)
        file = self.tar.extractfile(member) if member is not None and member.isreg() else None
        if file is None:
            raise BackupError(f"{name} is missing in the tar")
        return file


def _contents(files: Files, place: Path) -> Contents:
    with files.open(LIST) as file:
        written = file.read()
    try:
        told: dict[str, Any] = json.loads(written)
        if told.pop("format") != FORMAT:
            raise BackupError(f"{place}: made by a newer version of aggregator; install that version")
        parts = tuple(Part(**each) for each in told.pop("parts"))
        contents = Contents(
            left_out=tuple(told.pop("left_out")),
            withheld=tuple(told.pop("withheld")),
            as_of=datetime.fromisoformat(told.pop("as_of")),
            parts=parts,
            **told,
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BackupError(f"{place}: its list ({LIST}) is damaged: {error}") from error
    if strange := [part.name for part in parts if not _is_ours(part.name)]:
        raise BackupError(f"{place}: its list names a file that no backup holds: {strange[0]!r}")
    return contents


def _is_ours(name: str) -> bool:
    """Whether a name stays inside the backup: what a list says decides where files are written."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\0" in name or str(path) != name:
        return False
    return name in {DATABASE, SETTINGS} or (len(path.parts) > 1 and path.parts[0] in FOLDERS)
