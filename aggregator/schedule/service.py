"""The scheduler: its jobs tick, dispatch crawls and close editions."""

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from aggregator import clock, crawling, dumping, licensing, noticing, watching, withdrawing
from aggregator.config import Settings
from aggregator.delivering import deliver, targets
from aggregator.errors import AggregatorError, SchedulerBusyError
from aggregator.following import follow
from aggregator.publishing import PublishReport, publish_all, publish_slot, publish_updates
from aggregator.schedule.cards import Cards
from aggregator.schedule.dispatch import REFRESH, Crawl, Dispatcher
from aggregator.schedule.news import log_edition, log_followed, log_licence, log_watch
from aggregator.schedule.pictures import PictureRuns
from aggregator.schedule.upkeep import Upkeep
from aggregator.store.engine import Database
from aggregator.store.lock import SchedulerLock

TICK_SECONDS = 2.0
SLOTS = timedelta(seconds=5)  # how late an edition may be for its slot
DELIVER = timedelta(seconds=5)  # how soon webhooks and hubs are told
ERASE = timedelta(hours=24)  # how soon what can no longer be undone is erased for good
SWEEP = timedelta(hours=1)  # how soon files of pictures go that nothing is out with any more
LICENCES = timedelta(hours=1)  # how often it is looked which licence pages are due; each is once a week
DUMPS = timedelta(minutes=1)  # how late a dump may be
UPKEEP = timedelta(minutes=1)  # how late a backup or a pruning may be
WATCH = timedelta(minutes=1)  # how soon behind a start outlets are looked at first
NOTIFY = timedelta(seconds=30)  # how soon people are told of alarms

_log = logging.getLogger(__name__)


class Scheduler:
    """Crawls the outlets that are due and publishes what they brought, until ``stop``.

    Whoever makes one holds the lock of ``store.lock.only_scheduler``. Cards and crawl runs are the only
    truth: the jobs live in memory, and a restart rebuilds everything from the store. ``on_lost`` is called,
    from a thread of the scheduler, if the lock goes to another one; nothing is dispatched after that. ``now``
    is its clock, ``crawl`` says what a crawl is.
    """

    def __init__(
        self,
        db: Database,
        settings: Settings,
        lock: SchedulerLock,
        on_lost: Callable[[AggregatorError], None] | None = None,
        *,
        now: Callable[[], datetime] = clock.now,
        crawl: Crawl = crawling.crawl,
    ) -> None:
        self._db = db
        self._settings = settings
        self._lock = lock
        self._on_lost = on_lost
        self.cards = Cards(db, settings)
        self._now = now
        self._stop = threading.Event()
        self._pictures = PictureRuns(db, settings, self.cards, self._stop)
        self._upkeep = Upkeep(settings, self._stop, now)
        self._dispatcher = Dispatcher(
            db, settings, self.cards, self._stop, after=self._crawled, now=now, crawl=crawl
        )
        self._publishing = threading.Lock()
        self._following = threading.Lock()
        self._jobs = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(4)},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
            timezone=UTC,
        )

    def start(self) -> None:
        """Begin; outlets that are due are crawled at once.

        Raises:
            StoreError: the database cannot be read.
        """
        self.prepare()
        publish_minutes = self._settings.publish.every_minutes
        self._add("crawl", self._tick, timedelta(seconds=TICK_SECONDS))
        self._add("publish", self.publish_now, timedelta(minutes=publish_minutes))
        if self._settings.publish.slots:
            self._add("slots", self._close_slot, SLOTS)
        self._add("follow", self.follow_now, timedelta(minutes=publish_minutes))
        self._add("refresh", self._refresh, REFRESH)
        if targets(self._settings):
            self._add("deliver", self._deliver, DELIVER)
        self._add("erase", self._erase, ERASE)
        self._add("pictures", self._pictures.sweep, SWEEP, first=SWEEP)
        self._add("licences", self._check_licences, LICENCES, first=LICENCES)
        if watch_minutes := self._settings.watch.every_minutes:
            every = timedelta(minutes=watch_minutes)
            self._add("watch", self._watch, every, first=min(every, WATCH))
        if watching.targets(self._settings):
            self._add("notify", self._notify, NOTIFY)
        if self._settings.dump.every_hours:
            self._add("dump", self._dump, DUMPS, first=DUMPS)
        if self._upkeep.is_wanted:
            self._add("upkeep", self._upkeep.step, UPKEEP)
        self._jobs.start()

    def stop(self) -> None:
        """End: no new crawl starts, a running one is asked to end and waited for."""
        self._stop.set()
        if self._jobs.running:
            self._jobs.shutdown(wait=True)

    def prepare(self) -> None:
        """Take up what the last scheduler left, and make a plan; raises StoreError."""
        self._dispatcher.start()

    def step(self) -> None:
        """Do in this thread what is due now: crawls, and the edition of a slot."""
        self._tick()
        self._close_slot()

    def run_once(self) -> None:
        """Crawl every outlet that is due once, in this thread, publish, and return."""
        self.prepare()
        self._dispatcher.once()
        self.publish_now()
        self._pictures.run()
        self.follow_now()

    def publish_now(self) -> None:
        """Close the editions that are due; two calls at once follow one another.

        Where the settings name no slots, that are as many as it takes until nothing waits; where they do,
        the one of a slot that has come, and new revisions of what is out.
        """
        with self._publishing:
            for report in self._editions():
                self._tell(report)
                if self._stop.is_set():
                    return

    def _editions(self) -> Iterator[PublishReport]:
        stand = (self._db, self.cards.outlets, self._settings, self._now())
        if not self._settings.publish.slots:
            yield from publish_all(*stand)
            return
        yield publish_slot(*stand) or publish_updates(*stand)

    def _close_slot(self) -> None:
        with self._publishing:
            report = publish_slot(self._db, self.cards.outlets, self._settings, self._now())
            if report is not None:
                self._tell(report)

    def _tell(self, report: PublishReport) -> None:
        log_edition(report)
        if report.edition is not None:
            self._pictures.expect()

    def follow_now(self) -> None:
        """Have what is out follow its originals and today's cards."""
        with self._following:
            log_followed(self._stop, follow(self._db, self.cards.outlets, self._settings, self._now()))

    def _deliver(self) -> None:
        """Tell webhooks and hubs; a job of its own, so that one that hangs keeps no edition waiting."""
        ended = deliver(self._db, self._settings, self._now())
        if ended:
            counts = {state.value: count for state, count in ended.items()}
            words = ", ".join(f"{count} {state}" for state, count in sorted(counts.items()))
            _log.info("webhooks and hubs: %s", words, extra={"deliveries": counts})

    def _add(
        self, name: str, work: Callable[[], None], every: timedelta, *, first: timedelta = timedelta()
    ) -> None:
        trigger = IntervalTrigger(seconds=every.total_seconds(), timezone=UTC)
        # The library's own clock is that of the wall.
        at = clock.now() + first
        self._jobs.add_job(self._guarded, trigger, (name, work), id=name, next_run_time=at)

    def _guarded(self, name: str, work: Callable[[], None]) -> None:
        """Do a job's work; what goes wrong is logged, and the next tick tries again."""
        if self._stop.is_set():
            return
        try:
            work()
        except AggregatorError as error:
            _log.error("%s: %s", name, error)
        except Exception:  # noqa: BLE001 - the edge of a job: whatever happens, the next tick must come
            _log.exception("%s: this should not have happened; the scheduler goes on", name)

    def _refresh(self) -> None:
        try:
            self._lock.check()
        except SchedulerBusyError as error:
            _log.critical("the scheduler ends: %s", error)
            self._stop.set()
            if self._on_lost is not None:
                self._on_lost(error)
            return
        if self.cards.refresh():
            self._dispatcher.forget()
            self.follow_now()

    def _erase(self) -> None:
        if erased := withdrawing.erase_due(self._db, self._now()):
            _log.info("takedowns erased for good: %d", erased)

    def _check_licences(self) -> None:
        for checked in licensing.check_due(self._db, self._settings, self.cards.outlets, self._now()):
            log_licence(checked)
            if self._stop.is_set():
                return

    def _watch(self) -> None:
        log_watch(watching.check(self._db, self._settings, self.cards.outlets, self._now()))

    def _notify(self) -> None:
        """Tell of alarms; a job of its own, so that a mail server that hangs keeps nobody waiting."""
        noticing.notify(self._db, self._settings, self._now())

    def _tick(self) -> None:
        self._dispatcher.tick()
        self._pictures.run()

    def _crawled(self, is_news: bool) -> None:  # noqa: FBT001 - the dispatcher calls it so
        if is_news and not self._stop.is_set():
            self.publish_now()
        self._pictures.run()

    def _dump(self) -> None:
        place = dumping.next_dump(self._settings, self._now())
        if place is not None and (said := dumping.make(self._settings, place, self._stop)):
            _log.info("dump: %s", said)
