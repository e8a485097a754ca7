"""Erasure: a record of a WARC file is overwritten where it lies, and the file stays readable.

Each record is a gzip member of its own (WARC 1.1, annex D). A member that says that something was erased
takes its place; its header's comment (RFC 1952, 2.3.1) makes it as long, so that no other record moves.
"""

import gzip
import io
import os
import zlib
from pathlib import Path
from typing import Final

from warcio.warcwriter import WARCWriter

from aggregator.errors import ArchiveError
from aggregator.model.page import ArchiveRef

_SAID: Final = b"erased\n"
_TYPE: Final = "metadata"
_COMMENT: Final = 0x10
_HEADER_BYTES: Final = 10
_FLAGS: Final = 3
_FILL: Final = b"x"


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
            file.write(_tombstone(len(old)))
            file.flush()
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
    if len(old) != ref.length_bytes or not _is_one_member(old):
        raise ArchiveError(
            f"{path}: no record of {ref.length_bytes} bytes lies at byte {ref.offset_bytes}; nothing was "
            "erased: was the file changed by another program?"
        )


def _is_one_member(data: bytes) -> bool:
    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        member.decompress(data)
    except zlib.error:
        return False
    return member.eof and not member.unused_data


def _tombstone(length: int) -> bytes:
    """A gzip member of exactly so many bytes that holds a record saying that something was erased."""
    for member in (_member(_record()), _member(b"")):
        room = length - len(member) - 1
        if room >= 0:
            flagged = (
                member[:_FLAGS] + bytes([member[_FLAGS] | _COMMENT]) + member[_FLAGS + 1 : _HEADER_BYTES]
            )
            return flagged + _FILL * room + b"\0" + member[_HEADER_BYTES:]
    return bytes(length)  # shorter than an empty member: no record of ours is


def _member(data: bytes) -> bytes:
    return gzip.compress(data, 9, mtime=0)


def _record() -> bytes:
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=False)
    writer.write_record(
        writer.create_warc_record("urn:erased", _TYPE, payload=io.BytesIO(_SAID), length=len(_SAID))
    )
    return buffer.getvalue()
