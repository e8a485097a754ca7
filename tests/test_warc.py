"""WARC files of others: what can be read is read, and the rest is named."""

import gzip
import os
import tracemalloc
import zlib
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from warcs import MADE, html, packed, page, record

from aggregator import warc
from aggregator.clock import now
from aggregator.model.record import RecordedPage, Skip

LARGEST = 1 << 20


def read(folder: Path, data: bytes, judge: Callable[[str], Skip | None] = lambda _: None) -> list[str]:
    """The ends of a file's paths, or why its records are none, in order."""
    path = folder / "x.warc"
    path.write_bytes(data)
    return [
        each.url.rpartition("/")[2] if isinstance(each, RecordedPage) else each.why.value
        for each in warc.records(path, LARGEST, judge)
    ]


def test_a_page_comes_with_its_moment_headers_and_body(tmp_path: Path) -> None:
    kept = (("X-Robots-Tag", "noarchive"), ("Last-Modified", "Sun, 01 Mar 2026 08:00:00 GMT"))
    data = record(
        "https://harbour.example/a", html(1), headers=kept, content_type="text/html; charset=latin-1"
    )
    (tmp_path / "x.warc.gz").write_bytes(gzip.compress(data))
    [found] = warc.records(tmp_path / "x.warc.gz", LARGEST, lambda _: None)
    assert isinstance(found, RecordedPage)
    assert (found.url, found.at, found.body) == ("https://harbour.example/a", MADE, html(1))
    assert ("x-robots-tag", "noarchive") in found.headers
    assert ("content-type", "text/html; charset=latin-1") in found.headers


def test_codings_of_the_transfer_are_taken_off(tmp_path: Path) -> None:
    body = html(1)
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    data = packed(
        record("https://a.example/1", gzip.compress(body), headers=(("Content-Encoding", "gzip"),)),
        record("https://a.example/2", chunked, headers=(("Transfer-Encoding", "chunked"),)),
        record("https://a.example/3", zlib.compress(body), headers=(("Content-Encoding", "deflate"),)),
        record("https://a.example/4", body, headers=(("Content-Encoding", "zstd"),)),
    )
    (tmp_path / "x.warc.gz").write_bytes(data)
    *pages, last = warc.records(tmp_path / "x.warc.gz", LARGEST, lambda _: None)
    assert [each.body for each in pages if isinstance(each, RecordedPage)] == [body] * 3
    assert not isinstance(last, RecordedPage)
    assert "zstd" in last.detail


OTHERS = [
    (record("https://a.example/", b"software: x", kind="warcinfo"), "skipped/warcinfo"),
    (record("https://a.example/", kind="request"), "skipped/request"),
    (record("https://a.example/", b"fetchTimeMs: 3", kind="metadata"), "skipped/metadata"),
    (record("https://a.example/", kind="revisit"), "skipped/revisit"),
    (record("https://a.example/", b"x", kind="resource"), "skipped/other-record"),
    (record("dns:a.example", b"x"), "skipped/not-http"),
    (record("https://a.example/", status="404 Not Found"), "skipped/status"),
    (record("https://a.example/", status="301 Moved"), "skipped/status"),
    (record("https://a.example/", content_type="image/png"), "skipped/not-html"),
    (record("https://a.example/", html(1), told=(("WARC-Truncated", "length"),)), "skipped/truncated"),
    (record("https://a.example/", html(1), told=(("WARC-Date", "yesterday"),)), "skipped/no-date"),
    (record("https://a.example/", html(1), at=now() + timedelta(days=9)), "skipped/no-date"),
]


@pytest.mark.parametrize(
    "form", [b"".join, lambda each: packed(*each), lambda each: gzip.compress(b"".join(each))]
)
def test_what_is_no_page_is_counted_under_its_name(
    tmp_path: Path, form: Callable[[list[bytes]], bytes]
) -> None:
    data = form([*(each for each, _ in OTHERS), page(7)])
    assert read(tmp_path, data) == [*(name for _, name in OTHERS), "7"]


def test_a_page_that_nobody_wants_is_not_read(tmp_path: Path) -> None:
    judge = lambda url: Skip.NO_OUTLET if url.endswith("/1") else None  # noqa: E731 - three of a line
    assert read(tmp_path, packed(page(1), page(2)), judge) == ["skipped/no-outlet", "2"]


def test_a_gzip_that_ends_early_gives_what_stands_before(tmp_path: Path) -> None:
    whole = packed(page(1), page(2))
    torn = whole + packed(page(3))[:-40]
    assert read(tmp_path, torn) == ["1", "2", "skipped/truncated"]
    assert read(tmp_path, b"".join((page(1), page(2)[:-90]))) == ["1", "skipped/truncated"]


def test_garbage_between_members_is_passed_over(tmp_path: Path) -> None:
    for garbage in (
        b"\0" * 300,
        b"garbage",
        os.urandom(70_000),
        b"\x1f\x8b\x08 looks like one",
        b"WARC/1.0 is a form",
    ):
        data = packed(page(1)) + garbage + packed(page(2))
        assert read(tmp_path, data) == ["1", "skipped/damaged", "2"], garbage[:30]
        assert read(tmp_path, packed(page(1)) + garbage)[0] == "1"
        assert read(tmp_path, page(1) + garbage + page(2)) == ["1", "skipped/damaged", "2"], garbage[:30]


def test_a_flipped_byte_costs_one_record(tmp_path: Path) -> None:
    middle = bytearray(packed(page(2)))
    for place in (14, len(middle) // 2, len(middle) - 6):
        broken = bytearray(middle)
        broken[place] ^= 0xFF
        found = read(tmp_path, packed(page(1)) + bytes(broken) + packed(page(3)))
        assert found[0] == "1"
        assert found[-1] == "3"
        assert found[1] == "skipped/damaged", place
        assert len(found) <= 4


def test_wrong_lengths_cost_the_record_that_has_them(tmp_path: Path) -> None:
    def lying(number: int, by: int | str) -> bytes:
        head, _, block = page(number).partition(b"\r\n\r\n")
        length = len(block) - 4
        told = str(length + by if isinstance(by, int) else by)
        return (
            head.replace(b"Content-Length: %d" % length, b"Content-Length: " + told.encode())
            + b"\r\n\r\n"
            + block
        )

    for by in (-30, 30, 10**12, -(10**6), "many", ""):
        plain = read(tmp_path, page(1) + lying(2, by) + page(3))
        assert (plain[0], plain[-1], Counter(plain)["skipped/damaged"]) == ("1", "3", 1), by
        found = read(tmp_path, packed(page(1), lying(2, by), page(3)))
        assert (found[0], found[-1], len(found)) == ("1", "3", 3), by
        assert found[1] in {"skipped/damaged", "skipped/truncated", "skipped/too-large"}, by


def test_a_record_of_300_mb_is_not_read_into_memory(tmp_path: Path) -> None:
    size = 300_000_000
    head = record("https://a.example/big", b"").partition(b"\r\n\r\n")[0]
    head = b"\r\n".join(line for line in head.split(b"\r\n") if not line.startswith(b"Content-Length"))
    head += b"\r\nContent-Length: %d\r\n\r\n" % size
    path = tmp_path / "big.warc.gz"
    packer = zlib.compressobj(1, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    with path.open("wb") as file:
        file.write(packed(page(1)) + packer.compress(head))
        for _ in range(size // 1_000_000):
            file.write(packer.compress(b"x" * 1_000_000))
        file.write(packer.compress(b"\r\n\r\n") + packer.flush() + packed(page(2)))
    tracemalloc.start()
    ends = [
        each.why if not isinstance(each, RecordedPage) else "page"
        for each in warc.records(path, LARGEST, lambda _: None)
    ]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert ends == ["page", Skip.TOO_LARGE, "page"]
    assert peak < 10_000_000


def test_a_body_that_unpacks_to_more_than_is_allowed_is_given_up(tmp_path: Path) -> None:
    bomb = gzip.compress(b"x" * (LARGEST * 30))
    data = packed(record("https://a.example/1", bomb, headers=(("Content-Encoding", "gzip"),)), page(2))
    assert read(tmp_path, data) == ["skipped/too-large", "2"]


def test_what_is_no_archive_at_all_is_one_stretch_of_damage(tmp_path: Path) -> None:
    assert read(tmp_path, b"") == []
    assert read(tmp_path, b"<html>not found</html>") == ["skipped/damaged"]
    assert read(tmp_path, gzip.compress(b"<html>not found</html>")) == ["skipped/damaged"]
    assert read(tmp_path, b"\x1f\x8b\x08") == ["skipped/truncated"]
