"""The reader: what somebody chose on the settings page, kept in one cookie on their own device."""

import re
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, urlencode

from babel import negotiate_locale
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from aggregator.site import language, wording

COOKIE = "reader"
COOKIE_SECONDS = 400 * 24 * 3600  # the longest that browsers keep any (RFC 6265bis, 5.6.3)
MOST_CHOSEN = 60
"""Languages or outlets that one reader chooses: a cookie holds 4 kB."""
LONGEST_COOKIE_CHARS = 3500  # browsers keep 4096 bytes of name, value and attributes (RFC 6265bis)
_SLUG = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
_QUALITY = re.compile(r";\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*$")


class Size(StrEnum):
    """How large the text is."""

    NORMAL = "normal"
    LARGE = "large"
    LARGEST = "largest"


@dataclass(frozen=True, slots=True)
class Reader:
    """What a reader chose: ``interface`` is the language of our own words, None for the browser's.

    ``languages`` are those of the articles on the front page (primary subtags; none means all), ``hidden``
    the slugs of outlets that are left out there.
    """

    interface: str | None = None
    languages: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    size: Size = Size.NORMAL

    @property
    def cookie(self) -> str:
        """The cookie's value; empty if nothing was chosen."""
        return written(
            {
                "interface": self.interface or "",
                "languages": " ".join(self.languages),
                "hidden": " ".join(self.hidden),
                "size": "" if self.size is Size.NORMAL else self.size.value,
            }
        )


ANYBODY = Reader()
_reader: ContextVar[Reader] = ContextVar("reader", default=ANYBODY)


def current() -> Reader:
    """Who reads this request's page."""
    return _reader.get()


def written(chosen: Mapping[str, str]) -> str:
    """What was chosen as a cookie's value, lists parted by spaces; what is empty is left out."""
    return urlencode({name: value for name, value in chosen.items() if value})


def of_cookie(value: str) -> Reader:
    """The reader of a cookie's value; whatever we did not write there means nothing."""
    if len(value) > LONGEST_COOKIE_CHARS:
        return ANYBODY
    try:
        found = {name: values[0] for name, values in parse_qs(value, max_num_fields=9).items()}
    except ValueError:
        return ANYBODY
    interface, size = found.get("interface"), found.get("size", "")
    return Reader(
        interface=interface if interface in wording.locales() else None,
        languages=_chosen(language.tag(each) for each in found.get("languages", "").split()),
        hidden=_chosen(each for each in found.get("hidden", "").split() if _SLUG.fullmatch(each)),
        size=next((each for each in Size if each.value == size), Size.NORMAL),
    )


@lru_cache(maxsize=1_000)  # most readers ask with one of a few hundred
def negotiated(accept: str) -> str:
    """The interface's language by Accept-Language (RFC 9110, 12.5.4), else the source language."""
    wanted: list[tuple[float, str]] = []
    for part in accept[:1000].split(","):
        quality = _QUALITY.search(part)
        if language.tag(tag := part.split(";")[0].strip()):
            wanted.append((float(quality[1]) if quality else 1.0, tag))
    ranked = [tag for weight, tag in sorted(wanted, key=lambda each: -each[0]) if weight > 0]
    return negotiate_locale(ranked, wording.locales(), sep="-") or wording.SOURCE


def _chosen(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(filter(None, values))))[:MOST_CHOSEN]


class Readers:
    """ASGI middleware that knows for each request who reads, and speaks their language."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on; what is set here lasts as long as the request."""
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            cookie = headers.get("cookie")
            reader = of_cookie(_cookie(cookie)) if cookie else ANYBODY
            _reader.set(reader)
            wording.speak(reader.interface or negotiated(headers.get("accept-language", "")))
        await self.app(scope, receive, send)


def _cookie(header: str) -> str:
    try:
        found = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""
