"""Politeness: how fast a host is asked, and when it is left alone."""

import asyncio
import logging
from collections import defaultdict
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.core.downloader import Slot
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from aggregator.clock import now, to_utc
from aggregator.config import settings
from aggregator.store import crawls

_LOG = logging.getLogger(__name__)
_BUSY = frozenset({429, 503})

LEAST_WAIT_SECONDS = 1.0
"""What a busy host gets when it names no time."""

LONGEST_WAIT = timedelta(hours=24)
"""A Retry-After beyond this is a mistake of the server."""

TARGET_CONCURRENCY = 1.0
"""A host that needs t seconds for an answer is asked every t / 1.0 seconds (as Scrapy's AutoThrottle)."""


class HostBusyError(IgnoreRequest):
    """The host asked to be left alone for longer than a crawl waits."""

    def __init__(self, host: str, until: datetime) -> None:
        super().__init__(f"{host} asked to be left alone until {until:%Y-%m-%d %H:%M:%S} UTC")
        self.host = host
        self.until = until


def retry_after(value: str | None, moment: datetime) -> float | None:
    """The seconds that a Retry-After header asks for (RFC 9110, 10.2.3); None if it says nothing usable."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        seconds = float(text[:9])
    else:
        try:
            seconds = (to_utc(parsedate_to_datetime(text)) - moment).total_seconds()
        except (TypeError, ValueError):
            return None
    return min(max(0.0, seconds), LONGEST_WAIT.total_seconds())


def slow_down(crawler: Crawler, request: Request, delay_seconds: float) -> None:
    """Ask the request's host at most once in so many seconds from now on; never makes it faster."""
    floor = _slot_settings(crawler, _slot_key(request))
    floor["delay"] = max(floor.get("delay", 0.0), delay_seconds)
    for slot in _slots(crawler, request):
        slot.delay = max(slot.delay, delay_seconds)


def _slot_key(request: Request) -> str:
    return str(request.meta.get("download_slot") or urlsplit(request.url).hostname or "")


def _slots(crawler: Crawler, request: Request) -> list[Slot]:
    assert crawler.engine is not None  # noqa: S101 - Scrapy sets it before the first request
    slot = crawler.engine.downloader.slots.get(_slot_key(request))
    return [] if slot is None else [slot]


def _slot_settings(crawler: Crawler, key: str) -> dict[str, Any]:
    # What Scrapy makes a host's slot from, also anew after the host was idle for a minute.
    assert crawler.engine is not None  # noqa: S101 - Scrapy sets it before the first request
    of_host: dict[str, Any] = crawler.engine.downloader.per_slot_settings.setdefault(key, {})
    return of_host


class PolitenessMiddleware:
    """Gives each host the delay and concurrency of its card, slows down with it, waits when it says so.

    A 429 or 503 holds all requests to the host for its Retry-After, or for a wait that doubles each time;
    if that is longer than ``crawl.longest_wait_seconds``, the host's pages end as busy and are left to a
    later crawl.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._held_until: dict[str, float] = {}
        self._strikes: defaultdict[str, int] = defaultdict(int)
        self._given_up: dict[str, HostBusyError] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make it, the way Scrapy does."""
        made = cls(crawler)
        crawler.signals.connect(made.adapt, signal=signals.response_downloaded)
        return made

    async def process_request(self, request: Request) -> None:
        """Hold a request as long as its host wants to be left alone.

        Raises:
            HostBusyError: that is longer than a crawl waits.
        """
        key = _slot_key(request)
        self._configure(key, request)
        # A loop, because another answer may have moved the moment on while this request slept.
        while (wait := self._held_until.get(key, 0.0) - monotonic()) > 0:  # noqa: ASYNC110 - a clock, no event
            await asyncio.sleep(wait)
        if key in self._given_up:
            raise self._given_up[key]

    def _configure(self, key: str, request: Request) -> None:
        of_host = _slot_settings(self._crawler, key)
        if not of_host:
            least = settings().crawl.min_delay_seconds or 0.0
            of_host["delay"] = max(least, float(request.meta.get("delay_seconds", 1.0)))
            of_host["concurrency"] = int(request.meta.get("concurrency", 2))
            of_host["jitter"] = 0.0  # Scrapy's goes both ways, and a Crawl-delay is a least
            self._remember(key)

    def _remember(self, key: str) -> None:
        # A Retry-After of an earlier crawl may still run.
        db = getattr(self._crawler.spider, "db", None)
        until = None if db is None else crawls.wait_until(db, key)
        if until is not None and until > now():
            self._given_up[key] = HostBusyError(key, until)

    def _give_up(self, key: str, until: datetime) -> HostBusyError:
        db = getattr(self._crawler.spider, "db", None)
        if db is not None:
            crawls.save_wait(db, key, until)
        self._given_up[key] = HostBusyError(key, until)
        return self._given_up[key]

    def process_response(self, request: Request, response: Response) -> Response:
        """Take note of a host that is busy.

        Raises:
            HostBusyError: it wants more time than a crawl waits.
        """
        key = _slot_key(request)
        if response.status not in _BUSY:
            self._strikes.pop(key, None)
            return response
        self._strikes[key] += 1
        header = response.headers.get("Retry-After")
        asked = retry_after(header.decode("latin-1") if header else None, now())
        wait = LEAST_WAIT_SECONDS * 2 ** (self._strikes[key] - 1) if asked is None else asked
        if wait > settings().crawl.longest_wait_seconds:
            raise self._give_up(key, now() + timedelta(seconds=wait))
        _LOG.debug("%s answered %s: waiting %.1f s", key, response.status, wait)
        self._held_until[key] = max(self._held_until.get(key, 0.0), monotonic() + wait)
        return response

    def adapt(self, response: Response, request: Request) -> None:
        """Follow a host's latency with the delay between requests, between its floor and 30 seconds."""
        latency = request.meta.get("download_latency")
        if latency is None:
            return
        floor = float(_slot_settings(self._crawler, _slot_key(request)).get("delay", 0.0))
        if floor <= 0.0:
            return
        for slot in _slots(self._crawler, request):
            target = float(latency) / TARGET_CONCURRENCY
            delay = max(target, (slot.delay + target) / 2)
            if response.status == 200 or delay > slot.delay:  # noqa: PLR2004 - quick error pages tell nothing
                slot.delay = min(max(floor, delay), 30.0)
