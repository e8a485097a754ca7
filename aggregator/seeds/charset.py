"""The characters of a feed: its bytes decoded once, whatever its labels claim."""

import codecs
import re

from w3lib.encoding import html_body_declared_encoding

from aggregator import charsets

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# How "<?" looks in UTF-16 without a byte order mark.
_BARE_UTF16 = ((b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"))
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_ESCAPE = b"\x1b"
_REPLACEMENT = "\ufffd"


def decode(body: bytes, charset: str | None) -> str:
    """The text of a feed or sitemap, without byte order mark; never fails.

    Labels lie more often than bytes do: text that is valid UTF-8 is UTF-8. Only then the encoding that the
    XML declaration names counts, then the one of the Content-Type header (``charset``), then Windows-1252.
    Invalid bytes in what is mostly UTF-8 become U+FFFD.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    for start, name in _BARE_UTF16:
        if body.startswith(start):
            return body.decode(name, "replace")
    labels = _labels(body, charset)
    if _ESCAPE in body and labels and labels[0].startswith("iso2022"):
        return body.decode(labels[0], "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return _guess(body, labels)


def _labels(body: bytes, charset: str | None) -> list[str]:
    """Python's names of the encodings that the document and the header name, known ones only."""
    declared = _DECLARED.match(body[:1024])
    inside = declared.group(1).decode("ascii") if declared else html_body_declared_encoding(body[:4096])
    return [name for label in (inside, charset) if (name := charsets.known(label))]


def _guess(body: bytes, labels: list[str]) -> str:
    loose = body.decode("utf-8", "replace")
    bad = loose.count(_REPLACEMENT)
    good = sum(1 for char in loose[:200_000] if char > "\x7f") - bad
    for name in (*(label for label in labels if label != "utf-8"), "cp1252"):
        if good > bad and name == "cp1252":
            break
        try:
            return body.decode(name)
        except UnicodeError:
            continue
    return loose if good >= bad else body.decode("cp1252", "replace")
