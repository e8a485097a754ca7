"""Politeness: how fast a host is asked, and when it is left alone."""

import logging
from collections import defaultdict
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from aggregator.clock import now, to_utc
from aggregator.config import settings
from aggregator.store import crawls
from spiders import slots

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
        # The signal comes before the host's next request goes out; process_response would be too late.
        crawler.signals.connect(made.mind, signal=signals.response_downloaded)
        crawler.signals.connect(made.adapt, signal=signals.response_downloaded)
        return made

    def process_request(self, request: Request) -> None:
        """Let a request pass to its host's queue.

        Raises:
            HostBusyError: the host wants to be left alone for longer than a crawl waits.
        """
        key = slots.key_of(request)
        self._configure(key, request)
        if key in self._given_up:
            raise self._given_up[key]

    def _configure(self, key: str, request: Request) -> None:
        of_host = slots.settings_of(self._crawler, key)
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

    def mind(self, response: Response, request: Request) -> None:
        """Hold a host that is busy, or give it up and end what waits for it."""
        key = slots.key_of(request)
        if response.status not in _BUSY:
            self._strikes.pop(key, None)
            return
        self._strikes[key] += 1
        header = response.headers.get("Retry-After")
        asked = retry_after(header.decode("latin-1") if header else None, now())
        wait = LEAST_WAIT_SECONDS * 2 ** (self._strikes[key] - 1) if asked is None else asked
        if wait > settings().crawl.longest_wait_seconds:
            self._given_up[key] = HostBusyError(key, now() + timedelta(seconds=wait))
            slots.empty(self._crawler, self._given_up[key], key)
            return
        _LOG.debug("%s answered %s: waiting %.1f s", key, response.status, wait)
        until = monotonic() + wait
        if until > self._held_until.get(key, 0.0):
            self._held_until[key] = until
            slots.hold(self._crawler, key, wait)

    def process_response(self, request: Request, response: Response) -> Response:
        """End a request to a host that was given up, and keep its wait for later crawls.

        Raises:
            HostBusyError: the host wants more time than a crawl waits.
        """
        key = slots.key_of(request)
        if response.status not in _BUSY or key not in self._given_up:
            return response
        busy = self._given_up[key]
        db = getattr(self._crawler.spider, "db", None)
        if db is not None:
            crawls.save_wait(db, key, busy.until)
        raise busy

    def adapt(self, response: Response, request: Request) -> None:
        """Follow a host's latency with the delay between requests, between its floor and 30 seconds."""
        latency = request.meta.get("download_latency")
        if latency is None:
            return
        key = slots.key_of(request)
        floor = float(slots.settings_of(self._crawler, key).get("delay", 0.0))
        slot = slots.slot_of(self._crawler, key)
        if floor <= 0.0 or slot is None:
            return
        target = float(latency) / TARGET_CONCURRENCY
        delay = max(target, (slot.delay + target) / 2)
        if response.status == 200 or delay > slot.delay:  # noqa: PLR2004 - quick error pages tell nothing
            slot.delay = min(max(floor, delay), 30.0)
