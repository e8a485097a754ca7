"""Only charsets that pages are written in are believed."""

import pytest

from aggregator import charsets
from aggregator.extract.decode import decode as decode_page
from aggregator.seeds.charset import decode as decode_feed
from aggregator.seeds.page import tree

NO_CHARSETS = (
    "zlib",
    "hex",
    "rot13",
    "undefined",
    "punycode",
    "idna",
    "unicode_escape",
    "x\0y",
    "\ud800",
    "none",
)


@pytest.mark.parametrize(
    ("label", "name"), [("UTF8", "utf-8"), ("Shift_JIS", "cp932"), (None, None), ("", None)]
)
def test_a_charset_has_its_python_name(label: str | None, name: str | None) -> None:
    assert charsets.known(label) == name


@pytest.mark.parametrize("label", NO_CHARSETS)
def test_what_only_python_calls_an_encoding_is_no_charset(label: str) -> None:
    assert charsets.known(label) is None
    body = "café".encode("latin-1") * 20
    inside = b'<meta charset="' + label.encode("utf-8", "replace") + b'">'
    assert "caf" in decode_page(body, label)[0]
    assert "caf" in decode_page(inside + body, None)[0]
    assert "caf" in decode_feed(body, label)
    assert "caf" in tree(inside + b"<p>" + body, label).text_content()


def test_section_page_in_utf8_is_read_as_such_whatever_the_header_says() -> None:
    assert tree("<p>Ünïcode</p>".encode(), "iso-8859-1").text_content() == "Ünïcode"
