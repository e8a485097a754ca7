import gzip
import multiprocessing
import os
import signal
from pathlib import Path

import pytest
from processes import PROCESSES
from warcio.archiveiterator import ArchiveIterator

from aggregator.archive import PageArchive, _is_at, read, repair
from aggregator.clock import now
from aggregator.errors import ArchiveError
from aggregator.model.outlet import Seed, SeedKind
from aggregator.model.page import ArchiveRef, Entry, FetchedPage

SEED = Seed(SeedKind.FEED, "http://a.example/feed")


def page(number: int, body: bytes = b"<p>text</p>") -> FetchedPage:
    url = f"http://a.example/{number}"
    headers = (("content-type", "text/html"), ("content-encoding", "gzip"), ("etag", '"x"'))
    return FetchedPage("a", Entry(url, SEED), url, 200, headers, "utf-8", body, now())


def records(path: Path) -> list[tuple[str, bytes]]:
    with path.open("rb") as file:
        return [
            (record.rec_headers.get_header("WARC-Target-URI"), record.content_stream().read())
            for record in ArchiveIterator(file)
            if record.rec_type == "response"
        ]


def test_a_page_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    body = "Ünïcode 港 \x00 bytes".encode() * 1000
    with PageArchive(tmp_path) as archive:
        archive.write(page(1))
        ref = archive.write(page(2, body))
    url, status, headers, kept = read(tmp_path, ref)
    assert (url, status, kept) == ("http://a.example/2", 200, body)
    assert ("etag", '"x"') in headers
    assert "content-encoding" not in dict(headers)  # the body is kept without it


def test_one_file_a_day_takes_the_pages_of_later_crawls(tmp_path: Path) -> None:
    refs = []
    for number in range(3):
        with PageArchive(tmp_path) as archive:
            refs.append(archive.write(page(number)))
    assert len({ref.file for ref in refs}) == 1
    assert [url for url, _ in records(tmp_path / refs[0].file)] == [f"http://a.example/{n}" for n in range(3)]
    assert not list(tmp_path.rglob("*.open"))


def test_two_writers_at_once_have_a_file_each(tmp_path: Path) -> None:
    with PageArchive(tmp_path) as one, PageArchive(tmp_path) as other:
        assert one.write(page(1)).file != other.write(page(2)).file


def _write_until_killed(folder: Path, ready: "multiprocessing.synchronize.Event") -> None:
    archive = PageArchive(folder)
    for number in range(100_000):
        archive.write(page(number, os.urandom(20_000)))
        if number == 20:
            ready.set()


def test_a_killed_writer_costs_no_whole_record_and_the_next_one_goes_on(tmp_path: Path) -> None:
    ready = PROCESSES.Event()
    writer = PROCESSES.Process(target=_write_until_killed, args=(tmp_path, ready))
    writer.start()
    assert ready.wait(60)
    assert writer.pid is not None
    os.kill(writer.pid, signal.SIGKILL)
    writer.join()
    with PageArchive(tmp_path) as archive:
        ref = archive.write(page(999_999))
    kept = records(tmp_path / ref.file)
    assert len(kept) >= 22
    assert kept[-1][0] == "http://a.example/999999"


def test_a_torn_record_is_cut_off_and_whole_ones_stay(tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    whole = gzip.compress(b"one") + gzip.compress(b"two")
    path.write_bytes(whole + gzip.compress(os.urandom(5000))[:777])
    assert repair(path) == 777
    assert path.read_bytes() == whole
    assert repair(path) == 0


def test_a_full_disk_is_named_and_leaves_whole_records(tmp_path: Path) -> None:
    # RLIMIT_FSIZE makes the kernel refuse bytes beyond a size, as a full disk does.
    queue: multiprocessing.Queue[str] = PROCESSES.Queue()
    writer = PROCESSES.Process(target=_write_with_a_limit, args=(tmp_path, queue))
    writer.start()
    words = queue.get(timeout=60)
    writer.join()
    assert "the disk is full" in words
    [path] = tmp_path.rglob("*.warc.gz")
    assert records(path)
    assert repair(path) == 0


def _write_with_a_limit(folder: Path, queue: "multiprocessing.Queue[str]") -> None:
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
    archive = PageArchive(folder)
    try:
        for number in range(100):
            archive.write(page(number, os.urandom(20_000)))
    except Exception as error:  # noqa: BLE001 - the parent judges it
        queue.put(f"{type(error).__name__}: {error}")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="moved or pruned"):
        read(tmp_path, ArchiveRef("2026/none.warc.gz", 0, 10))


def test_a_full_disk_at_the_first_record_leaves_a_file_that_later_pages_can_be_read_from(
    tmp_path: Path,
) -> None:
    queue: multiprocessing.Queue[str] = PROCESSES.Queue()
    writer = PROCESSES.Process(target=_begin_with_a_limit, args=(tmp_path, queue))
    writer.start()
    assert "the disk is full" in queue.get(timeout=60)
    writer.join()
    [path] = tmp_path.rglob("*.warc.gz")
    assert records(path) == [("http://a.example/1", b"<p>text</p>")]


def _begin_with_a_limit(folder: Path, queue: "multiprocessing.Queue[str]") -> None:
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (50, hard))
    archive, said = PageArchive(folder), ""
    try:
        archive.write(page(0))
    except Exception as error:  # noqa: BLE001 - the parent judges it
        said = str(error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    archive.write(page(1))
    archive.close()
    queue.put(said)


def test_a_reference_into_the_middle_of_a_record_is_named(tmp_path: Path) -> None:
    with PageArchive(tmp_path) as archive:
        ref = archive.write(page(1, os.urandom(5000)))
    for offset, length in ((7, 0), (0, -2000)):
        wrong = ArchiveRef(ref.file, ref.offset_bytes + offset, ref.length_bytes + length)
        with pytest.raises(ArchiveError, match=r"no (whole )?page"):
            read(tmp_path, wrong)


def test_a_marker_that_another_writer_made_anew_is_not_held(tmp_path: Path) -> None:
    marker = tmp_path / "x.open"
    with marker.open("ab") as old:
        assert _is_at(old, marker)
        marker.unlink()
        assert not _is_at(old, marker)
        marker.touch()
        assert not _is_at(old, marker)
