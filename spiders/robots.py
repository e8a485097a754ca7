"""Robots: what robots.txt lets us fetch, and how often (RFC 9309)."""

import asyncio
import logging
from typing import Self
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from aggregator.clock import now
from aggregator.errors import StoreError
from aggregator.extract import robots
from aggregator.store import robots_files
from aggregator.watch.changes import rules_of
from spiders.guard import ALLOWED
from spiders.slots import slow_down

_LOG = logging.getLogger(__name__)
_PRODUCT = robots.PRODUCT

LARGEST_BYTES = 512 * 1024
"""RFC 9309, 2.5: at least 500 KiB must be parsed; the rest is ignored."""

LONGEST_DELAY_SECONDS = 60.0
"""A longer Crawl-delay is kept at this; the outlet's schedule keeps such crawls small anyway."""

_PRIORITY = 1000


class RobotsForbiddenError(IgnoreRequest):
    """robots.txt forbids this URL."""


class RobotsUnreachableError(IgnoreRequest):
    """robots.txt cannot be read, so nothing may be fetched (RFC 9309, 2.3.1.4)."""


class _Rules:
    """The rules of one host: a parsed file, or nothing when the host has none."""

    def __init__(self, parsed: Protego | None) -> None:
        self._parsed = parsed

    def allows(self, url: str) -> bool:
        return self._parsed is None or bool(self._parsed.can_fetch(url, _PRODUCT))

    @property
    def delay_seconds(self) -> float | None:
        if self._parsed is None:
            return None
        delay = self._parsed.crawl_delay(_PRODUCT)
        rate = self._parsed.request_rate(_PRODUCT)
        if rate is not None and rate.requests:
            delay = max(delay or 0.0, rate.seconds / rate.requests)
        return None if delay is None else min(float(delay), LONGEST_DELAY_SECONDS)


class RobotsMiddleware:
    """Fetches a host's robots.txt once a crawl, obeys its rules and its Crawl-delay.

    A 4xx answer (but 429) means that there are no rules; 429, 5xx and no answer at all mean that nothing may
    be fetched. A redirect is followed as any other.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._rules: dict[str, asyncio.Task[_Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make it, the way Scrapy does."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let a request pass if its host's rules do.

        Raises:
            RobotsForbiddenError: they forbid it.
            RobotsUnreachableError: they cannot be read.
        """
        if request.meta.get("is_robots"):
            return
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._rules:
            self._rules[origin] = asyncio.ensure_future(self._fetch(origin, request))
        rules = await asyncio.shield(self._rules[origin])
        if not rules.allows(request.url):
            raise RobotsForbiddenError(f"{origin}/robots.txt forbids {parts.path or '/'}")

    async def _note(self, because: Request, origin: str, response: Response) -> None:
        """Keep which rules stand there, for the watch over outlets; a trial keeps nothing."""
        db = getattr(self._crawler.spider, "db", None)
        outlet = because.meta.get("outlet")
        if db is None or outlet is None:
            return
        status, rules = response.status, None
        if 200 <= status < 300:  # noqa: PLR2004 - HTTP statuses
            rules = rules_of(response.body[:LARGEST_BYTES].decode("utf-8", "ignore"))
        elif 400 <= status < 500 and status != 429:  # noqa: PLR2004 - HTTP statuses
            rules = ""
        try:
            await asyncio.to_thread(robots_files.note, db, outlet, origin, (status, rules), now())
        except StoreError as error:
            _LOG.warning("%s/robots.txt is obeyed, and not kept: %s", origin, error)

    async def _fetch(self, origin: str, because: Request) -> _Rules:
        kept = {
            key: because.meta[key]
            for key in (ALLOWED, "outlet", "delay_seconds", "concurrency", "proxy")
            if key in because.meta
        }
        request = Request(
            f"{origin}/robots.txt",
            priority=_PRIORITY,
            callback=NO_CALLBACK,
            dont_filter=True,
            meta=kept | {"is_robots": True, "download_timeout": because.meta.get("download_timeout", 20.0)},
        )
        try:
            assert self._crawler.engine is not None  # noqa: S101 - Scrapy sets it before the first request
            response = await self._crawler.engine.download_async(request)
        except IgnoreRequest as error:
            raise RobotsUnreachableError(f"{origin}/robots.txt: {error}") from error
        status = response.status
        await self._note(because, origin, response)
        if status == 429 or status >= 500:  # noqa: PLR2004 - HTTP statuses
            raise RobotsUnreachableError(f"{origin}/robots.txt answered {status}")
        if not 200 <= status < 300:  # noqa: PLR2004 - HTTP statuses
            return _Rules(None)
        rules = _Rules(Protego.parse(response.body[:LARGEST_BYTES].decode("utf-8", "ignore")))
        if rules.delay_seconds is not None:
            slow_down(self._crawler, request, rules.delay_seconds)
        return rules
