"""Charsets: the names under which foreign bytes may be decoded."""

import codecs
from email.message import Message

from w3lib.encoding import resolve_encoding

# Python's own, which no page is written in: they raise, take quadratic time or make lone surrogates.
_NO_CHARSETS = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"})


def known(label: str | None) -> str | None:
    """Python's name of the charset that a header or a document names; None if there is no such charset.

    Python calls transformations such as ``zlib`` and ``hex`` encodings, too; those are none here.
    """
    try:
        name = resolve_encoding(label) if label else None
        if name is None or codecs.lookup(name).name in _NO_CHARSETS:
            return None
        b"a".decode(name, "replace")
    except (LookupError, ValueError):
        return None
    return name


def of_content_type(header: str) -> str | None:
    """The charset parameter of a Content-Type header (RFC 9110, 8.3), as it stands there, or None."""
    message = Message()
    message["Content-Type"] = header
    try:
        return message.get_content_charset()
    except (LookupError, ValueError):
        return None
