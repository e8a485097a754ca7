"""A backup laid out again: all of it read and checked first, then put in its places."""

import tomllib
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from aggregator.clock import now
from aggregator.config import Settings, home
from aggregator.errors import BackupError
from aggregator.safekeeping.contents import DATABASE, FOLDERS, SETTINGS, Contents, Files, Part, copied
from aggregator.safekeeping.target import Target
from aggregator.store import copying
from aggregator.store.beside import put, written_beside
from aggregator.store.copying import Told

ASIDE: Final = "aggregator.restored.toml"
"""The name that settings get which would lead elsewhere than the restore went."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What came where: files by folder, what was moved aside, where the settings went (None: nowhere)."""

    contents: Contents
    where: str
    files: int
    moved: tuple[Path, ...]
    settings: Path | None


def verify(contents: Contents, files: Files, scratch: Path, *, progress: Told) -> None:
    """Read a whole backup and hold it against its list; the database is copied to ``scratch`` for that.

    Raises:
        BackupError: something is missing or damaged; the message names it.
    """
    for number, part in enumerate(contents.parts, start=1):
        progress("files, checked", number)
        if part.name == DATABASE:
            _database(contents, files, scratch / DATABASE, progress)
        else:
            _read(files, part, lambda _chunk: None)


def restore(
    contents: Contents, files: Files, settings: Settings, *, replace: bool = False, progress: Told
) -> Restored:
    """Lay out a backup where these settings have database and folders.

    Everything is written beside its place and checked; only when all is whole it takes its places, the
    database last. What stood there is moved aside, with the moment in its name, and never removed; a
    PostgreSQL database changes in one transaction.

    Raises:
        BackupError: the backup is damaged, or something is there already and ``replace`` is not said.
        StoreBusyError: somebody works on the database; StoreFullError: the disk is full.
    """
    target = Target.of(settings)
    at = now()
    with ExitStack() as stack:
        stack.enter_context(target.alone(replace=replace))
        folders = [name for name in FOLDERS if contents.of(name)]
        places = {name: settings.path(getattr(settings, name)) for name in folders}
        waiting = [name for name in folders if not _is_there(places[name], contents.of(name), name)]
        _refuse_filled([places[name] for name in waiting], replace=replace)
        beside = stack.enter_context(written_beside(target.beside))
        made = beside / DATABASE
        _database(contents, files, made, progress)
        target.prepare(made, contents.source, progress)
        laid = {name: _laid(stack, contents.of(name), files, places[name], progress) for name in waiting}
        moved = [aside for name in waiting if (aside := _moved_aside(places[name], at))]
        for name in waiting:
            put(laid[name], places[name])
        moved += target.put(made, lambda path: _moved_aside(path, at), progress)
        written = _settings(contents, files, settings)
    return Restored(contents, target.where, len(contents.parts), tuple(moved), written)


def _database(contents: Contents, files: Files, made: Path, tell: Told) -> None:
    part = contents.part(DATABASE)
    if part is None:
        raise BackupError(f"the list names no {DATABASE}; this backup is of no use")
    tell("database", 0)
    with made.open("xb") as file:
        _read(files, part, file.write)
    tell("database, checked", 0)
    schema, rows = copying.check(made)
    if (schema, dict(rows)) != (contents.schema, dict(contents.rows)):
        raise BackupError(f"{DATABASE}: holds other rows than the list tells; take another backup")


def _read(files: Files, part: Part, write: Callable[[bytes], object]) -> None:
    with files.open(part.name) as file:
        if copied(file, write, part.size_bytes) != part.sha256 or file.read(1):
            raise BackupError(f"{part.name}: damaged: its bytes are not those that were backed up")


def _laid(stack: ExitStack, parts: Sequence[Part], files: Files, place: Path, tell: Told) -> Path:
    """A folder's files beside its place."""
    made = stack.enter_context(written_beside(place)) / place.name
    for number, part in enumerate(parts, start=1):
        tell(place.name, number)
        path = made / part.name.partition("/")[2]
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            _read(files, part, file.write)
    return made


def _is_there(place: Path, parts: Sequence[Part], folder: str) -> bool:
    """Whether a folder holds all that it should already, as after a restore that was cut off."""
    for part in parts:
        path = place / part.name.removeprefix(f"{folder}/")
        if not path.is_file() or path.stat().st_size != part.size_bytes:
            return False
        with path.open("rb") as file:
            if copied(file, lambda _chunk: None, part.size_bytes) != part.sha256:
                return False
    return True


def _refuse_filled(places: Sequence[Path], *, replace: bool) -> None:
    for place in places:
        if not replace and place.exists() and (not place.is_dir() or any(place.iterdir())):
            raise BackupError(
                f"{place}: something is there already; restore into another folder (AGGREGATOR_HOME), "
                "or move it aside with --replace"
            )


def _moved_aside(place: Path, at: datetime) -> Path | None:
    """Where what stood at a place is now; None if nothing did."""
    if not place.exists() or (place.is_dir() and not any(place.iterdir())):
        return None
    aside = place.with_name(f"{place.name}.before-{at:%Y-%m-%d-%H%M%S}")
    place.rename(aside)
    return aside


def _settings(contents: Contents, files: Files, settings: Settings) -> Path | None:
    """Write the backup's settings file: under its own name if there is none and it leads to these places."""
    part = contents.part(SETTINGS)
    if part is None:
        return None
    with written_beside(home() / SETTINGS) as beside:
        made = beside / SETTINGS
        with made.open("xb") as file:
            _read(files, part, file.write)
        made.chmod(0o600)
        is_free = not (home() / SETTINGS).exists() and _leads_here(made, settings)
        place = home() / (SETTINGS if is_free else ASIDE)
        put(made, place)
    return place


def _leads_here(file: Path, settings: Settings) -> bool:
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return False
    return all(
        str(told[name]) == str(getattr(settings, name)) for name in ("database", *FOLDERS) if name in told
    )
