"""Extract: a page becomes an article, in another process."""

import asyncio
import os
from typing import Any, Self

from scrapy.crawler import Crawler

from aggregator.clock import now
from aggregator.config import settings
from aggregator.errors import AggregatorError, StoreError
from aggregator.extract.pool import ExtractorPool
from aggregator.model.crawl import PageArticle, PageEnd, Reason
from aggregator.model.outlet import Outlet
from aggregator.model.page import FetchedPage, Validator
from aggregator.store.engine import Database
from aggregator.store.lengths import usual_chars


class ExtractPipeline:
    """Hands pages to the extractor pool and names what cannot be extracted."""

    def __init__(self, outlets: dict[str, Outlet], db: Database | None) -> None:
        crawl = settings().crawl
        self._outlets = outlets
        self._db = db
        self._usual: dict[str, int | None] = {}
        self.pool = ExtractorPool(crawl.processes or len(os.sched_getaffinity(0)), crawl.page_seconds)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make it, and let the crawl report see what the pool costs."""
        spider: Any = crawler.spider
        made = cls(spider.outlets, spider.db)
        spider.pool = made.pool
        return made

    async def process_item(self, item: object) -> object:
        """An article for a page; what is no page passes."""
        if not isinstance(item, FetchedPage):
            return item
        outlet = self._outlets[item.outlet]
        try:
            usual = await self._usual_chars(outlet.slug)
            article = await self.pool.extract(item, outlet.rules, outlet.homepage, usual_chars=usual)
        except AggregatorError as error:  # a card's wrong selector is one, too
            other = Reason.FAILED_STORE if isinstance(error, StoreError) else Reason.FAILED_EXTRACT
            reason = getattr(error, "reason", other)
            return PageEnd(
                item.outlet, item.entry.url, reason, now(), item.status, str(error)[:300], item.archived
            )
        validator = Validator(item.header("etag"), item.header("last-modified"))
        return PageArticle(item.entry, article, item.status, item.archived, validator=validator)

    async def _usual_chars(self, outlet: str) -> int | None:
        """How long the outlet's articles are, as stored when its first page came; a trial has no store."""
        if self._db is None:
            return None
        if outlet not in self._usual:
            self._usual[outlet] = await asyncio.to_thread(usual_chars, self._db, outlet)
        return self._usual[outlet]

    async def close_spider(self) -> None:
        """End the pool."""
        await self.pool.close()
