"""The folder of an export: files written only when they differ, and a list of those that are ours."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from filelock import FileLock, Timeout

from aggregator.errors import ExportError

MANIFEST: Final = "export.sha256"
"""All files of the last export with their hashes, as ``sha256sum --check`` reads them."""

_JOURNAL: Final = ".export.journal"  # files that an export under way may have written
_LOCK: Final = ".export.lock"
_NEW: Final = ".export.new"
_OWN: Final = frozenset({_JOURNAL, _LOCK, _NEW, MANIFEST})


@dataclass(slots=True)
class Folder:
    """The folder while an export is written to it; ``open_folder`` makes one.

    A killed export leaves whole files and a journal of them: the next one goes on from there.
    """

    path: Path
    _journal: IO[str]
    _ours: set[str]
    hashes: dict[str, str] = field(default_factory=dict)
    written: int = 0
    removed: int = 0

    def put(self, name: str, body: bytes) -> bool:
        """Write a file, unless it has these bytes already; whether it was written."""
        digest = hashlib.sha256(body).hexdigest()
        is_changed = self.hashes.get(name) != digest
        self.hashes[name] = digest
        target = self.path / name
        if not is_changed or _holds(target, body):
            return False
        # Known as ours before it is there, so that no kill leaves a file that nobody removes.
        self._journal.write(f"{name}\n")
        self._journal.flush()
        self._ours.add(name)
        _make_room(self.path, target)
        new = self.path / _NEW
        new.write_bytes(body)
        new.replace(target)
        self.written += 1
        return True

    def finish(self) -> None:
        """Remove what earlier exports wrote and this one did not, and write the list of files anew."""
        for name in sorted(self._ours - self.hashes.keys()):
            target = self.path / name
            if target.is_file():
                target.unlink()
                self.removed += 1
            _remove_empty(self.path, target.parent)
        lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(self.hashes.items()))
        new = self.path / _NEW
        new.write_text(lines, encoding="utf-8")
        new.replace(self.path / MANIFEST)
        self._journal.close()
        (self.path / _JOURNAL).unlink()


@contextmanager
def open_folder(path: Path) -> Iterator[Folder]:
    """The folder of an export, made if there is none, and kept from other exports meanwhile.

    Raises:
        ExportError: it holds files that no export wrote, cannot be written, or another export is at work.
    """
    try:
        _check(path)
        path.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path / _LOCK, timeout=0)
        with lock, (path / _JOURNAL).open("a", encoding="utf-8") as journal:
            yield Folder(path, journal, _known(path))
    except Timeout as error:
        raise ExportError(f"{path}: another export writes there; wait for its end") from error
    except OSError as error:
        raise ExportError(f"{path}: {error.strerror or error}; the export can be started again") from error


def _check(path: Path) -> None:
    if not path.exists():
        return
    if not path.is_dir():
        raise ExportError(f"{path}: a file is there; name a folder")
    names = {each.name for each in path.iterdir()}
    if names and not names & {MANIFEST, _JOURNAL}:
        some = ", ".join(sorted(names)[:3])
        raise ExportError(f"{path}: it holds files that no export wrote ({some}); name an empty folder")


def _known(path: Path) -> set[str]:
    """The files of earlier exports, of killed ones too."""
    known: set[str] = set()
    for name, start in ((MANIFEST, hashlib.sha256().digest_size * 2 + 2), (_JOURNAL, 0)):
        file = path / name
        if file.exists():
            lines = file.read_text(encoding="utf-8").splitlines()
            known |= {line[start:] for line in lines if _is_ours(line[start:])}
    return known


def _is_ours(name: str) -> bool:
    """Whether a line of the list names a file inside the folder; whoever edits it may write anything."""
    return bool(name) and not name.startswith("/") and ".." not in name.split("/") and name not in _OWN


def _holds(target: Path, body: bytes) -> bool:
    try:
        return target.stat().st_size == len(body) and target.read_bytes() == body
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return False


def _make_room(root: Path, target: Path) -> None:
    """Make the folders of a file; a file of ours that stands where one must be gives way."""
    for parent in reversed(target.parents):
        if root in parent.parents and parent.is_file():
            parent.unlink()
    target.parent.mkdir(parents=True, exist_ok=True)


def _remove_empty(root: Path, folder: Path) -> None:
    while folder != root and root in folder.parents:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent
