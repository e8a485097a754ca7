"""The look spider: a home page, its robots.txt and what may be its feeds, for somebody who adds an outlet."""

import pickle
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import scrapy
from scrapy.http import Response
from twisted.python.failure import Failure

from aggregator.config import settings
from aggregator.crawling import Look, Trial
from aggregator.errors import FeedError
from aggregator.model.outlet import Outlet, Seed, SeedKind
from aggregator.seeds.discover import discover, sitemaps_of
from aggregator.seeds.feed import parse_feed
from aggregator.seeds.sitemap import parse_sitemap
from spiders.base import OutletSpider
from spiders.failures import name_failure
from spiders.guard import ALLOWED
from spiders.pages import charset_of

MOST_TRIES = 12
"""Addresses that are tried; a home page may name dozens of feeds."""

_USUAL = ("/feed", "/rss", "/feed.xml", "/rss.xml", "/atom.xml", "/news-sitemap.xml", "/sitemap.xml")


class LookSpider(OutletSpider):
    """Fetches one home page and tries the feeds and sitemaps that it, robots.txt and custom name."""

    name = "look"
    keeps_nothing = True
    custom_settings = {"ITEM_PIPELINES": {}, "RETRY_TIMES": 1}  # noqa: RUF012 - Scrapy's own attribute

    def __init__(self, url: str = "", out: str = "", **kwargs: Any) -> None:
        super().__init__("", **kwargs)
        self._url, self._out = url, Path(out)
        self._page: Response | None = None
        self._robots = ""
        self._found: dict[str, bool] = {}

    def find_outlets(self, slugs: str) -> dict[str, Outlet]:  # noqa: ARG002 - there is no card yet
        """No outlets: this is how one begins."""
        return {}

    async def start(self) -> AsyncIterator[Any]:
        """Ask for the home page."""
        yield self._request(self._url, self.parse_home)

    def parse_home(self, response: Response) -> Iterator[scrapy.Request]:
        """Ask for robots.txt next."""
        self._page = response
        yield self._request(urljoin(response.url, "/robots.txt"), self.parse_robots, is_robots=True)

    def parse_robots(self, response: Response) -> Iterator[scrapy.Request]:
        """Ask for every address that may be a feed or a sitemap."""
        assert self._page is not None  # noqa: S101 - parse_home came first
        if response.status == 200:  # noqa: PLR2004 - HTTP status
            self._robots = response.body[: 512 * 1024].decode("utf-8", "replace")
        home = self._page
        seen = discover(home.body, charset_of(home), home.url)
        usual = [urljoin(home.url, path) for path in _USUAL]
        listed = sitemaps_of(self._robots, home.url)
        every = dict.fromkeys([*seen.feeds, *listed, *seen.sitemaps, *usual])
        for url in list(every)[:MOST_TRIES]:
            self._found[url] = False
            yield self._request(url, self.parse_try, cb_kwargs={"asked": url})

    def parse_try(self, response: Response, asked: str) -> None:
        """Take note of an address that is a feed or a sitemap."""
        self._found[asked] = response.status == 200 and _lists_something(response)  # noqa: PLR2004 - HTTP

    def failed(self, failure: Failure) -> None:
        """Take note of a home page that does not come; other addresses may well fail."""
        if self._page is None:
            failed = name_failure(failure)
            self._write(Trial(self._url, failed.reason, None, failed.detail))

    def closed(self, reason: str) -> None:  # noqa: ARG002 - Scrapy's own signature
        """Hand over what was seen."""
        if self._page is not None:
            page = self._page
            found = tuple(self._found.items())
            self._write(Look(page.url, page.status, page.body, charset_of(page), self._robots, found))

    def _write(self, result: object) -> None:
        with self._out.open("ab") as file:
            pickle.dump(result, file)

    def _request(self, url: str, callback: Any, *, is_robots: bool = False, **kwargs: Any) -> scrapy.Request:
        # Once the home page came, any answer will do: a missing robots.txt, a feed that is none.
        meta = {ALLOWED: settings().crawl.allow_addresses, "is_robots": is_robots, "delay_seconds": 0.5}
        if self._page is not None:
            meta["handle_httpstatus_all"] = True
        return scrapy.Request(
            url, callback=callback, errback=self.failed, meta=meta, dont_filter=True, **kwargs
        )


def _lists_something(response: Response) -> bool:
    try:
        if parse_feed(response.body, charset_of(response), Seed(SeedKind.FEED, response.url), limit=1):
            return True
    except FeedError:
        pass
    try:
        sitemap = parse_sitemap(response.body, Seed(SeedKind.SITEMAP, response.url), limit=1)
    except FeedError:
        return False
    return bool(sitemap.entries or sitemap.children)
