"""The reader: the records of a WARC file one by one, pages whole, all others passed over under a name."""

import io
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser, StatusAndHeadersParserException

from aggregator.clock import now, to_utc
from aggregator.model.record import RecordedPage, Skip, SkippedRecord
from aggregator.urls import is_web
from aggregator.warc.stream import (
    BEGINNING_BYTES,
    END_BYTES,
    RECORD,
    BrokenStreamError,
    Gap,
    Stream,
    is_end,
    streams,
)

_LONGEST_HEAD_BYTES: Final = 1 << 16
_LONGEST_HTTP_HEAD_BYTES: Final = 1 << 20
_BLANK: Final = b"\r\n\r\n"
_VERSIONS: Final = ["WARC/1.0", "WARC/1.1", "WARC/0.17", "WARC/0.18"]
_FOUND: Final = 200
_HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
_CODINGS: Final = frozenset({"", "identity", "gzip", "deflate", "br"})
_CLOCKS_DIFFER: Final = timedelta(days=1)
_OTHERS: Final = {
    "warcinfo": Skip.WARCINFO,
    "request": Skip.REQUEST,
    "metadata": Skip.METADATA,
    "revisit": Skip.REVISIT,
}

Judge = Callable[[str], Skip | None]
"""Why the page at a URL is not wanted, before it is read; None if it is."""


def records(path: Path, largest_bytes: int, judge: Judge) -> Iterator[RecordedPage | SkippedRecord]:
    """Every record of a WARC file, plain or gzip, in order; what is damaged is passed over, too.

    A page whose record or body is larger than ``largest_bytes`` is never read into memory.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        for stream in streams(file):
            if isinstance(stream, Gap):
                words = f"{stream.length} bytes that are no record"
                yield SkippedRecord(Skip.DAMAGED, stream.start, detail=words)
            else:
                yield from _Records(stream, largest_bytes, judge)


class _LostError(Exception):
    """What stands here is no record, or one whose length is wrong."""

    def __init__(self, words: str, url: str = "") -> None:
        super().__init__(words)
        self.url = url


class _Records:
    """The records of one stream."""

    def __init__(self, stream: Stream, largest_bytes: int, judge: Judge) -> None:
        self._stream, self._largest_bytes, self._judge = stream, largest_bytes, judge
        self._start = stream.start

    def __iter__(self) -> Iterator[RecordedPage | SkippedRecord]:
        stream = self._stream
        while True:
            try:
                while stream.peek(1) in (b"\r", b"\n"):
                    stream.skip(1)
                self._start = stream.start
                if not stream.peek(1):
                    return
                record = self._next()
            except _LostError as error:
                record = self._lost(error)
            except BrokenStreamError as error:
                yield self._skipped(Skip.TRUNCATED if error.is_short else Skip.DAMAGED, detail=str(error))
                return
            yield record

    def _skipped(self, why: Skip, url: str = "", detail: str = "") -> SkippedRecord:
        return SkippedRecord(why, self._start, url, detail)

    def _lost(self, error: _LostError) -> SkippedRecord:
        """Pass over what cannot be read, up to the next record."""
        try:
            self._stream.skip(1)
            passed, is_more = self._stream.skip_to_record()
        except BrokenStreamError as broken:
            return self._skipped(Skip.DAMAGED, error.url, f"{error}; {broken}")
        why = Skip.TRUNCATED if error.url and not is_more else Skip.DAMAGED
        return self._skipped(why, error.url, f"{error}; {passed} bytes passed over")

    def _next(self) -> RecordedPage | SkippedRecord:
        stream = self._stream
        head, told, url, length = self._head()
        why, detail = next(self._objections(told, url, length), (None, ""))
        block = b"" if why else stream.take(length)
        found = stream.skip(length) if why else len(block)
        if found < length:
            return self._skipped(Skip.TRUNCATED, url, f"it ends after {found} of {length} bytes")
        if not is_end(stream.peek(END_BYTES)):
            raise _LostError(f"it is longer than its {length} bytes", url)
        return self._skipped(why, url, detail) if why else self._page(head, block, told, url)

    def _head(self) -> tuple[bytes, StatusAndHeaders, str, int]:
        """The next record's head, as bytes and read, with its URL and length."""
        stream = self._stream
        size = stream.find(_BLANK, _LONGEST_HEAD_BYTES) if RECORD.match(stream.peek(BEGINNING_BYTES)) else -1
        if size < 0:
            raise _LostError("no record begins here")
        head = stream.take(size + len(_BLANK))
        try:
            told = StatusAndHeadersParser(_VERSIONS).parse(io.BytesIO(head))
            length = int(told.get_header("Content-Length", ""))
        except (StatusAndHeadersParserException, EOFError, ValueError) as error:
            raise _LostError("a record's head cannot be read") from error
        url = str(told.get_header("WARC-Target-URI", "")).strip("<>")
        if length < 0 or not stream.ends_well(length):
            raise _LostError(f"its length is no {length} bytes, or the file ends", url)
        return head, told, url, length

    def _objections(self, told: StatusAndHeaders, url: str, length: int) -> Iterator[tuple[Skip, str]]:
        """Why a record is no page that is wanted, as far as its head tells."""
        kind = str(told.get_header("WARC-Type", "")).lower()
        if kind != "response":
            yield _OTHERS.get(kind, Skip.OTHER_RECORD), kind
        if not is_web(url):
            yield Skip.NOT_HTTP, url[:100]
        elif unwanted := self._judge(url):
            yield unwanted, ""
        if (cut := told.get_header("WARC-Truncated")) or told.get_header("WARC-Segment-Number"):
            yield Skip.TRUNCATED, f"as its record says: {cut or 'segment'}"
        if length > self._largest_bytes + _LONGEST_HTTP_HEAD_BYTES:
            yield Skip.TOO_LARGE, f"{length} bytes"
        if _moment(told) is None:
            yield Skip.NO_DATE, str(told.get_header("WARC-Date", ""))[:40]

    def _page(
        self, head: bytes, block: bytes, told: StatusAndHeaders, url: str
    ) -> RecordedPage | SkippedRecord:
        try:
            record = next(iter(ArchiveIterator(io.BytesIO(head + block + _BLANK))))
            if record.http_headers is None:
                return self._skipped(Skip.NOT_HTTP, url, str(record.content_type)[:100])
            headers = tuple((str(name).lower(), str(value)) for name, value in record.http_headers.headers)
            if why := _unfit(str(record.http_headers.get_statuscode()), dict(headers)):
                return self._skipped(why[0], url, why[1])
            body = record.content_stream().read(self._largest_bytes + 1)
        except (ArchiveLoadFailed, EOFError, StopIteration, ValueError, zlib.error) as error:
            return self._skipped(Skip.DAMAGED, url, f"no HTTP answer: {str(error)[:100]}")
        if len(body) > self._largest_bytes:
            return self._skipped(Skip.TOO_LARGE, url, f"over {self._largest_bytes} bytes")
        at = _moment(told)
        assert at is not None  # noqa: S101 - _why_not has looked
        return RecordedPage(url, at, headers, body, self._start)


def _unfit(status: str, headers: dict[str, str]) -> tuple[Skip, str] | None:
    """Why an answer is no page to be read."""
    if status != str(_FOUND):
        return Skip.STATUS, status[:20]
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind and kind not in _HTML:
        return Skip.NOT_HTML, kind[:100]
    if (coding := headers.get("content-encoding", "").strip().lower()) not in _CODINGS:
        return Skip.DAMAGED, f"its coding is not known: {coding[:20]}"
    return None


def _moment(told: StatusAndHeaders) -> datetime | None:
    """When a record was made; None if that is missing, or lies ahead of us."""
    try:
        at = to_utc(datetime.fromisoformat(str(told.get_header("WARC-Date", "")).strip()))
    except (OverflowError, ValueError):
        return None
    return at if at < now() + _CLOCKS_DIFFER else None
