"""Kept pages of what waits for a person: one page of the archive stands for all of them."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from aggregator import clock
from aggregator.archive import PageArchive
from aggregator.model.outlet import Seed, SeedKind
from aggregator.model.page import Entry, FetchedPage

SENTENCE: Final = (
    "The council met on the quay and decided, after a debate, to build the pier before the storms. "
)
_MENU: Final = "".join(f"<li><a href='/{number}'>Section {number}</a></li>" for number in range(120))
_TEASERS: Final = f"<div class='teaser'><h3>Another pier</h3><p>{SENTENCE}</p></div>" * 60
_PARAGRAPHS: Final = f"<p>{SENTENCE * 3}</p>" * 12
PAGE: Final = (
    "<!doctype html><html><head><title>Pier will be built</title><script>var a = 1;</script></head>"
    f"<body><nav><ul>{_MENU}</ul></nav><main><h1>Pier will be built</h1>{_PARAGRAPHS}</main>"
    f"<aside>{_TEASERS}</aside></body></html>"
)


def keep_pages(path: Path, folder: Path, *, waiting: int) -> None:
    """Write the page into an archive, and have the last ``waiting`` fetches refer to it."""
    url = "https://outlet0.example/1"
    headers = (("content-type", "text/html; charset=utf-8"),)
    page = FetchedPage(
        "outlet0",
        Entry(url, Seed(SeedKind.FEED, "https://outlet0.example/feed.xml")),
        url,
        200,
        headers,
        "utf-8",
        PAGE.encode(),
        clock.now(),
    )
    with PageArchive(folder) as archive:
        ref = archive.write(page)
    with closing(sqlite3.connect(path)) as db:
        db.execute(
            "UPDATE fetch SET archive_file = ?, archive_offset_bytes = ?, archive_length_bytes = ? "
            "WHERE id > (SELECT max(id) FROM fetch) - ?",
            (ref.file, ref.offset_bytes, ref.length_bytes, waiting),
        )
        db.commit()
