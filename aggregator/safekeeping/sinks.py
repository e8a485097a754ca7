"""Where a backup is written to: a folder, or one tar."""

import hashlib
import tarfile
from pathlib import Path
from typing import IO, Literal, Protocol, cast

from aggregator.safekeeping.contents import Part, copied

OWNERS_ONLY = 0o600
"""A backup holds hashes of passwords, and maybe secrets."""


class Sink(Protocol):
    """Takes files, one after the other."""

    def add(self, name: str, source: IO[bytes], size: int) -> Part:
        """Take the first ``size`` bytes of a file; raises OSError, of a disk that is full, too."""

    def move(self, name: str, path: Path) -> Part:
        """Take a whole file, which is then gone from its place; raises OSError."""

    def close(self) -> None:
        """Nothing more comes."""


class FolderSink:
    """A new folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700)
        self._folder = folder

    def add(self, name: str, source: IO[bytes], size: int) -> Part:
        """Write a file of its own."""
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            path.chmod(OWNERS_ONLY)
            return Part(name, size, copied(source, file.write, size))

    def move(self, name: str, path: Path) -> Part:
        """Rename a file that lies on the same disk."""
        size = path.stat().st_size
        with path.open("rb") as file:
            sha256 = copied(file, lambda _chunk: None, size)
        path.chmod(OWNERS_ONLY)
        path.rename(self._folder / name)
        return Part(name, size, sha256)

    def close(self) -> None:
        """All files are closed already."""


class TarSink:
    """A new tar; packed if its name ends so."""

    def __init__(self, path: Path) -> None:
        kind: Literal["x:gz", "x:"] = "x:gz" if path.name.endswith("gz") else "x:"
        self._tar = tarfile.open(path, kind, format=tarfile.PAX_FORMAT)  # noqa: SIM115 - ``close`` does
        path.chmod(OWNERS_ONLY)

    def add(self, name: str, source: IO[bytes], size: int) -> Part:
        """Append a file."""
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, OWNERS_ONLY
        reading = _Hashed(source)
        self._tar.addfile(entry, cast("IO[bytes]", reading))
        return Part(name, size, reading.digest.hexdigest())

    def move(self, name: str, path: Path) -> Part:
        """Append a file, and remove it."""
        with path.open("rb") as file:
            part = self.add(name, file, path.stat().st_size)
        path.unlink()
        return part

    def close(self) -> None:
        """Write the end."""
        self._tar.close()


class _Hashed:
    """A file whose bytes are summed up as they are read."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.digest = hashlib.sha256()

    def read(self, size: int) -> bytes:
        """The next bytes."""
        chunk = self._source.read(size)
        self.digest.update(chunk)
        return chunk
