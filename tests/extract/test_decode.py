"""Bytes become text once, whatever header and page say."""

import pytest

from aggregator.extract.decode import decode

WORDS = "Прывітанне — «ці праўда гэта?» café naïve Straße 日本"
LATIN = "café, naïve, Straße — “quoted”"


@pytest.mark.parametrize(
    ("body", "charset", "expected"),
    [
        pytest.param(WORDS.encode(), None, WORDS, id="utf-8 that nobody declares"),
        pytest.param(WORDS.encode(), "iso-8859-1", WORDS, id="utf-8 under a server's latin-1"),
        pytest.param(WORDS.encode(), "windows-1251", WORDS, id="utf-8 under another charset"),
        pytest.param(b"\xef\xbb\xbf" + WORDS.encode(), "latin-1", WORDS, id="utf-8 with its mark"),
        pytest.param(WORDS.encode("utf-16"), "utf-8", WORDS, id="utf-16 with its mark under utf-8"),
        pytest.param(LATIN.encode("cp1252"), "iso-8859-1", LATIN, id="windows-1252 called latin-1"),
        pytest.param("日本の新聞".encode("shift_jis"), "Shift_JIS", "日本の新聞", id="shift_jis by header"),
        pytest.param(
            "日本の新聞".encode("iso2022_jp"), "iso-2022-jp", "日本の新聞", id="iso-2022-jp is valid utf-8"
        ),
        pytest.param("中文新聞".encode("big5"), "big5", "中文新聞", id="big5 by header"),
        pytest.param("ёлка".encode("cp1251"), "no-such-charset", None, id="unknown charset"),
    ],
)
def test_text_survives_its_charset(body: bytes, charset: str | None, expected: str | None) -> None:
    text, _ = decode(body, charset)
    assert text == expected if expected else text


def test_page_outranks_a_servers_default_charset() -> None:
    html = "<meta charset=windows-1251><p>Ёлка стояла</p>".encode("cp1251")
    assert "Ёлка стояла" in decode(html, "iso-8859-1")[0]


def test_chosen_header_outranks_the_page() -> None:
    html = "<meta charset=windows-1251><p>Ёлка стояла</p>".encode("koi8_r")
    assert "Ёлка стояла" in decode(html, "koi8-r")[0]


def test_one_broken_byte_does_not_change_the_charset() -> None:
    body = ("Прывітанне " * 200).encode()[:-2]
    text, name = decode(body, "utf-8")
    assert name == "utf-8"
    assert text.startswith("Прывітанне Прывітанне")


@pytest.mark.parametrize("words", [WORDS, "It’s — “quoted” 😀", "Ærø, Łódź"])
def test_what_was_encoded_twice_is_repaired(words: str) -> None:
    twice = words.encode().decode("latin-1").encode()
    assert decode(twice, "utf-8")[0] == words


def test_repair_leaves_what_was_encoded_once() -> None:
    body = "Ève dîna à Âpre, «là\u00a0», " + "it’s".encode().decode("latin-1")
    assert decode(body.encode(), "utf-8")[0] == "Ève dîna à Âpre, «là\u00a0», it’s"


@pytest.mark.parametrize("body", [b"", b"\x00", b"\xff\xfe", bytes(range(256)) * 50])
def test_any_bytes_give_text(body: bytes) -> None:
    assert isinstance(decode(body, None)[0], str)
