"""Erasure: a record of a WARC file is overwritten where it lies, and the file stays readable.

Each record is a gzip member of its own (WARC 1.1, annex D). A member that says that something was erased
takes its place, with empty ones behind it if it was long; zeros in the extra fields of their headers (RFC
1952, 2.3.1.1) make them as long, so that no other record moves. The disk gets the room of the zeros back
where the file system can have holes.
"""

import gzip
import io
import os
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from warcio.warcwriter import WARCWriter

from aggregator import holes
from aggregator.errors import ArchiveError
from aggregator.model.page import ArchiveRef

_SAID: Final = b"erased\n"
_TYPE: Final = "metadata"
_EXTRA: Final = 0x04
_COMMENT: Final = 0x10
_HEADER_BYTES: Final = 10
_FLAGS: Final = 3
_SUBFIELD: Final = b"er"
_SUBFIELD_BYTES: Final = 6
_MOST_ZEROS: Final = 65_531
"""What an extra field holds beside the four bytes of its only subfield's head."""


def erase(folder: Path, ref: ArchiveRef) -> bool:
    """Overwrite a record, and put that on the disk; false if there is none any more.

    A second time does no harm. A writer that appends to the same file is not disturbed.

    Raises:
        ArchiveError: the file cannot be written, or no record of its own lies there.
    """
    path = folder / ref.file
    try:
        with path.open("r+b") as file:
            file.seek(ref.offset_bytes)
            old = file.read(ref.length_bytes)
            _refuse_other(path, ref, old)
            file.seek(ref.offset_bytes)
            members = list(tombstone(len(old)))
            file.write(b"".join(member.data for member in members))
            file.flush()
            _give_back(file.fileno(), ref.offset_bytes, members)
            os.fsync(file.fileno())
    except FileNotFoundError:
        return False
    except OSError as error:
        raise ArchiveError(
            f"{path}: cannot be written: {error.strerror or error}: the record at byte {ref.offset_bytes} "
            "is not erased; check the file's owner and mode, and start again"
        ) from error
    return True


def _refuse_other(path: Path, ref: ArchiveRef, old: bytes) -> None:
    """Refuse to overwrite anything but one whole gzip member."""
    if len(old) != ref.length_bytes or not _is_one_record(old):
        raise ArchiveError(
            f"{path}: no record of {ref.length_bytes} bytes lies at byte {ref.offset_bytes}; nothing was "
            "erased: was the file changed by another program?"
        )


def _is_one_record(data: bytes) -> bool:
    """Whether this is one whole gzip member; with empty ones behind it if it was erased before."""
    rest, is_first = data, True
    while rest or is_first:
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            said = member.decompress(rest)
        except zlib.error:
            return False
        if not member.eof or (said and not is_first):
            return False
        rest, is_first = member.unused_data, False
    return True


@dataclass(frozen=True, slots=True)
class Member:
    """A gzip member; so many of its bytes are zeros, from a place on."""

    data: bytes
    start: int = 0
    zeros: int = 0


def tombstone(length: int) -> Iterator[Member]:
    """Gzip members of exactly so many bytes together; the first holds a record that something was erased."""
    said, empty = _member(_record()), _member(b"")
    if length < len(empty):
        yield Member(bytes(length))  # no record of ours is so short
        return
    left, now = length, said if length >= len(said) else empty
    while left > len(now) + _SUBFIELD_BYTES + _MOST_ZEROS:
        # As much is left as an empty one takes at least.
        most = left - len(now) - len(empty) - 2 * _SUBFIELD_BYTES
        longer = _longer(now, min(_MOST_ZEROS, most))
        yield longer
        left, now = left - len(longer.data), empty
    yield _as_long(now, left)


def _as_long(member: bytes, length: int) -> Member:
    """The member made so long: by an extra field, by a comment where there is no room for one."""
    room = length - len(member)
    if room >= _SUBFIELD_BYTES:
        return _longer(member, room - _SUBFIELD_BYTES)
    if not room:
        return Member(member)
    return Member(_flagged(member, _COMMENT) + b"x" * (room - 1) + b"\0" + member[_HEADER_BYTES:])


def _longer(member: bytes, zeros: int) -> Member:
    """The member with so many zeros in an extra field."""
    field = (zeros + 4).to_bytes(2, "little") + _SUBFIELD + zeros.to_bytes(2, "little")
    head = _flagged(member, _EXTRA) + field
    return Member(head + bytes(zeros) + member[_HEADER_BYTES:], len(head), zeros)


def _flagged(member: bytes, flag: int) -> bytes:
    """The head of a member with one more flag."""
    return member[:_FLAGS] + bytes([member[_FLAGS] | flag]) + member[_FLAGS + 1 : _HEADER_BYTES]


def _member(data: bytes) -> bytes:
    return gzip.compress(data, 9, mtime=0)


def _record() -> bytes:
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=False)
    writer.write_record(
        writer.create_warc_record("urn:erased", _TYPE, payload=io.BytesIO(_SAID), length=len(_SAID))
    )
    return buffer.getvalue()


def _give_back(file: int, start: int, members: Iterable[Member]) -> None:
    """Make holes of the zeros of members; where that is not possible they stay, and nothing is lost."""
    for member in members:
        if member.zeros:
            holes.punch(file, start + member.start, member.zeros)
        start += len(member.data)
