"""The crawl report: a row for the run, events for whoever started it, and how the process fared."""

import asyncio
import gc
import json
import logging
import os
import resource
import sys
from pathlib import Path
from time import monotonic
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from twisted.python.failure import Failure

from aggregator.config import settings
from aggregator.errors import AggregatorError, StoreError
from aggregator.model.crawl import Reason, RunState
from aggregator.store import crawls
from aggregator.store.engine import Database
from spiders import slots

_LOG = logging.getLogger(__name__)
_TICK_SECONDS = 0.05
_PARENT_CHECK_TICKS = 20
_STORE_FAILED = "the store failed"
_PARENT_GONE = "its parent ended"
_PARENT_GONE_CODE = 75

shared_bytes = 0
"""What this process shares with the warm one that it was forked from, and did not take itself."""


class CrawlReport:
    """Opens the run, closes it, and tells the parent of each page as one JSON line on standard output.

    Also watches the event loop: the longest time it was blocked is a figure of the run. When the process that
    started the crawl is gone, the crawl ends as if asked to.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._spider: Any = crawler.spider
        self._db: Database | None = None
        self._failure: str | None = None
        self._longest_block = 0.0
        self._watch: asyncio.Task[None] | None = None
        self._parent = os.getppid()
        gc.freeze()  # what has been loaded stays; see aggregator.settings
        gc.enable()
        self._begin()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make it, the way Scrapy does."""
        made = cls(crawler)
        crawler.signals.connect(made.opened, signal=signals.spider_opened)
        crawler.signals.connect(made.closed, signal=signals.spider_closed)
        crawler.signals.connect(made.seed_failed, signal=signals.spider_error)
        return made

    def _begin(self) -> None:
        if self._spider.keeps_nothing:
            self._spider.opened(None, None)
            return
        if not _tell(event="starting"):
            # Whoever started us was killed while we loaded: the next one may have started this crawl again.
            os._exit(_PARENT_GONE_CODE)
        try:
            self._db = Database.open(settings().database_url)
            run_id = crawls.start_run(self._db, list(self._spider.outlets), os.getpid())
        except AggregatorError as error:
            # Nothing is open yet, and whoever started us prints the one line that matters.
            _tell(event="error", message=str(error))
            os._exit(error.exit_code)
        self._spider.opened(self._db, run_id)
        self._spider.ledger.tell = self._page_ended
        _tell(event="started", run=run_id)

    def opened(self) -> None:
        """Begin to watch the event loop."""
        self._watch = asyncio.ensure_future(self._watch_loop())

    async def _watch_loop(self) -> None:
        ticks = 0
        while True:
            before = monotonic()
            await asyncio.sleep(_TICK_SECONDS)
            self._longest_block = max(self._longest_block, monotonic() - before - _TICK_SECONDS)
            self._let_go()
            ticks += 1
            if ticks % _PARENT_CHECK_TICKS == 0 and os.getppid() != self._parent:
                self._end(_PARENT_GONE)
                return

    def _let_go(self) -> None:
        # Scrapy ends after everything that waits for its turn; with a Crawl-delay that takes minutes.
        engine = self._crawler.engine
        if engine is not None and engine._slot is not None and engine._slot.closing is not None:  # noqa: SLF001 - told nowhere else
            slots.empty(self._crawler, slots.CrawlEndsError("the crawl ends"))

    def _page_ended(self, outlet: str, url: str, reason: Reason) -> None:
        _tell(event="page", outlet=outlet, url=url, reason=reason.value)
        if reason is Reason.FAILED_STORE and self._failure is None:
            self._end(_STORE_FAILED)

    def seed_failed(self, failure: Failure) -> None:
        """End the crawl when what a seed gave cannot be kept; what Scrapy logged tells which."""
        if isinstance(failure.value, StoreError) and self._failure is None:
            self._end(_STORE_FAILED)

    def _end(self, why: str) -> None:
        self._failure = why
        _LOG.error("the crawl ends early: %s", why)
        assert self._crawler.engine is not None  # noqa: S101 - a page ended, so there is one
        asyncio.ensure_future(self._crawler.engine.close_spider_async(reason=why))  # noqa: RUF006 - it ends us

    def closed(self, reason: str) -> None:
        """End the run's row and tell the figures of the process."""
        if self._watch is not None:
            self._watch.cancel()
        if self._db is None:
            return
        state, detail = self._outcome(reason)
        try:
            self._spider.visits.settle(self._spider.ledger.is_settled)
            crawls.end_run(self._db, self._spider.run_id, state, detail)
        except AggregatorError as error:
            state, detail = RunState.FAILED, str(error)
        figures = _usage() | {
            "workers_cpu_seconds": self._spider.pool.cpu_seconds,
            "loop_blocked": self._longest_block,
        }
        _tell(event="ended", state=state.value, detail=detail, **figures)
        self._db.close()

    def _outcome(self, reason: str) -> tuple[RunState, str | None]:
        if self._failure == _STORE_FAILED:
            return RunState.FAILED, self._failure
        open_pages = self._spider.ledger.open_pages
        if reason != "finished" or self._failure:
            return (
                RunState.INTERRUPTED,
                f"{self._failure or reason}; {open_pages} pages left for the next crawl",
            )
        return RunState.FINISHED, None


def _usage() -> dict[str, float]:
    own = resource.getrusage(resource.RUSAGE_SELF)
    return {"cpu_seconds": own.ru_utime + own.ru_stime, "peak_bytes": _peak_bytes(own.ru_maxrss)}


def _peak_bytes(max_rss: int) -> int:
    # Linux carries ru_maxrss over exec, so it may be the peak of whoever started us; VmHWM is our own.
    if (ours := status_bytes("VmHWM")) is not None:
        return ours - shared_bytes
    return max_rss if sys.platform == "darwin" else max_rss * 1024  # getrusage(2): bytes there, kB elsewhere


def status_bytes(name: str) -> int | None:
    """A figure of this process in /proc (``VmRSS``, ``VmHWM``), in bytes; None where there is none."""
    try:
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass
    return None


def _tell(**event: Any) -> bool:
    """Tell whoever started the crawl; false if nobody reads any more. The crawl's truth is in the store."""
    try:
        sys.stdout.write(json.dumps(event) + "\n")
        sys.stdout.flush()
    except (BrokenPipeError, ValueError):
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - for the process's rest
        return False
    return True
