"""Clean: what is boilerplate at an article's outlet is cut, by what the outlet's pages have taught."""

import asyncio
from dataclasses import dataclass, replace
from typing import Self

from scrapy.crawler import Crawler

from aggregator.clock import now
from aggregator.errors import AggregatorError
from aggregator.extract.learned import Learned
from aggregator.model.crawl import PageArticle, PageEnd, Reason
from aggregator.store.boilerplate import load
from aggregator.store.engine import Database

REFRESH_PAGES = 10
"""A memory is read again after so many pages of its outlet: it takes 1 to 3 ms, and pages teach meanwhile."""


@dataclass(slots=True)
class _Memory:
    """What an outlet has taught, and how many pages it still serves for."""

    learned: Learned
    pages_left: int = REFRESH_PAGES


class CleanPipeline:
    """Cuts what was learned; the store counts what an article teaches once it knows that it is new."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._memories: dict[str, _Memory] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make it, the way Scrapy does."""
        return cls(crawler.spider.db)  # type: ignore[union-attr]

    async def process_item(self, item: object) -> object:
        """The article without learned boilerplate, or the end of its page; what is no article passes."""
        if not isinstance(item, PageArticle):
            return item
        try:
            learned = await self._learned(item.article.outlet)
        except AggregatorError as error:
            return PageEnd(
                item.article.outlet,
                item.entry.url,
                Reason.FAILED_STORE,
                now(),
                item.status,
                str(error),
                item.archived,
            )
        cleaned = learned.clean(item.article)
        return item if cleaned is item.article else replace(item, article=cleaned, uncut=item.article)

    async def _learned(self, outlet: str) -> Learned:
        memory = self._memories.get(outlet)
        if memory is None or memory.pages_left <= 0:
            memory = _Memory(await asyncio.to_thread(load, self._db, outlet))
            self._memories[outlet] = memory
        memory.pages_left -= 1
        return memory.learned
