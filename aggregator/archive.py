"""The archive: each fetched page as a record of a daily WARC file (ISO 28500)."""

import base64
import contextlib
import errno
import fcntl
import gzip
import hashlib
import io
import os
import zlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import IO, Self

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from aggregator import __version__, charsets
from aggregator.clock import now
from aggregator.errors import ArchiveError, StoreFullError
from aggregator.model.page import ArchiveRef, Entry, FetchedPage

LARGEST_FILE_BYTES = 1_000_000_000
"""The WARC guidelines' customary size of a file."""

GZIP_LEVEL = 6
"""Level 9 takes 1.8 times the CPU of level 6 for 0.7 % fewer bytes (60 news pages)."""

_CHUNK_BYTES = 1 << 20
_NOT_AS_KEPT = frozenset({"content-encoding", "transfer-encoding", "content-length"})
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class PageArchive:
    """Appends pages to ``<folder>/<year>/<date>-<nn>.warc.gz``, each record a gzip member of its own.

    One process writes one file: ``nn`` is the first number whose file nobody else holds and that is not
    full. A marker ``….open`` beside a file that is being written tells that its last writer was killed; the
    torn record at its end, which nothing refers to, is then cut off.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._day = ""
        self._file: IO[bytes] | None = None
        self._marker: IO[bytes] | None = None
        self._name = ""

    def __enter__(self) -> Self:
        """Use it in a ``with`` statement."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.close()

    def write(self, page: FetchedPage) -> ArchiveRef:
        """Append a page and tell where it lies; it is in the hands of the operating system on return.

        Raises:
            StoreFullError: the disk is full; the file ends with the last whole record.
            ArchiveError: the file cannot be written.
        """
        try:
            file = self._current()
            start = file.tell()
        except OSError as error:
            raise _named(error, self._folder) from error
        try:
            _append(file, _record(page))
        except OSError as error:
            with contextlib.suppress(OSError):
                file.truncate(start)
                file.seek(start)
            raise _named(error, self._folder / self._name) from error
        return ArchiveRef(self._name, start, file.tell() - start)

    def sync(self) -> None:
        """Put everything written so far on the disk, so that it outlives a power cut."""
        if self._file is not None:
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """End the file cleanly; the next ``write`` opens one again."""
        if self._file is not None:
            self._file.close()
            self._file = None
        if self._marker is not None:
            Path(self._marker.name).unlink(missing_ok=True)
            self._marker.close()
            self._marker = None

    def _current(self) -> IO[bytes]:
        day = now().strftime("%Y-%m-%d")
        if self._file is None or day != self._day or self._file.tell() >= LARGEST_FILE_BYTES:
            self.close()
            self._day = day
            self._file = self._open(day)
        return self._file

    def _open(self, day: str) -> IO[bytes]:
        folder = self._folder / day[:4]
        folder.mkdir(parents=True, exist_ok=True)
        number = 0
        while True:
            path = folder / f"{day}-{number:02d}.warc.gz"
            if marker := _hold(path):
                self._marker, self._name = marker, path.relative_to(self._folder).as_posix()
                if file := _opened(path):
                    return file
                self.close()
            number += 1


def _hold(path: Path) -> IO[bytes] | None:
    # The lock, not the marker, tells whether a writer lives: the kernel drops it with the process.
    marker_path = path.with_name(path.name + ".open")
    was_left_open = marker_path.exists()
    marker = marker_path.open("ab")
    try:
        fcntl.flock(marker, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Its holder may have ended between our open and our lock, and another writer made a marker anew.
        if not _is_at(marker, marker_path):
            marker.close()
            return _hold(path)
        if was_left_open and path.exists():
            repair(path)
    except BlockingIOError:
        marker.close()
        return None
    except OSError:  # a file system without locks
        marker.close()
        raise
    return marker


def _is_at(file: IO[bytes], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _opened(path: Path) -> IO[bytes] | None:
    """The file, ready for its next record; None if it is full."""
    file = path.open("r+b" if path.exists() else "w+b", buffering=0)
    try:
        if file.seek(0, io.SEEK_END) >= LARGEST_FILE_BYTES:
            file.close()
            return None
        if file.tell() == 0:
            _begin(file, path.name)
    except OSError:
        # What a full disk left of the first record would hide all that follow.
        with contextlib.suppress(OSError):
            file.truncate(0)
        file.close()
        raise
    return file


def _begin(file: IO[bytes], name: str) -> None:
    info = {
        "software": f"aggregator/{__version__}",
        "format": "WARC File Format 1.0",
        "conformsTo": "http://bibnum.bnf.fr/WARC/WARC_ISO_28500_version1_latestdraft.pdf",
    }
    _append(file, _member(lambda writer: writer.create_warcinfo_record(name, info)))


def _member(make: Callable[[WARCWriter], ArcWarcRecord]) -> bytes:
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=False)
    writer.write_record(make(writer))
    return gzip.compress(buffer.getvalue(), GZIP_LEVEL)


def _append(file: IO[bytes], data: bytes) -> None:
    # Unbuffered: what a full disk refused must not wait in a buffer for the next record.
    left = memoryview(data)
    while left:
        left = left[file.write(left) :]


def _record(page: FetchedPage) -> bytes:
    # The body is kept without its content coding, so the headers must not promise one.
    kept = [(name, value) for name, value in page.headers if name not in _NOT_AS_KEPT]
    kept.append(("content-length", str(len(page.body))))
    headers = StatusAndHeaders(f"{page.status} Archived", kept, protocol="HTTP/1.1")
    digest = base64.b32encode(hashlib.sha1(page.body, usedforsecurity=False).digest()).decode()
    told = {
        "WARC-Date": page.fetched_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "WARC-Payload-Digest": f"sha1:{digest}",
    }
    return _member(
        lambda writer: writer.create_warc_record(
            page.url,
            "response",
            payload=io.BytesIO(page.body),
            length=len(page.body),
            http_headers=headers,
            warc_headers_dict=told,
        )
    )


def _named(error: OSError, where: Path) -> ArchiveError | StoreFullError:
    if error.errno in _FULL:
        return StoreFullError(f"{where}: the disk is full: free some space; pages that were kept are safe")
    return ArchiveError(f"{where}: cannot be written: {error.strerror or error}: check its owner and mode")


def repair(path: Path) -> int:
    """Cut a torn record off the end of a WARC file; the number of bytes cut, 0 for a sound file."""
    size = path.stat().st_size
    whole = whole_bytes(path)
    if whole < size:
        with path.open("r+b") as file:
            file.truncate(whole)
    return size - whole


def whole_bytes(path: Path) -> int:
    """How many bytes of a WARC file are whole records; what follows is torn, or still being written."""
    position = end = 0
    with path.open("rb") as file:
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        while chunk := file.read(_CHUNK_BYTES):
            position += len(chunk)
            try:
                while chunk:
                    member.decompress(chunk)
                    if not member.eof:
                        break
                    chunk = member.unused_data
                    end = position - len(chunk)
                    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
            except zlib.error:
                break
    return end


def fetched(folder: Path, ref: ArchiveRef, outlet: str, entry: Entry, at: datetime) -> FetchedPage:
    """A kept page as if it had just been fetched, at ``at``, for this entry of an outlet.

    Raises:
        ArchiveError: as ``read``.
    """
    url, status, headers, body = read(folder, ref)
    charset = charsets.of_content_type(dict(headers).get("content-type", ""))
    return FetchedPage(outlet, entry, url, status, headers, charset, body, at, ref)


def read(folder: Path, ref: ArchiveRef) -> tuple[str, int, tuple[tuple[str, str], ...], bytes]:
    """A kept page back: URL, HTTP status, headers (lower-case names) and body.

    Raises:
        ArchiveError: the file is gone or the record does not lie there.
    """
    path = folder / ref.file
    try:
        with path.open("rb") as file:
            file.seek(ref.offset_bytes)
            record = next(iter(ArchiveIterator(io.BytesIO(file.read(ref.length_bytes)))), None)
            if record is None or record.http_headers is None:
                raise ArchiveError(f"{path}: no page at byte {ref.offset_bytes}")
            headers = tuple((name.lower(), value) for name, value in record.http_headers.headers)
            url = str(record.rec_headers.get_header("WARC-Target-URI"))
            body = record.content_stream().read()
            if len(body) != int(dict(headers).get("content-length", len(body))):
                raise ArchiveError(f"{path}: no whole page at byte {ref.offset_bytes}: it is cut off")
            return url, int(record.http_headers.get_statuscode()), headers, body
    except (ArchiveLoadFailed, zlib.error, ValueError, EOFError) as error:
        raise ArchiveError(f"{path}: no whole page at byte {ref.offset_bytes}: {error}") from error
    except OSError as error:
        raise ArchiveError(f"{path}: {error.strerror or error}: was the archive moved or pruned?") from error
