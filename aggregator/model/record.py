"""Records of WARC files that others wrote: pages, and why the rest is passed over."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Skip(StrEnum):
    """Why a record of an archive is passed over; each ends under exactly one, or becomes a page."""

    WARCINFO = "skipped/warcinfo"
    REQUEST = "skipped/request"
    METADATA = "skipped/metadata"
    REVISIT = "skipped/revisit"
    OTHER_RECORD = "skipped/other-record"
    NOT_HTTP = "skipped/not-http"
    STATUS = "skipped/status"
    NOT_HTML = "skipped/not-html"
    TOO_LARGE = "skipped/too-large"
    TRUNCATED = "skipped/truncated"
    DAMAGED = "skipped/damaged"
    NO_DATE = "skipped/no-date"
    NO_OUTLET = "skipped/no-outlet"
    NOT_WANTED = "skipped/not-wanted"
    HOME_PAGE = "skipped/home-page"
    KNOWN = "skipped/known"


@dataclass(frozen=True, slots=True)
class RecordedPage:
    """A page as a record holds it: status 200, its body without codings, header names in lower case.

    ``at`` is when it was fetched (WARC-Date), ``offset_bytes`` where its record, or the gzip member that
    holds it, starts in the file.
    """

    url: str
    at: datetime
    headers: tuple[tuple[str, str], ...]
    body: bytes
    offset_bytes: int


@dataclass(frozen=True, slots=True)
class SkippedRecord:
    """A record that is passed over, or a stretch of bytes that is none; ``detail`` is one line for people."""

    why: Skip
    offset_bytes: int
    url: str = ""
    detail: str = ""
