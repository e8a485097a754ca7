"""Extract: a page becomes an article, in another process."""

import os
from typing import Any, Self

from scrapy.crawler import Crawler

from aggregator.clock import now
from aggregator.config import settings
from aggregator.errors import AggregatorError
from aggregator.extract.pool import ExtractorPool
from aggregator.model.crawl import PageArticle, PageEnd, Reason
from aggregator.model.outlet import Outlet
from aggregator.model.page import FetchedPage, Validator


class ExtractPipeline:
    """Hands pages to the extractor pool and names what cannot be extracted."""

    def __init__(self, outlets: dict[str, Outlet]) -> None:
        crawl = settings().crawl
        self._outlets = outlets
        self.pool = ExtractorPool(crawl.processes or len(os.sched_getaffinity(0)), crawl.page_seconds)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make it, and let the crawl report see what the pool costs."""
        spider: Any = crawler.spider
        made = cls(spider.outlets)
        spider.pool = made.pool
        return made

    async def process_item(self, item: object) -> object:
        """An article for a page; what is no page passes."""
        if not isinstance(item, FetchedPage):
            return item
        outlet = self._outlets[item.outlet]
        try:
            article = await self.pool.extract(item, outlet.rules, outlet.homepage)
        except AggregatorError as error:  # a card's wrong selector is one, too
            reason = getattr(error, "reason", Reason.FAILED_EXTRACT)
            return PageEnd(
                item.outlet, item.entry.url, reason, now(), item.status, str(error)[:300], item.archived
            )
        validator = Validator(item.header("etag"), item.header("last-modified"))
        return PageArticle(item.entry, article, item.status, item.archived, validator=validator)

    async def close_spider(self) -> None:
        """End the pool."""
        await self.pool.close()
