"""WARC files of our own words, sound and broken."""

import gzip
import uuid
from datetime import UTC, datetime, timedelta

MADE = datetime(2026, 3, 1, 9, tzinfo=UTC)


def html(number: int, words: str = "") -> bytes:
    """An article's page that no other number has."""
    said = " ".join(
        f"In the harbour of Bay {number} the crane {number * 7 + n} lifted crates." for n in range(9)
    )
    return (
        f"<html lang=en><head><title>Crane {number} lifts again</title></head><body><article>"
        f"<h1>Crane {number} lifts again</h1><p>{said}</p><p>The council of Bay {number} had asked for it in "
        f"May, and nobody on the quay was sorry to see the old one go. {words}</p></article></body></html>"
    ).encode()


def record(
    url: str,
    body: bytes = b"",
    *,
    kind: str = "response",
    status: str = "200 OK",
    at: datetime = MADE,
    content_type: str = "text/html; charset=utf-8",
    headers: tuple[tuple[str, str], ...] = (),
    told: tuple[tuple[str, str], ...] = (),
) -> bytes:
    """A record, as it stands in a plain file."""
    block, kind_of_block = body, "text/plain"
    if kind in {"response", "request", "revisit"} and url.startswith("http"):
        lines = [
            f"HTTP/1.1 {status}",
            f"Content-Type: {content_type}",
            *(": ".join(each) for each in headers),
        ]
        block, kind_of_block = _head(lines) + body, f"application/http; msgtype={kind}"
    named = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, url)}>",
        "WARC-Target-URI": url,
        "WARC-Date": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "Content-Type": kind_of_block,
        "Content-Length": str(len(block)),
        **dict(told),
    }
    return _head(["WARC/1.0", *(": ".join(each) for each in named.items())]) + block + b"\r\n\r\n"


def _head(lines: list[str]) -> bytes:
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode()


def page(number: int, host: str = "harbour.example", words: str = "", at: datetime | None = None) -> bytes:
    """A page's record; by default a minute apart."""
    moment = at or MADE + timedelta(minutes=number)
    return record(f"https://{host}/news/{number}", html(number, words), at=moment)


def packed(*records: bytes) -> bytes:
    """Records as a gzip member each."""
    return b"".join(gzip.compress(each, 1) for each in records)
