"""Keep: each page goes into the WARC archive before anything is read from it."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Self

from scrapy.crawler import Crawler

from aggregator.archive import PageArchive
from aggregator.clock import now
from aggregator.config import settings
from aggregator.errors import AggregatorError
from aggregator.model.crawl import PageEnd, Reason
from aggregator.model.page import FetchedPage


class KeepPipeline:
    """Writes pages in a thread of its own: compression takes milliseconds that the event loop needs."""

    def __init__(self, archive: PageArchive) -> None:
        self.archive = archive
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="keep")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make it, and let the store put the archive on the disk before it commits."""
        made = cls(PageArchive(settings().path(settings().pages)))
        crawler.spider.archive = made.archive  # type: ignore[union-attr]
        return made

    async def process_item(self, item: object) -> object:
        """Keep a page and remember where; what is no page passes."""
        if not isinstance(item, FetchedPage):
            return item
        loop = asyncio.get_running_loop()
        try:
            return replace(item, archived=await loop.run_in_executor(self._thread, self.archive.write, item))
        except AggregatorError as error:
            return PageEnd(item.outlet, item.entry.url, Reason.FAILED_ARCHIVE, now(), item.status, str(error))

    def close_spider(self) -> None:
        """Close the archive."""
        self._thread.shutdown()
        self.archive.close()
