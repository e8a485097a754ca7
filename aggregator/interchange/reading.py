"""A list of outlets, whatever it is written in."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from aggregator.errors import ListError
from aggregator.interchange import opml, table
from aggregator.interchange.address import bare, checked
from aggregator.interchange.listed import MOST_BYTES, MOST_ENTRIES, End, Entry, Format, Listed, Refused
from aggregator.seeds.charset import decode

_START_CHARS: Final = 512


def format_of(data: bytes) -> Format:
    """How a list is written, by its beginning: XML, a line that names columns, or addresses."""
    start = decode(data[: _START_CHARS * 4], None).lstrip("\ufeff \t\r\n")[:_START_CHARS]
    if start.startswith("<"):
        return Format.OPML
    return Format.CSV if table.is_header(start.partition("\n")[0]) else Format.LINES


def read(data: bytes, name: str, written: Format | None = None) -> Iterator[Entry]:
    """The entries of a list, with whole addresses; at most 10,000.

    Raises:
        ListError: it is too large, hostile, or not what it should be.
    """
    if len(data) > MOST_BYTES:
        raise ListError(f"{name}: expected a list of at most {MOST_BYTES // 2**20} MB; split it")
    found = _raw(data, name, written or format_of(data))
    for entry in islice(found, MOST_ENTRIES):
        yield checked(entry) if isinstance(entry, Listed) else entry
    more = next(found, None)
    if more is not None:
        yield Refused(more.line, End.TOO_MANY, f"only {MOST_ENTRIES:,} entries are taken; split the list")


def _raw(data: bytes, name: str, written: Format) -> Iterator[Entry]:
    match written:
        case Format.OPML:
            yield from opml.read(data, name)
        case Format.CSV:
            yield from table.read(decode(data, None), name)
        case Format.LINES:
            yield from _addresses(decode(data, None))


def _addresses(text: str) -> Iterator[Entry]:
    """An address a line; empty lines, and what stands behind ``#`` at a line's start, are no entries."""
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.strip()
        if words and not words.startswith("#"):
            yield bare(number, words)
