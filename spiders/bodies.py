"""Bodies: how many large ones are read at once, so that a crawl keeps within its memory."""

import asyncio
from collections.abc import AsyncIterator

from scrapy import Request
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler, _ClientResponse
from scrapy.crawler import Crawler
from scrapy.http import Response

LARGE_BYTES = 1024 * 1024
"""A body beyond this is large; hardly any news page is."""

LARGE_AT_ONCE = 3
"""Large bodies that are read at once. With 60 pages of 8 MB a crawl took 238 MB so, and 370 MB without."""

_FULL_SECONDS = 0.05


class PatientHandler(AiohttpDownloadHandler):
    """Scrapy's aiohttp handler, which reads on in a large body only when it is its turn.

    Until then, and while more than Scrapy's limit is still on its way to the store, the rest of the body
    waits on its connection; the time counts as the download's.
    """

    experimental = False

    def __init__(self, crawler: Crawler, turns: asyncio.Semaphore) -> None:
        super().__init__(crawler)
        self._turns = turns
        self._reading: set[_ClientResponse] = set()

    async def _read_response(self, response: _ClientResponse, request: Request) -> Response:
        try:
            return await super()._read_response(response, request)
        finally:
            if response in self._reading:
                self._reading.remove(response)
                self._turns.release()

    # Static in the library, which knows no turns.
    async def _iter_body_chunks(  # type: ignore[override]
        self, response: _ClientResponse
    ) -> AsyncIterator[bytes]:
        size = 0
        async for chunk in response.content.iter_any():
            if size <= LARGE_BYTES < size + len(chunk):
                await self._wait_for_turn(response)
            size += len(chunk)
            yield chunk

    async def _wait_for_turn(self, response: _ClientResponse) -> None:
        await self._turns.acquire()
        self._reading.add(response)
        engine = self.crawler.engine
        assert engine is not None  # noqa: S101 - it made this handler
        assert engine.scraper.slot is not None  # noqa: S101 - opened before the first request
        while engine.scraper.slot.needs_backout():  # noqa: ASYNC110 - Scrapy has no event for it
            await asyncio.sleep(_FULL_SECONDS)
