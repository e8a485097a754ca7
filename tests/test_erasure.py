"""Erased records: gone for good, and their file whole."""

import gzip
import secrets
from pathlib import Path

import pytest
from store.samples import NOON, SEED
from warcio.archiveiterator import ArchiveIterator

from aggregator import archive, holes
from aggregator.archive import PageArchive
from aggregator.erasure import erase, tombstone
from aggregator.errors import ArchiveError
from aggregator.model.page import ArchiveRef, Entry, FetchedPage

SHORTEST_BYTES = 20
"""An empty gzip member."""

LONG_ENOUGH_BYTES = 300
"""Room for a record that says that something was erased."""

TELLTALE = "The minister's diary says otherwise."


def page(number: int, body: bytes) -> FetchedPage:
    url = f"https://harbour.example/news/{number}"
    return FetchedPage("harbour", Entry(url, SEED), url, 200, (), None, body, NOON)


def write(folder: Path, bodies: list[bytes]) -> list[ArchiveRef]:
    with PageArchive(folder) as kept:
        return [kept.write(page(number, body)) for number, body in enumerate(bodies)]


def kinds(path: Path) -> list[str]:
    with path.open("rb") as file:
        return [record.rec_type for record in ArchiveIterator(file)]


def test_an_erased_record_cannot_be_read_and_its_neighbours_can(tmp_path: Path) -> None:
    bodies = [f"<p>page {number} {TELLTALE}</p>".encode() * (1 + 40 * number) for number in range(3)]
    refs = write(tmp_path, bodies)
    size = (tmp_path / refs[1].file).stat().st_size
    assert erase(tmp_path, refs[1])
    with pytest.raises(ArchiveError, match="no page at byte"):
        archive.read(tmp_path, refs[1])
    assert [archive.read(tmp_path, refs[number])[3] for number in (0, 2)] == [bodies[0], bodies[2]]
    path = tmp_path / refs[1].file
    assert path.stat().st_size == size
    assert archive.repair(path) == 0
    assert kinds(path) == ["warcinfo", "response", "metadata", "response"]
    with path.open("rb") as file:
        texts = [record.content_stream().read() for record in ArchiveIterator(file)]
    assert texts[2] == b"erased\n"


def test_erasing_twice_does_no_harm(tmp_path: Path) -> None:
    refs = write(tmp_path, [TELLTALE.encode() * 90, TELLTALE.encode()])
    for _ in range(2):
        assert erase(tmp_path, refs[0])
        assert kinds(tmp_path / refs[0].file) == ["warcinfo", "metadata", "response"]


def test_a_writer_goes_on_behind_an_erased_record(tmp_path: Path) -> None:
    with PageArchive(tmp_path) as kept:
        first = kept.write(page(1, TELLTALE.encode() * 20))
        erase(tmp_path, first)
        second = kept.write(page(2, b"<p>another page</p>"))
    assert archive.read(tmp_path, second)[3] == b"<p>another page</p>"


def test_a_file_that_is_gone_has_nothing_to_erase(tmp_path: Path) -> None:
    assert not erase(tmp_path, ArchiveRef("2031/2031-04-05-00.warc.gz", 0, 10))


@pytest.mark.parametrize(("offset", "length"), [(1, 0), (0, -1), (0, 1), (10**6, 0)])
def test_nothing_but_a_whole_record_is_overwritten(tmp_path: Path, offset: int, length: int) -> None:
    (ref,) = write(tmp_path, [TELLTALE.encode() * 20])
    before = (tmp_path / ref.file).read_bytes()
    wrong = ArchiveRef(ref.file, ref.offset_bytes + offset, ref.length_bytes + length)
    with pytest.raises(ArchiveError, match="nothing was erased"):
        erase(tmp_path, wrong)
    assert (tmp_path / ref.file).read_bytes() == before


@pytest.mark.parametrize("size", [0, 700, 60_000, 66_000, 131_000, 400_000])
def test_a_long_record_gives_its_room_back_and_its_file_stays_whole(tmp_path: Path, size: int) -> None:
    bodies = [b"<p>first</p>", secrets.token_bytes(size), b"<p>last</p>"]
    refs = write(tmp_path, bodies)
    path = tmp_path / refs[1].file
    before = path.stat()
    for _ in range(2):
        assert erase(tmp_path, refs[1])
    after = path.stat()
    assert after.st_size == before.st_size
    assert archive.repair(path) == 0
    assert kinds(path) == ["warcinfo", "response", "metadata", "response"]
    assert [archive.read(tmp_path, refs[number])[3] for number in (0, 2)] == [bodies[0], bodies[2]]
    assert not size or bodies[1][:16] not in path.read_bytes()
    freed = (before.st_blocks - after.st_blocks) * 512
    assert freed <= size + 4096
    if has_holes(tmp_path):
        assert freed >= 0.9 * size - 3 * 4096 - 4096 * (size // 65_536)


@pytest.mark.parametrize("length", [*range(1, 40), *range(300, 420, 7), *range(65_500, 66_200, 11), 196_600])
def test_a_tombstone_is_exactly_as_long_as_what_it_covers(length: int) -> None:
    made = b"".join(member.data for member in tombstone(length))
    assert len(made) == length
    if length >= SHORTEST_BYTES:
        assert (b"erased" in gzip.decompress(made)) is (length >= LONG_ENOUGH_BYTES)


def test_two_records_are_not_taken_for_one(tmp_path: Path) -> None:
    first, second = write(tmp_path, [TELLTALE.encode(), TELLTALE.encode()])
    both = ArchiveRef(first.file, first.offset_bytes, first.length_bytes + second.length_bytes)
    with pytest.raises(ArchiveError, match="nothing was erased"):
        erase(tmp_path, both)


def has_holes(folder: Path) -> bool:
    """Whether files of this folder can have holes."""
    path = folder / "hole"
    path.write_bytes(bytes(1 << 20))
    with path.open("r+b") as file:
        return holes.punch(file.fileno(), 0, 1 << 20) and path.stat().st_blocks == 0
