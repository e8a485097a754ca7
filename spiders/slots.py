"""Slots: Scrapy's queue of each host, slowed down, held, or emptied."""

from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader import Downloader, Slot
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import call_later


class CrawlEndsError(Exception):
    """The crawl was asked to end before this request went out; a later crawl makes it."""


def key_of(request: Request) -> str:
    """The name of a request's slot: its host."""
    return str(request.meta.get("download_slot") or urlsplit(request.url).hostname or "")


def slot_of(crawler: Crawler, key: str) -> Slot | None:
    """A host's slot; None before its first request, and when it was idle for a minute."""
    return _downloader(crawler).slots.get(key)


def settings_of(crawler: Crawler, key: str) -> dict[str, Any]:
    """What Scrapy makes a host's slot from, also anew after the host was idle for a minute."""
    of_host: dict[str, Any] = _downloader(crawler).per_slot_settings.setdefault(key, {})
    return of_host


def slow_down(crawler: Crawler, request: Request, delay_seconds: float) -> None:
    """Ask the request's host at most once in so many seconds from now on; never makes it faster."""
    key = key_of(request)
    floor = settings_of(crawler, key)
    floor["delay"] = max(floor.get("delay", 0.0), delay_seconds)
    if slot := slot_of(crawler, key):
        slot.delay = max(slot.delay, delay_seconds)


def hold(crawler: Crawler, key: str, seconds: float) -> None:
    """Send nothing to a host for so many seconds.

    Its requests wait in its slot, where the scheduler sees them and takes those of other hosts first; were
    they held before they get there, one busy host would soon fill all places of the downloader.
    """
    slot = slot_of(crawler, key)
    if slot is None:
        return
    if slot.latercall:
        slot.latercall.cancel()
    slot.lastseen = monotonic() + seconds  # keeps an idle slot from being dropped with its hold
    slot.latercall = call_later(seconds, _downloader(crawler)._latercall, slot)  # noqa: SLF001 - wakes a slot


def empty(crawler: Crawler, error: Exception, key: str | None = None) -> None:
    """End with this error what waits for its turn at a host, or at every host; what is under way goes on."""
    slots = _downloader(crawler).slots
    for slot in list(slots.values()) if key is None else filter(None, [slots.get(key)]):
        while slot.queue:
            slot.queue.popleft()[1].errback(error)


def _downloader(crawler: Crawler) -> Downloader:
    assert crawler.engine is not None  # noqa: S101 - Scrapy sets it before the first request
    return crawler.engine.downloader
