"""Files of the ftr-site-config format: read from a file, a folder or an archive, and found by host."""

import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from aggregator.errors import ConfigError

SUFFIX = ".txt"
_MOST_FILES = 50_000
_MOST_BYTES = 256 * 1024
# Not of a host: rules for all hosts, and for programs that make pages.
_NO_HOSTS = frozenset({"global.txt", "readme.txt", "license.txt", "licence.txt"})
_NO_HOST_PREFIX = "fingerprint."


def read(path: Path) -> Mapping[str, str]:
    """The texts of all rule files by file name, such as ``example.org.txt`` or ``.example.org.txt``.

    ``path`` is such a file, a folder of them (not of its subfolders) or a tar archive, which is read and
    never unpacked. Links, files over 256 KB and files that are not of a host are left out.

    Raises:
        ConfigError: it cannot be read, or holds no such file.
    """
    try:
        found = dict(_all(path))
    except (tarfile.TarError, EOFError) as error:
        raise ConfigError(f"{path}: no whole tar archive: {error}") from error
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror or error}") from error
    if not found:
        raise ConfigError(
            f"{path}: no rule files in it; they are called by their host, such as example.org.txt"
        )
    return found


def _all(path: Path) -> Iterator[tuple[str, str]]:
    if path.is_dir():
        for file in sorted(path.glob(f"*{SUFFIX}")):
            if _is_wanted(file.name) and file.is_file() and file.stat().st_size <= _MOST_BYTES:
                yield file.name, _text(file.read_bytes())
    elif path.suffix == SUFFIX:
        if _is_wanted(path.name):
            with path.open("rb") as opened:
                yield path.name, _text(opened.read(_MOST_BYTES))
    else:
        with tarfile.open(path) as archive:
            yield from _members(archive)


def _members(archive: tarfile.TarFile) -> Iterator[tuple[str, str]]:
    for number, member in enumerate(archive):
        if number >= _MOST_FILES:
            raise tarfile.TarError(f"more than {_MOST_FILES} files")
        name = PurePosixPath(member.name).name
        if member.isreg() and member.size <= _MOST_BYTES and _is_wanted(name):
            content = archive.extractfile(member)
            if content is not None:
                yield name, _text(content.read())


def _is_wanted(name: str) -> bool:
    is_hosts = name.lower() not in _NO_HOSTS and not name.startswith(_NO_HOST_PREFIX)
    return name.endswith(SUFFIX) and "." in name.removesuffix(SUFFIX).strip(".") and is_hosts


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def names_for(host: str) -> Iterator[str]:
    """The names of the files that may hold a host's rules, the nearest first.

    ``example.org.txt`` is for example.org and www.example.org, ``.example.org.txt`` for all other hosts
    under it.
    """
    host = host.lower().rstrip(".").removeprefix("www.")
    yield f"{host}{SUFFIX}"
    parts = host.split(".")
    for start in range(1, len(parts) - 1):
        yield f".{'.'.join(parts[start:])}{SUFFIX}"


def find(files: Mapping[str, str], host: str) -> str | None:
    """The name of the file for a host, or None."""
    return next((name for name in names_for(host) if name in files), None)
