"""The pipelines where something under them fails: each page still ends, once."""

import asyncio
import os
from types import SimpleNamespace

from store.samples import pages

from aggregator.model.crawl import Reason
from aggregator.store.engine import Database
from pipelines.store import StorePipeline
from spiders.ledger import Ledger


def test_pages_end_when_the_archive_cannot_be_put_on_the_disk(db: Database) -> None:
    # fsync refuses a pipe, as it refuses a disk that fails.
    ends = os.pipe()
    archive = SimpleNamespace(sync=lambda: os.fsync(ends[0]))
    spider = SimpleNamespace(db=db, run_id=None, archive=archive, ledger=Ledger())

    async def store_all() -> None:
        pipeline = StorePipeline(spider)
        await asyncio.wait_for(asyncio.gather(*map(pipeline.process_item, pages(3))), 10)
        pipeline.close_spider()

    asyncio.run(store_all())
    for end in ends:
        os.close(end)
    assert spider.ledger.counts == {"harbour": {Reason.FAILED_STORE: 3}}
