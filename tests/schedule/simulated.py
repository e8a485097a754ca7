"""A simulated day of a scheduler: its clock, the process to be killed, the crawls that it starts.

What the scheduler does is its own: store, lock, plan, editions. A crawl is a process that notes its
run, takes some minutes of the clock, and stores an article for each outlet in one transaction.
"""

import fcntl
import logging
import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing.connection import Client, Connection
from pathlib import Path

from sqlalchemy import update
from store.samples import article, page

from aggregator.config import PublishSettings, Settings, WatchSettings
from aggregator.crawling import CrawlReport, Usage
from aggregator.errors import CrawledNowError, CrawlError, SchedulerBusyError
from aggregator.model.crawl import Reason, RunState
from aggregator.schedule.service import Scheduler
from aggregator.store import articles, crawls
from aggregator.store.engine import Database
from aggregator.store.lock import only_scheduler
from aggregator.store.schema import ArticleRow

BEGIN = datetime(2031, 4, 5, tzinfo=UTC)
END = BEGIN + timedelta(days=1)
STEP = timedelta(minutes=1)
BUSY = 75
RULES = PublishSettings(slots=("45 */3 * * *",), max_articles=500)


class Clock:
    """A clock that processes share; each look of a scheduler moves it on.

    So the day is as long for a machine under load as for one that idles. While anybody holds it, it stands: a
    process that is being started takes no minute of the day.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_RDWR | os.O_CREAT)
        self._lock = threading.Lock()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold it; who dies lets go of it."""
        file = os.open(self._path, os.O_RDWR)
        try:
            fcntl.flock(file, fcntl.LOCK_SH)
            yield
        finally:
            os.close(file)

    def move(self, by: timedelta = STEP) -> datetime:
        """Move it on; what it shows then."""
        with self._lock:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            at = self.look() + by
            os.pwrite(self._file, at.isoformat().encode().ljust(40), 0)
            fcntl.flock(self._file, fcntl.LOCK_UN)
        return at

    def look(self) -> datetime:
        """What it shows."""
        return datetime.fromisoformat((os.pread(self._file, 40, 0) or str(BEGIN).encode()).decode().strip())


def scheduler(url: str, home: str, address: str, *, waits: bool) -> None:
    """Be a scheduler until the day is over, or leave with 75 where another one is."""
    logging.disable(logging.WARNING)
    clock = Clock(Path(home) / "clock")
    db = Database.open(url)
    settings = Settings(
        outlets=Path(home) / "cards",
        publish=RULES,
        watch=WatchSettings(every_minutes=0),
        pages=Path(home) / "pages",
    )
    try:
        with only_scheduler(db, (lambda _: None) if waits else None) as lock:
            work = Scheduler(db, settings, lock, now=clock.move, crawl=partial(ask_for_crawl, address))
            work.prepare()
            (Path(home) / "scheduler").write_text(str(os.getpid()))
            while clock.look() < END:
                work.step()
    except SchedulerBusyError:
        sys.exit(BUSY)


def ask_for_crawl(
    address: str, _settings: Settings, slugs: Sequence[str], *, stop: threading.Event | None
) -> CrawlReport:
    """Have the test start a crawl's process, which outlives the scheduler, and wait for its end."""
    assert stop is not None
    with Client(address) as asked:
        asked.send(tuple(slugs))
        code = asked.recv()
    if code:
        raise CrawlError(f"the crawl ended with {code}")
    counts = {slug: {Reason.STORED: 1} for slug in slugs}
    return CrawlReport(0, RunState.FINISHED, tuple(slugs), counts, 0.0, None, Usage())


def crawl(url: str, home: str, slugs: Sequence[str], plan: tuple[float, int], begun: Connection) -> None:
    """Be a crawl that takes so many seconds to load and so many minutes of the clock; tell when it begins."""
    loads, minutes = plan
    clock, db = Clock(Path(home) / "clock"), Database.open(url, migrate=False)
    time.sleep(loads)
    try:
        run = crawls.start_run(db, slugs, os.getpid(), at=clock.look())
    except CrawledNowError:
        os._exit(BUSY)
    begun.send(run)
    over = clock.look() + timedelta(minutes=minutes)
    while clock.look() < over:
        clock.move()
        time.sleep(0.001)
    found = [article(run * 100 + place, outlet=slug, published=None) for place, slug in enumerate(slugs)]
    articles.save(db, run, [page(one) for one in found])
    with db.session() as session:
        urls = [one.url for one in found]
        session.execute(update(ArticleRow).where(ArticleRow.url.in_(urls)).values(stored_at=clock.look()))
    crawls.end_run(db, run, RunState.FINISHED, at=clock.look())
    os._exit(0)
