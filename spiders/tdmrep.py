"""TDMRep: what a host's own file says about text and data mining of its pages."""

import asyncio
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http.request import NO_CALLBACK

from aggregator.extract import tdmrep
from aggregator.extract.tdmrep import TdmRule
from spiders.guard import ALLOWED

_PRIORITY = 900
_LONGEST_WAIT_SECONDS = 10.0


class TdmrepMiddleware:
    """Fetches a host's ``/.well-known/tdmrep.json`` once a crawl, before its first article.

    robots.txt, politeness and the guard count for it as for any page. A host without such a file, or one that
    does not give it, reserves nothing by it; no article waits for a second try.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._rules: dict[str, asyncio.Task[tuple[TdmRule, ...]]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make it, the way Scrapy does."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Note on an article's request what the host reserves."""
        if "entry" not in request.meta:
            return
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._rules:
            self._rules[origin] = asyncio.ensure_future(self._fetch(origin, request))
        rules = await asyncio.shield(self._rules[origin])
        request.meta["reservation"] = tdmrep.reservation(rules, request.url)

    async def _fetch(self, origin: str, because: Request) -> tuple[TdmRule, ...]:
        kept = {
            key: because.meta[key]
            for key in (ALLOWED, "outlet", "delay_seconds", "concurrency", "proxy")
            if key in because.meta
        }
        timeout = min(because.meta.get("download_timeout", _LONGEST_WAIT_SECONDS), _LONGEST_WAIT_SECONDS)
        request = Request(
            f"{origin}{tdmrep.PATH}",
            priority=_PRIORITY,
            callback=NO_CALLBACK,
            dont_filter=True,
            meta=kept | {"dont_retry": True, "download_timeout": timeout},
        )
        try:
            assert self._crawler.engine is not None  # noqa: S101 - Scrapy sets it before the first request
            response = await self._crawler.engine.download_async(request)
        except Exception:  # noqa: BLE001 - whatever befell it, the article that waits has its own request
            return ()
        return tdmrep.rules(response.body) if response.status == 200 else ()  # noqa: PLR2004 - HTTP status
