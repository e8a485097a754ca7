"""Percent-encoding: one way of writing what an address holds (RFC 3986, 6.2.2)."""

import re
from urllib.parse import quote, unquote

_ENCODED = re.compile(r"%([0-9a-fA-F]{2})")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# What may stand in a path or a query as it is; the percent sign begins what is encoded already.
_PLAIN = "!$%&'()*+,-./:;=@[]_|~"


def encoded(text: str) -> str:
    """Percent-encoding made one: what must be is, in capitals, and what need not be is not."""
    if "%" in text:
        text = _ENCODED.sub(_one_encoded, text)
    return quote(text, safe=_PLAIN, errors="replace")


def _one_encoded(found: re.Match[str]) -> str:
    number = int(found[1], 16)
    return chr(number) if number in _UNRESERVED else found[0].upper()


def name_and_value(piece: str) -> tuple[str, str]:
    """A parameter's name in lower case and its value, both decoded."""
    name, _, value = piece.partition("=")
    return unquote(name).lower(), unquote(value)
