"""Store: the end of each page, written in batches; an item is done when its batch is committed."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self

from scrapy.crawler import Crawler

from aggregator.config import settings
from aggregator.errors import AggregatorError
from aggregator.model.crawl import PageArticle, PageEnd, Reason
from aggregator.store.articles import save
from aggregator.store.engine import Database
from aggregator.store.placing import place_next
from aggregator.withdrawing import erase_dropped

_LOG = logging.getLogger(__name__)

LARGEST_BATCH = 100
"""Beyond about a hundred rows a larger transaction gains nothing (measured on both databases)."""

_PLACED_BATCHES = 2
"""So many batches are placed after a commit: a long queue of older articles must not hold the next one up."""

Page = PageArticle | PageEnd


class StorePipeline:
    """Group commit: while one batch is written, the next one gathers; nothing waits for a timer.

    The writer is one thread. Before a batch is committed, the archive is put on the disk, so that no row
    refers to a record that a power cut takes.
    """

    def __init__(self, spider: Any) -> None:
        self._db: Database = spider.db
        self._run_id: int | None = spider.run_id
        self._sync: Callable[[], None] = spider.archive.sync
        self._ended: Callable[[Page, Reason], None] = spider.ledger.ended
        self._waiting: list[tuple[Page, asyncio.Future[Reason]]] = []
        self._writer: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make it, the way Scrapy does."""
        return cls(crawler.spider)

    async def process_item(self, item: object) -> object:
        """Write the end of a page and wait for its commit."""
        if isinstance(item, PageArticle | PageEnd):
            done: asyncio.Future[Reason] = asyncio.get_running_loop().create_future()
            self._waiting.append((item, done))
            if self._writer is None or self._writer.done():
                self._writer = asyncio.ensure_future(self._write())
            self._ended(item, await done)
        return item

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch, self._waiting = self._waiting[:LARGEST_BATCH], self._waiting[LARGEST_BATCH:]
            pages = [page for page, _ in batch]
            try:
                reasons = await loop.run_in_executor(self._thread, self._commit, pages)
            except Exception as error:  # noqa: BLE001 - whatever it is, pages that wait must hear of it
                _LOG.error("%d pages not stored: %s", len(pages), _words(error))
                reasons = [Reason.FAILED_STORE] * len(pages)
            for (_, done), reason in zip(batch, reasons, strict=True):
                if not done.done():
                    done.set_result(reason)
            await loop.run_in_executor(self._thread, self._place)

    def _commit(self, pages: Sequence[Page]) -> list[Reason]:
        self._sync()
        reasons = save(self._db, self._run_id, pages)
        try:
            erase_dropped(self._db, settings(), self._run_id, reasons)
        except AggregatorError as error:
            # The pages are stored; what a takedown keeps out is tried again with the next such page.
            _LOG.error("a page that a takedown keeps out stays in the archive: %s", error)
        return reasons

    def _place(self) -> None:
        """Give new articles their stories; should it fail, the next commit tries again."""
        try:
            for _ in range(_PLACED_BATCHES):
                if not place_next(self._db):
                    return
        except Exception as error:  # noqa: BLE001 - the pages are stored, and the crawl must go on
            _LOG.warning("articles wait for their stories: %s", _words(error))

    def close_spider(self) -> None:
        """End the writer's thread."""
        self._thread.shutdown()


def _words(error: Exception) -> str:
    return str(error) if isinstance(error, AggregatorError) else f"{type(error).__name__}: {error}"
