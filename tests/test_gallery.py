"""The gallery: whole files under their names, and none that nobody needs."""

import os
from pathlib import Path

import pytest

from aggregator import gallery

SOME, OTHER = "ab" * 16, "cd" * 16


def test_files_are_put_and_removed_by_their_picture(tmp_path: Path) -> None:
    gallery.put(tmp_path, SOME, {"480.webp": b"small", "960.webp": b"large"})
    gallery.put(tmp_path, OTHER, {"480.webp": b"other"})
    assert gallery.file_of(tmp_path, f"{SOME}-960.webp").read_bytes() == b"large"
    assert gallery.remove(tmp_path, [SOME]) == 2
    assert [each.name for each in tmp_path.glob("*/*")] == [f"{OTHER}-480.webp"]
    assert gallery.remove(tmp_path, [SOME]) == 0


def test_a_file_that_cannot_be_written_leaves_nothing_half(tmp_path: Path) -> None:
    (tmp_path / SOME[:2]).write_text("a file where a folder must be")
    with pytest.raises(OSError, match=SOME[:2]):
        gallery.put(tmp_path, SOME, {"480.webp": b"small"})
    assert [each.name for each in tmp_path.rglob("*")] == [SOME[:2]]


def test_only_old_files_count_as_left_over(tmp_path: Path) -> None:
    gallery.put(tmp_path, SOME, {"480.webp": b"young"})
    gallery.put(tmp_path, OTHER, {"480.webp": b"old"})
    os.utime(gallery.file_of(tmp_path, f"{OTHER}-480.webp"), (1, 1))
    assert list(gallery.names(tmp_path)) == [OTHER]


@pytest.mark.parametrize(
    "name", ["", "..", f"{SOME}.webp", f"{SOME}-480.svg", f"{SOME}-0480.webp", f"{SOME.upper()}-480.webp"]
)
def test_no_other_name_is_a_files(name: str) -> None:
    assert gallery.NAMED.fullmatch(name) is None
