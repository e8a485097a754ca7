"""Erased records: gone for good, and their file whole."""

from pathlib import Path

import pytest
from store.samples import NOON, SEED
from warcio.archiveiterator import ArchiveIterator

from aggregator import archive
from aggregator.archive import PageArchive
from aggregator.erasure import erase
from aggregator.errors import ArchiveError
from aggregator.model.page import ArchiveRef, Entry, FetchedPage

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
