"""Streams: the bytes of a plain file, or of each gzip member, a little at a time."""

import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final

_CHUNK_BYTES: Final = 1 << 16
_PROBE_BYTES: Final = 4096
_GZIP: Final = re.compile(rb"\x1f\x8b\x08")
RECORD: Final = re.compile(rb"WARC/[01]\.\d{1,2}\r\n")
"""How each record begins."""

BEGINNING_BYTES: Final = 12
"""As many as a beginning has at most, which may lie on two chunks."""


END_BYTES: Final = 8
"""As many as are looked at behind a record, to see whether it ends there."""


def is_end(behind: bytes) -> bool:
    """Whether a record ends before these: two line ends, or else the next record or the file's end."""
    rest = behind.lstrip(b"\r\n")
    return behind.startswith(b"\r\n\r\n") or not rest or rest.startswith(b"WARC"[: len(rest)])


class BrokenStreamError(Exception):
    """The bytes cannot be decompressed any further; ``is_short``: they end in the middle."""

    def __init__(self, words: str, *, is_short: bool = False) -> None:
        super().__init__(words)
        self.is_short = is_short


@dataclass(frozen=True, slots=True)
class Gap:
    """Bytes between two members that are none."""

    start: int
    length: int


class Stream:
    """Bytes in order, with a look ahead; no more than what is asked for, and a chunk, is in memory.

    ``start`` is where they begin in the file. Reading raises ``BrokenStreamError``.
    """

    def __init__(self, chunks: Iterator[bytes], start: int) -> None:
        self.start = start
        self._chunks = chunks
        self._ahead = bytearray()

    def peek(self, count: int) -> bytes:
        """The next bytes, fewer at the end; they stay."""
        while len(self._ahead) < count and self._more():
            pass
        return bytes(self._ahead[:count])

    def take(self, count: int) -> bytes:
        """The next bytes, fewer at the end."""
        taken = self.peek(count)
        self._drop(len(taken))
        return taken

    def skip(self, count: int) -> int:
        """Pass over so many bytes; how many there were."""
        left = count
        while left and (self._ahead or self._more()):
            passed = min(left, len(self._ahead))
            self._drop(passed)
            left -= passed
        return count - left

    def find(self, mark: bytes, most: int) -> int:
        """How far a mark lies ahead; -1 if that is ``most`` bytes or more."""
        while (place := self._ahead.find(mark)) < 0 and len(self._ahead) < most and self._more():
            pass
        return place if place < most else -1

    def skip_to_record(self) -> tuple[int, bool]:
        """Pass over everything before the next record; the bytes passed, and whether there is one."""
        passed = 0
        while (found := RECORD.search(self._ahead)) is None:
            passed += self.skip(max(0, len(self._ahead) - BEGINNING_BYTES))
            if not self._more():
                return passed + self.skip(len(self._ahead)), False
        return passed + self.skip(found.start()), True

    def ends_well(self, count: int) -> bool:  # noqa: ARG002 - as its heir's
        """Whether a record that ends so many bytes ahead is known to end wrong, before they are read."""
        return True

    def _more(self) -> bool:
        if chunk := next(self._chunks, b""):
            self._ahead += chunk
        return bool(chunk)

    def _drop(self, count: int) -> None:
        del self._ahead[:count]


class PlainStream(Stream):
    """The bytes of a file that is not compressed: one can look far ahead without reading up to there."""

    def __init__(self, file: IO[bytes], start: int) -> None:
        super().__init__(iter(lambda: file.read(_CHUNK_BYTES), b""), start)
        self._file = file
        file.seek(start)

    def ends_well(self, count: int) -> bool:
        """Whether behind so many bytes the next record begins, or the file ends."""
        here = self._file.tell()
        end = here - len(self._ahead) + count
        try:
            if end > os.fstat(self._file.fileno()).st_size:
                return False
            self._file.seek(end)
            return is_end(self._file.read(END_BYTES))
        finally:
            self._file.seek(here)

    def _drop(self, count: int) -> None:
        super()._drop(count)
        self.start += count


def streams(file: IO[bytes]) -> Iterator[Stream | Gap]:
    """The members of a gzip file in order, with the gaps between them; a plain file is one stream.

    Take the next one only when you are done with the last. Behind a member that is damaged the next one is
    looked for.
    """
    is_gzip = _GZIP.match(file.read(3)) is not None
    at, was_whole = 0, True
    while (start := _next(file, at, is_gzip=is_gzip)) is not None:
        if start > at and was_whole:
            yield Gap(at, start - at)
        if not is_gzip:
            yield PlainStream(file, start)
            return
        member = _Member(file, start)
        yield Stream(member.chunks(), start)
        end = member.end()
        was_whole = end is not None
        at = start + 1 if end is None else end
    if was_whole and (size := os.fstat(file.fileno()).st_size) > at:
        yield Gap(at, size - at)


class _Member:
    """A gzip member; ``end`` tells where it ends, once all of it was read."""

    def __init__(self, file: IO[bytes], start: int) -> None:
        self._file = file
        self._inside = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._is_broken = False
        file.seek(start)

    def chunks(self) -> Iterator[bytes]:
        while not self._inside.eof:
            data = self._inside.unconsumed_tail or self._file.read(_CHUNK_BYTES)
            try:
                found = self._inside.decompress(data, _CHUNK_BYTES)
            except zlib.error as error:
                self._is_broken = True
                raise BrokenStreamError(f"it cannot be decompressed: {error}") from error
            if found:
                yield found
            elif not data and not self._inside.eof:
                self._is_broken = True
                raise BrokenStreamError("the file ends in the middle of it", is_short=True)

    def end(self) -> int | None:
        """Where it ends; None if it is damaged."""
        try:
            for _ in self.chunks() if not self._is_broken else ():
                pass
        except BrokenStreamError:
            pass
        return None if self._is_broken else self._file.tell() - len(self._inside.unused_data)


def _next(file: IO[bytes], at: int, *, is_gzip: bool) -> int | None:
    """Where the next member, or in a plain file the first record, begins; None if there is none."""
    mark, position, tail = (_GZIP if is_gzip else RECORD), at, b""
    file.seek(at)
    while chunk := file.read(_CHUNK_BYTES):
        data = tail + chunk
        for found in mark.finditer(data):
            place = position - len(tail) + found.start()
            if place == at or not is_gzip or _holds_record(file, place):
                return place
        position += len(chunk)
        tail = data[-BEGINNING_BYTES:]
        file.seek(position)
    return None


def _holds_record(file: IO[bytes], place: int) -> bool:
    """Whether a record begins in the gzip member here: three bytes that look like one come by chance."""
    file.seek(place)
    try:
        begun = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(file.read(_PROBE_BYTES), _PROBE_BYTES)
    except zlib.error:
        return False
    return RECORD.match(begun) is not None
