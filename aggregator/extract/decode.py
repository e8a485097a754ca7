"""The page's bytes as text, decoded once; a charset that lies is found out."""

import re

from w3lib.encoding import html_body_declared_encoding, read_bom

from aggregator import charsets

LARGEST_BYTES = 10 * 1024 * 1024
# Bytes of these are valid UTF-8 too, so the declaration has to be believed.
_STATEFUL = re.compile(r"^(?:iso2022|hz|utf-?7|utf-?16|utf-?32)", re.IGNORECASE)
# What servers send when nobody chose a charset: a differing declaration inside the page is better informed.
_SERVER_DEFAULTS = frozenset({"cp1252", "latin_1", "iso8859-1", "ascii"})
# What was UTF-8, was read as Latin-1 and written as UTF-8 again has control characters, as no text has, for
# many a sign: "it’s" becomes "itâ\x80\x99s". 11 of 777 recorded pages have such.
_TWICE_BYTES = re.compile(rb"\xc3[\x82-\xb4]\xc2[\x80-\x9f]")
_TWICE = re.compile(
    "[\u00c2-\u00df][\u0080-\u00bf]|[\u00e0-\u00ef][\u0080-\u00bf]{2}|[\u00f0-\u00f4][\u0080-\u00bf]{3}"
)
_CONTROL = re.compile("[\u0080-\u009f]")
# A page cut off in a character, or with one foreign byte in an advertisement, still has its charset right.
_TOLERATED_SHARE = 0.005


def decode(body: bytes, charset: str | None) -> tuple[str, str]:
    """The text and the name of the encoding used; never raises.

    Order: byte order mark; UTF-8 if the bytes are valid UTF-8 (chance agreement is next to impossible, so
    this finds out a lying declaration); the charset of the header, then of the page; detection.
    What stands in it encoded twice is repaired. At most ``LARGEST_BYTES`` are read.
    """
    body = body[:LARGEST_BYTES]
    marked, mark = read_bom(body)
    if marked and mark:
        return body[len(mark) :].decode(marked, "replace"), marked
    declared = _declared(body, charset)
    if declared and _STATEFUL.match(declared[0]):
        return body.decode(declared[0], "replace"), declared[0]
    try:
        text = body.decode("utf-8")
        return (_once(text) if _TWICE_BYTES.search(body) else text), "utf-8"
    except UnicodeDecodeError:
        pass
    for name in (*declared, "utf-8"):
        text = body.decode(name, "replace")
        if _is_right(text):
            return text, name
    from trafilatura.utils import detect_encoding  # late: rare, and others need only this module's limit

    for name in detect_encoding(body):
        return body.decode(name, "replace"), name
    return body.decode("cp1252", "replace"), "cp1252"


def _once(text: str) -> str:
    """A text without what was encoded twice, throughout or here and there."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return _TWICE.sub(_repaired, text)


def _repaired(found: re.Match[str]) -> str:
    # Without a control character among them they may be letters and signs, as in "là\u00a0»".
    if not _CONTROL.search(found[0]):
        return found[0]
    try:
        return found[0].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return found[0]


def _declared(body: bytes, charset: str | None) -> tuple[str, ...]:
    """Encodings that header and page name, as Python knows them, best informed first."""
    header = charsets.known(charset)
    inside = charsets.known(html_body_declared_encoding(body[:4096]))
    names = [name for name in (header, inside) if name]
    if header in _SERVER_DEFAULTS and inside:
        names.reverse()
    return tuple(dict.fromkeys(names))


def _is_right(text: str) -> bool:
    return text.count("\ufffd") <= 1 + len(text) * _TOLERATED_SHARE
