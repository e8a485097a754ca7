"""Dispatch: outlets that are due become crawls, one after the other, none of them twice at once."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from aggregator import crawling
from aggregator.config import Settings
from aggregator.crawling import CrawlReport
from aggregator.errors import CrawlError
from aggregator.model.crawl import Reason
from aggregator.schedule.cards import Cards
from aggregator.schedule.news import listed, log_crawl, log_slips, total
from aggregator.schedule.plan import PlannedRun, Planner, batches, ready
from aggregator.schedule.slipping import LATE, slipped
from aggregator.store import crawls, slips
from aggregator.store.engine import Database

REFRESH: Final = timedelta(seconds=60)  # how soon a changed card, or a crawl started by hand, is seen
_PUBLISHABLE: Final = frozenset({Reason.STORED, Reason.REVISION})

_log = logging.getLogger(__name__)


class Crawl(Protocol):
    """What crawls a batch of outlets to its end."""

    def __call__(
        self, settings: Settings, slugs: Sequence[str], *, stop: threading.Event | None
    ) -> CrawlReport:
        """As ``crawling.crawl``; raises CrawlError."""


class Dispatcher:
    """Crawls what is due; ``after`` is called behind each crawl, with whether it brought news to publish.

    An outlet that is being crawled, by hand or for a scheduler that was killed, waits for the end of that;
    the store refuses a second crawl in any case.
    """

    def __init__(
        self, db: Database, settings: Settings, cards: Cards, stop: threading.Event, *,
        after: Callable[[bool], None], now: Callable[[], datetime], crawl: Crawl = crawling.crawl,
    ) -> None:  # fmt: skip
        self._db, self._settings, self._cards, self._stop = db, settings, cards, stop
        self._after, self._now, self._crawler = after, now, crawl
        self._planner = Planner(db)
        self._plan: tuple[PlannedRun, ...] = ()
        self._planned_at: datetime | None = None
        self._tried: dict[str, datetime] = {}
        self._told: dict[str, datetime] = {}

    def start(self) -> None:
        """Take up what the last scheduler left, and make a plan; raises StoreError."""
        stale = crawls.interrupt_stale(self._db, self._now())
        if stale:
            _log.warning("crawls cut off when the program last ended: %d; their outlets are due", stale)
        self._replan(self._now())

    def forget(self) -> None:
        """Plan anew at the next tick: cards have changed."""
        self._planned_at = None

    def once(self) -> None:
        """Crawl every outlet that is due once."""
        now = self._now()
        due = tuple(run.outlet.slug for run in self._plan if run.next <= now)
        self._crawl_all(self._free(due, now))

    def tick(self) -> None:
        """Crawl what is due, if anything cannot wait for company any more."""
        now = self._now()
        size = self._settings.crawl.batch
        is_old = self._planned_at is None or now - self._planned_at > REFRESH
        if not is_old and not ready(self._plan, now, size):
            return
        self._replan(now)  # somebody may have crawled them by hand since
        if wanted := self._free(ready(self._plan, now, size), now):
            self._crawl_all(wanted)
            self._planned_at = None

    def _replan(self, now: datetime) -> None:
        self._plan = self._planner.plan(self._cards.outlets, now, self._tried)
        self._planned_at = now

    def _free(self, slugs: Sequence[str], now: datetime) -> tuple[str, ...]:
        """Those of the outlets that nobody crawls; what slipped is noted."""
        if not slugs:
            return ()
        busy = crawls.under_way(self._db, now)
        found = []
        for run in (run for run in self._plan if run.outlet.slug in slugs):
            slug = run.outlet.slug
            ended = crawls.ended(self._db, slug) if now - run.latest > LATE else None
            slip = slipped(run, now, ended=ended, under_way=busy.get(slug))
            if slip and self._told.get(slug) != run.next:
                self._told[slug] = run.next
                found.append(slip)
        slips.note(self._db, found)
        log_slips(found)
        return tuple(slug for slug in slugs if slug not in busy)

    def _crawl_all(self, slugs: Sequence[str]) -> None:
        for batch in batches(slugs, self._settings.crawl.batch):
            if self._stop.is_set():
                return
            self._crawl(batch)

    def _crawl(self, slugs: tuple[str, ...]) -> None:
        # A crawl that cannot even start leaves no run in the store; without this it would be due again at
        # the next tick, and for ever.
        self._tried.update(dict.fromkeys(slugs, self._now()))
        first = sum(run.last is None for run in self._plan if run.outlet.slug in slugs)
        _log.info("crawling %s", listed(slugs, first), extra={"outlets": slugs})
        try:
            report = self._crawler(self._settings, slugs, stop=self._stop)
        except CrawlError as error:
            if self._stop.is_set():
                _log.info("the crawl was cut off; its outlets are due at the next start")
            else:
                _log.error("crawl of %s failed: %s", ", ".join(slugs), error)
                self._clear_up(slugs)
            return
        log_crawl(report)
        self._after(bool(total(report.counts).keys() & _PUBLISHABLE))

    def _clear_up(self, slugs: Sequence[str]) -> None:
        """Behind a crawl that died or was refused: what is crawled elsewhere stays due."""
        crawls.interrupt_stale(self._db, self._now())
        for slug in crawls.under_way(self._db, self._now()).keys() & set(slugs):
            self._tried.pop(slug, None)
