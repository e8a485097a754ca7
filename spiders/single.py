"""The page spider: one page, for somebody who wants to see what is extracted from it."""

import pickle
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import scrapy
from scrapy.http import Response
from twisted.python.failure import Failure

from aggregator.config import settings
from aggregator.crawling import Trial
from aggregator.model.outlet import Outlet, Seed, SeedKind
from aggregator.model.page import Entry
from aggregator.urls import host
from spiders.base import OutletSpider, polite_meta
from spiders.failures import name_failure
from spiders.guard import ALLOWED
from spiders.pages import fetched_page


class PageSpider(OutletSpider):
    """Fetches one URL as a crawl would: robots.txt first, the guard, the limits; with a card its manners."""

    name = "page"
    keeps_nothing = True
    custom_settings = {"ITEM_PIPELINES": {}, "RETRY_TIMES": 1}  # noqa: RUF012 - Scrapy's own attribute

    def __init__(self, url: str = "", out: str = "", outlets: str = "", **kwargs: Any) -> None:
        super().__init__(outlets, **kwargs)
        self._url, self._out = url, Path(out)

    def find_outlets(self, slugs: str) -> dict[str, Outlet]:
        """The outlet whose manners are kept, or none."""
        return super().find_outlets(slugs) if slugs else {}

    async def start(self) -> AsyncIterator[Any]:
        """Ask for the page."""
        meta: dict[str, Any] = {ALLOWED: settings().crawl.allow_addresses, "delay_seconds": 0.5}
        for outlet in self.outlets.values():
            meta = polite_meta(outlet)
        yield scrapy.Request(
            self._url, callback=self.parse_page, errback=self.failed, meta=meta, dont_filter=True
        )

    def parse_page(self, response: Response) -> None:
        """Hand over the page."""
        outlet = next(iter(self.outlets), host(response.url))
        self._write(fetched_page(outlet, Entry(self._url, Seed(SeedKind.SECTION, self._url)), response))

    def failed(self, failure: Failure) -> None:
        """Tell why it did not come."""
        failed = name_failure(failure)
        self._write(Trial(self._url, failed.reason, None, failed.detail))

    def _write(self, result: object) -> None:
        with self._out.open("ab") as file:
            pickle.dump(result, file)
