"""Answers of the bad habits server: what goes over the wire, byte by byte."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape

HTML = "text/html; charset=utf-8"
MEBIBYTE = 1024 * 1024
HUGE_BYTES = 50 * MEBIBYTE
BOMB_BYTES = 100 * MEBIBYTE
NESTED_ELEMENTS = 60_000

_SENTENCES = (
    "The harbour office counted {n} boats on the first morning and none on the second.",
    "Nobody on quay {n} could say who had moved the lamps, though everybody had seen it done.",
    "A clerk wrote the number {n} into the book, closed it and went out to look at the water.",
    "By the evening the wind had turned for the {n}th time and the ropes were doubled.",
    "The ferry left {n} minutes late with a cello, two bicycles and a box of lemons on board.",
    "The council will speak about report {n} again when the tide tables are printed.",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; ``cut_after`` closes the connection after so many bytes of the body.

    ``wait_seconds`` passes before the first byte, ``pause_seconds`` after each of ``pieces`` pieces of the
    body. ``repeat`` sends the body so many times over, without a copy of it in memory. ``chunked`` leaves
    Content-Length out. A status of 0 closes the connection without a word.
    """

    status: int = 200
    body: bytes = b""
    media_type: str | None = HTML
    headers: tuple[tuple[str, str], ...] = ()
    wait_seconds: float = 0.0
    pause_seconds: float = 0.0
    pieces: int = 1
    repeat: int = 1
    cut_after: int | None = None
    chunked: bool = False


def words(number: int, paragraphs: int = 6) -> list[str]:
    """Paragraphs of an article, other ones for each number."""
    return [
        " ".join(
            _SENTENCES[(number + index + step) % len(_SENTENCES)].format(n=number * 17 + index * 5 + step)
            for step in range(4)
        )
        for index in range(paragraphs)
    ]


def page(title: str, paragraphs: Sequence[str], head: str = "") -> str:
    """A plain article page."""
    body = "\n".join(f"<p>{escape(text)}</p>" for text in paragraphs)
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>{escape(title)}</title>'
        f'<meta property="og:type" content="article"><meta property="og:title" content="{escape(title)}">'
        f'<meta property="article:published_time" content="2026-03-01T08:00:00+00:00">{head}</head>'
        f"<body><nav><a href='/'>Home</a></nav><article><h1>{escape(title)}</h1>{body}</article></body>"
        "</html>"
    )


def good(number: int) -> Answer:
    """An article that nobody can find fault with."""
    return Answer(body=page(f"Report {number} from the harbour", words(number)).encode())


def moved(location: str, status: int = 301) -> Answer:
    """A redirect."""
    return Answer(status=status, headers=(("Location", location),))


def busy(status: int, retry_after: str | None) -> Answer:
    """An answer that asks to come again later."""
    headers = (("Retry-After", retry_after),) if retry_after else ()
    return Answer(status=status, body=b"busy\n", media_type="text/plain", headers=headers)


def robots(text: str = "User-agent: *\nDisallow:\n", status: int = 200) -> Answer:
    """A robots.txt."""
    return Answer(status=status, body=text.encode(), media_type="text/plain; charset=utf-8")


def feed(urls: Sequence[str]) -> Answer:
    """An RSS feed that lists these addresses."""
    items = "".join(
        f"<item><title>{escape(url.rsplit('/', 1)[-1])}</title><link>{escape(url)}</link>"
        f"<guid>{escape(url)}</guid></item>"
        for url in urls
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Habits</title>'
        f"<link>/</link><description>Bad habits</description>{items}</channel></rss>"
    )
    return Answer(body=text.encode(), media_type="application/rss+xml; charset=utf-8")


_RUSSIAN = (
    "Портовая контора насчитала утром сорок семь лодок, а вечером ни одной, и никто не объяснил почему.",
    "Смотритель маяка записал в журнал направление ветра, закрыл окно и пошёл ставить чайник на плиту.",
    "Паром отошёл от причала с опозданием на двадцать минут, потому что капитан ждал почтальона с письмами.",
    "К вечеру туман рассеялся, и рыбаки наконец увидели, что всё это время стояли у самого берега.",
)
_JAPANESE = (
    "港の事務所によると、朝には四十七隻の船が見えたが、夕方には一隻も残っていなかった。",
    "灯台守は風向きを日誌に書きとめ、窓を閉めて、やかんを火にかけた。",
    "連絡船は郵便配達を待ったため、二十分遅れて岸壁を離れた。",
    "夕方になって霧が晴れ、漁師たちはずっと岸のすぐそばにいたことに気づいた。",
)


def russian(declared: str | None, head: str = "") -> Answer:
    """An article in windows-1251, whatever the header declares."""
    body = page("Туман над портом", _RUSSIAN, head).encode("windows-1251")
    return Answer(body=body, media_type=f"text/html; charset={declared}" if declared else "text/html")


def japanese() -> Answer:
    """An article in Shift_JIS that says so in its meta element only."""
    body = page("霧の港", _JAPANESE, '<meta charset="Shift_JIS">').encode("shift_jis")
    return Answer(body=body, media_type="text/html")


def broken_bytes() -> Answer:
    """An article with bytes that are no UTF-8, with NULs and a control character."""
    whole = good(40).body
    middle = whole.index(b"<p>") + 40
    return Answer(body=whole[:middle] + b"\xff\xfe\x00\xc3\x28\x80\x07" + whole[middle:])


def pdf(media_type: str) -> Answer:
    """The first bytes of a PDF under any name."""
    body = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + bytes(range(256)) * 8
    return Answer(body=body + b"\n%%EOF\n", media_type=media_type)


def nested() -> Answer:
    """An article inside so many elements that a recursive parser falls over."""
    inner = "".join(f"<p>{text}</p>" for text in words(41))
    tags = "<div>" * NESTED_ELEMENTS
    return Answer(body=f"<html><body>{tags}{inner}{'</div>' * NESTED_ELEMENTS}</body></html>".encode())


def huge(*, chunked: bool) -> Answer:
    """A page of 50 MiB; chunked it does not tell its length beforehand."""
    line = b"<p>The harbour office counted the boats again and came to the same result.</p>\n"
    block = (line * (MEBIBYTE // len(line) + 1))[:MEBIBYTE]
    return Answer(body=block, repeat=HUGE_BYTES // MEBIBYTE, chunked=chunked)


@cache
def gzip_bomb() -> Answer:
    """About 100 KB on the wire, 100 MiB after unpacking."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = b" " * MEBIBYTE
    packed = b"".join(packer.compress(zeros) for _ in range(BOMB_BYTES // MEBIBYTE)) + packer.flush()
    return Answer(body=packed, headers=(("Content-Encoding", "gzip"),))
