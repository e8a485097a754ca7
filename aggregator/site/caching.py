"""Caching: a page that did not change since it was read or made is not made again."""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from threading import Lock
from typing import Any, Final, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from aggregator.clock import now, to_utc
from aggregator.site import packing

Piece = TypeVar("Piece")

# HTTP dates have whole seconds: a change in the same second would pass unseen, so a date is only sent,
# and only believed, once its second is over.
_SETTLED = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Validators:
    """What identifies a version of a page: a weak ETag, and the second of the last change if it is over."""

    etag: str
    last_modified: datetime | None

    def headers(self) -> dict[str, str]:
        """ETag, and Last-Modified where one can be given."""
        moment = self.last_modified
        return {"ETag": self.etag} | (
            {"Last-Modified": format_datetime(moment, usegmt=True)} if moment else {}
        )

    def match(self, request: Request) -> bool:
        """Whether the reader's copy is this version (RFC 9110, 13.2.2: If-None-Match goes first)."""
        tags = request.headers.get("if-none-match")
        if tags is not None:
            return tags.strip() == "*" or _opaque(self.etag) in map(_opaque, tags.split(","))
        since, moment = request.headers.get("if-modified-since"), self.last_modified
        return bool(since and moment and (date := _http_date(since)) and moment <= date)


def validators(request: Request, changed_at: datetime | None, release: str) -> Validators:
    """The validators of the page asked for.

    ``release`` changes with the templates and the site's settings, so that a new design is not hidden by
    old copies.
    """
    facts = (release, str(changed_at), request.url.path, request.url.query)
    digest = hashlib.sha256("\0".join(facts).encode("utf-8", "surrogatepass")).hexdigest()[:24]
    # Weak, since the same page goes out gzipped and not.
    return Validators(f'W/"{digest}"', settled(changed_at, now()))


def settled(changed_at: datetime | None, at: datetime) -> datetime | None:
    """The second of a change as HTTP can say it; None while another change may still fall into it."""
    if changed_at is None or at - to_utc(changed_at) < _SETTLED:
        return None
    return to_utc(changed_at).replace(microsecond=0)


KEPT_SECONDS: Final = 60.0
"""As long as any cache before us may show a page: stories grow without a publication's changing."""

KEPT_BYTES: Final = 16_000_000
"""Of pages that are kept: some hundred, which are what most readers ask for between two editions."""


@dataclass(slots=True)
class Made:
    """Pages made in the last minute, as they go out, by their ETag and coding; for many threads at once.

    Twenty readers of the front page cost one making and one packing of it, until the next edition.
    """

    _pages: OrderedDict[Hashable, tuple[float, Response]] = field(default_factory=OrderedDict)
    _bytes: int = 0
    _lock: Lock = field(default_factory=Lock)

    def get(self, version: Hashable, at: float) -> Response | None:
        """The page of this version if it was made less than a minute before a monotonic moment."""
        with self._lock:
            made, page = self._pages.get(version, (at, None))
        return _copy(page) if page is not None and at - made < KEPT_SECONDS else None

    def keep(self, version: Hashable, page: Response, at: float) -> None:
        """Keep a page; those that were made first give way."""
        with self._lock:
            if version in self._pages:
                self._forget(version)
            self._pages[version] = at, _copy(page)
            self._bytes += len(page.body)
            while self._bytes > KEPT_BYTES:
                self._forget(next(iter(self._pages)))

    def _forget(self, version: Hashable) -> None:
        self._bytes -= len(self._pages.pop(version)[1].body)


KEPT_PIECES: Final = 1_000
"""Of what pages say alike: more outlets than most sites have, at some kilobytes each."""


@dataclass(slots=True)
class Alike:
    """What many pages say alike, made once for each version of the store; for many threads at once."""

    _version: object = None
    _made: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def get(self, version: object, key: Hashable, make: Callable[[], Piece]) -> Piece:
        """What was made for a key from this version, else made now; a new version forgets all."""
        with self._lock:
            if version == self._version and key in self._made:
                self._made.move_to_end(key)
                found: Piece = self._made[key]
                return found
        made = make()
        with self._lock:
            if version != self._version:
                self._version = version
                self._made.clear()
            self._made[key] = made
            if len(self._made) > KEPT_PIECES:
                self._made.popitem(last=False)
        return made


def _copy(page: Response) -> Response:
    """The same page anew: what sends a response changes its headers."""
    return Response(page.body, page.status_code, dict(page.headers))


def conditional(
    request: Request, version: Validators, make: Callable[[], Response], made: Made | None = None
) -> Response:
    """304 if the reader's copy is this version, else the page with its validators, ``made`` lately or now."""
    if version.match(request):
        return Response(status_code=304, headers=version.headers())
    key = version.etag, packing.is_taken(request)
    if made is not None and (kept := made.get(key, time.monotonic())) is not None:
        kept.headers.update(version.headers())  # by now its date may be settled
        return kept
    response = make()
    if response.status_code == 200:  # noqa: PLR2004 - only a page that is there is worth keeping
        response.headers.update(version.headers())
        if made is not None:
            packing.pack(request, response)
            made.keep(key, response, time.monotonic())
    return response


def by_content(request: Request, response: Response) -> Response:
    """The response with an ETag of its own content, or 304 if the reader's copy has the same."""
    if response.status_code != 200:  # noqa: PLR2004 - only a page that is there is worth keeping
        return response
    digest = hashlib.sha256(bytes(response.body)).hexdigest()[:24]
    return conditional(request, Validators(f'W/"{digest}"', None), lambda: response)


def _opaque(tag: str) -> str:
    return tag.strip().removeprefix("W/")


def _http_date(value: str) -> datetime | None:
    try:
        return to_utc(parsedate_to_datetime(value))
    except (ValueError, OverflowError):
        return None
