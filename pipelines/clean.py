"""Clean: what is no article's text is cut, by what the outlet's pages have taught and by its headlines."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from scrapy.crawler import Crawler

from aggregator.clock import now
from aggregator.errors import AggregatorError
from aggregator.extract import read_also
from aggregator.extract.headlines import Headlines
from aggregator.extract.learned import Learned
from aggregator.model.article import Article
from aggregator.model.crawl import PageArticle, PageEnd, Reason
from aggregator.store.boilerplate import load
from aggregator.store.engine import Database
from aggregator.store.headlines import recent

REFRESH_PAGES = 10
"""A memory is read again after so many pages of its outlet: it takes 1 to 3 ms, and pages teach meanwhile."""


@dataclass(slots=True)
class _Memory:
    """What an outlet has taught, and how many pages it still serves for."""

    learned: Learned
    pages_left: int = REFRESH_PAGES


class CleanPipeline:
    """Cuts what was learned; the store counts what an article teaches once it knows that it is new."""

    def __init__(self, db: Database, told: Mapping[str, Headlines]) -> None:
        self._db = db
        self._told = told
        self._stored: set[str] = set()
        self._memories: dict[str, _Memory] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make it, the way Scrapy does."""
        spider: Any = crawler.spider
        return cls(spider.db, spider.headlines)

    async def process_item(self, item: object) -> object:
        """The article without learned boilerplate, or the end of its page; what is no article passes."""
        if not isinstance(item, PageArticle):
            return item
        try:
            learned = await self._learned(item.article.outlet)
            clear = await self._without_hints(item.article)
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
        cleaned = learned.clean(clear)
        return item if cleaned is item.article else replace(item, article=cleaned, uncut=item.article)

    async def _without_hints(self, article: Article) -> Article:
        """The article with its read-also lines cut to the ends of headlines that the outlet's others have.

        Few articles have such a line, so the store is asked when the first one comes.
        """
        if not read_also.hints(article):
            return article
        headlines = self._told[article.outlet]
        if article.outlet not in self._stored:
            self._stored.add(article.outlet)
            headlines.add(await asyncio.to_thread(recent, self._db, article.outlet))
        return read_also.again(article, headlines)

    async def _learned(self, outlet: str) -> Learned:
        memory = self._memories.get(outlet)
        if memory is None or memory.pages_left <= 0:
            memory = _Memory(await asyncio.to_thread(load, self._db, outlet))
            self._memories[outlet] = memory
        memory.pages_left -= 1
        return memory.learned
