"""kill -9 of the scheduler through a simulated day: no job lost, none twice at once, nothing half-written."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise
from multiprocessing.connection import Connection, Listener, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random

import pytest
from processes import PROCESSES
from schedule import simulated
from schedule.simulated import BEGIN, BUSY, END, RULES, Clock
from sqlalchemy import select
from store.samples import outlet

from aggregator import wallclock
from aggregator.model.crawl import CrawlRun, RunState
from aggregator.model.outlet import Cron, Interval, Outlet, Rights, Schedule
from aggregator.model.slip import MadeUp, SlipKind
from aggregator.outlets import write
from aggregator.store import crawls, slips
from aggregator.store.engine import Database
from aggregator.store.schema import ArticleRow, EditionRow, PublicationRow

pytestmark = pytest.mark.slow

KILLS = 8
LOADS = (0, 0, 0.02)
TAKES = (0, 3, 1, 130, 4, 2, 0, 130)
"""Seconds to load, and minutes of the clock that crawls take, in turns; 130 are too many for some."""
DOWN_MINUTES = (0, 0, 0, 3, 40, 150)

SCHEDULES: dict[str, Schedule] = {
    "even": Cron("0 */2 * * *"),
    "quarter-past": Cron("15 */3 * * *"),
    "thrice": Cron("30 6,12,18 * * *"),
    "noon": Cron("0 12 * * *", "Europe/Paris"),
    "often": Interval(100, jitter_seconds=0),
    "seldom": Interval(300, jitter_seconds=60),
}


@dataclass
class Day:
    """A day's processes, and what befell them."""

    url: str
    home: Path
    rnd: Random
    address: str = ""
    crawls: list[BaseProcess] = field(default_factory=list)
    last: BaseProcess | None = None
    downs: list[tuple[datetime, datetime]] = field(default_factory=list)

    @cached_property
    def clock(self) -> Clock:
        return Clock(self.home / "clock")

    def scheduler(self, *, waits: bool = True) -> BaseProcess:
        arguments = (self.url, str(self.home), self.address)
        process = PROCESSES.Process(
            target=simulated.scheduler, args=arguments, kwargs={"waits": waits}, daemon=True
        )
        process.start()
        return process

    def begun(self) -> BaseProcess:
        """A scheduler that is at work."""
        process, mark = self.scheduler(), self.home / "scheduler"
        while process.is_alive() and not (mark.exists() and mark.read_text() == str(process.pid)):
            process.join(0.005)
        return process

    def serve(self, listener: Listener) -> None:
        """Start the crawls that schedulers ask for."""
        while True:
            try:
                asked = listener.accept()
                slugs = asked.recv()
            except (OSError, EOFError):
                if not self.address:
                    return
                continue
            with self.clock.held():
                number = len(self.crawls)
                plan = (LOADS[number % len(LOADS)], TAKES[number % len(TAKES)])
                begun, tells = PROCESSES.Pipe(duplex=False)
                arguments = (self.url, str(self.home), slugs, plan, tells)
                process = PROCESSES.Process(target=simulated.crawl, args=arguments, daemon=True)
                process.start()
                self.crawls.append(process)
                threading.Thread(target=_answer, args=(asked, process), daemon=True).start()
                # Killed while it loads, it begins nothing.
                wait([begun, process.sentinel])
            self.last = process

    def kill(self, process: BaseProcess, *, with_crawls: bool) -> None:
        """Kill a scheduler, perhaps with its crawls, and let some time pass without one."""
        process.kill()
        process.join()
        since = self.clock.look()
        if with_crawls:
            for crawl in list(self.crawls):
                crawl.kill()
                crawl.join()
        self.downs.append((since, self.clock.move(timedelta(minutes=self.rnd.choice(DOWN_MINUTES)))))

    def wait_for(self, process: BaseProcess, moment: datetime, *, is_crawling: bool) -> None:
        """Let a scheduler work until a moment of the clock, or until a crawl is on its way behind it."""
        while process.is_alive() and self.clock.look() < END:
            is_on = self.last is not None and self.last.is_alive()
            if self.clock.look() >= moment and (is_on or not is_crawling):
                return
            process.join(0.001)


def _answer(asked: Connection, process: BaseProcess) -> None:
    process.join()
    with suppress(OSError):  # who asked may be dead
        asked.send(process.exitcode)
    asked.close()


@contextmanager
def day(url: str, home: Path, seed: int) -> Iterator[Day]:
    """Outlets with their schedules, and somebody who starts crawls."""
    for slug, schedule in SCHEDULES.items():
        write(card(slug, schedule), home / "cards")
    made = Day(url, home, Random(seed))  # noqa: S311 - moments to kill at
    made.clock.move(timedelta())
    with Listener(family="AF_UNIX") as listener:
        made.address = str(listener.address)
        threading.Thread(target=made.serve, args=(listener,), daemon=True).start()
        yield made
        made.address = ""
    for crawl in made.crawls:
        crawl.join()


def card(slug: str, schedule: Schedule) -> Outlet:
    # Without a licence page, which a crawl of its own would be sent to.
    return outlet(slug, schedule=schedule, rights=Rights())


def test_no_job_is_lost_and_none_runs_twice_at_once(database_url: str, tmp_path: Path) -> None:
    with day(database_url, tmp_path, seed=11) as today:
        process = today.begun()
        for number in range(KILLS):
            moment = today.clock.look() + timedelta(minutes=today.rnd.uniform(10, 100))
            today.wait_for(process, moment, is_crawling=number % 2 == 0)
            if number == KILLS // 2:
                second = today.scheduler(waits=False)
                second.join()
                assert second.exitcode == BUSY
            today.kill(process, with_crawls=number % 2 == 0 or today.rnd.random() < 0.3)
            process = today.begun()
        process.join(180)
        assert process.exitcode == 0
    db = Database.open(database_url)
    assert db.integrity() == "ok"
    runs = sorted(crawls.runs(db, 1_000), key=lambda run: run.id)
    slipped = slips.listed(db, 1_000)
    check_runs(runs)
    for slug, schedule in SCHEDULES.items():
        mine = [run.started_at for run in runs if slug in run.outlets and run.state is RunState.FINISHED]
        check_slots(slug, schedule, mine, [one for one in slipped if one.slip.outlet == slug])
    assert {one.slip.kind for one in slipped} == set(SlipKind)
    assert any(run.state is RunState.INTERRUPTED for run in runs)
    check_editions(db, today)
    db.close()


def check_runs(runs: list[CrawlRun]) -> None:
    """No outlet is in two runs at once, and what finished is whole."""
    assert all(run.state in {RunState.FINISHED, RunState.INTERRUPTED} for run in runs)
    for slug in SCHEDULES:
        mine = [run for run in runs if slug in run.outlets]
        assert all(
            earlier.ended_at <= later.started_at for earlier, later in pairwise(mine) if earlier.ended_at
        )
    for run in runs:
        stored = sum(sum(counts.values()) for counts in run.counts.values())
        # A batch is stored in one transaction: all of it is there, or nothing of a run that was cut off.
        assert stored == len(run.outlets) or (stored == 0 and run.state is RunState.INTERRUPTED)


def check_slots(slug: str, schedule: Schedule, ran: list[datetime], slipped: list[MadeUp]) -> None:
    """Each moment of the schedule had its crawl before the next one, or was noted and made up for."""
    assert all(one.run is not None for one in slipped if one.slip.found_at < END - timedelta(hours=2)), slug
    if isinstance(schedule, Interval):
        pauses = [later - earlier for earlier, later in pairwise(ran)]
        assert all(pause >= timedelta(minutes=schedule.minutes) for pause in pauses), slug
        longest = timedelta(minutes=schedule.minutes, seconds=schedule.jitter_seconds + 60 * 20)
        late = [later for (_, later), pause in zip(pairwise(ran), pauses, strict=True) if pause > longest]
        found = {one.at for one in slipped}
        assert set(late) <= found, slug
        return
    assert isinstance(schedule, Cron)
    moments = [wallclock.following(schedule.expression, schedule.timezone, BEGIN + timedelta(minutes=30))]
    while moments[-1] < END - timedelta(hours=2):
        moments.append(wallclock.following(schedule.expression, schedule.timezone, moments[-1]))
    for due, after in pairwise(moments):
        count = sum(due <= at < after for at in ran)
        is_noted = any(one.slip.due_at <= due <= one.slip.found_at for one in slipped)
        assert count == 1 or (count == 0 and is_noted), (slug, due, count)


def check_editions(db: Database, today: Day) -> None:
    """Each slot had its edition in its time unless no scheduler ran, and each article went out once."""
    with db.reading() as session:
        closed = {row.id: row for row in session.execute(select(EditionRow)).scalars()}
        out = session.execute(select(PublicationRow)).scalars().all()
        rows = session.execute(select(ArticleRow.id, ArticleRow.stored_at)).all()
        stored = {number: at for number, at in rows}  # noqa: C416 - a Row is no pair to mypy
    assert Counter(one.edition_id for one in out) == {
        number: row.article_count for number, row in closed.items()
    }
    assert len({one.article_id for one in out}) == len(out)
    slots = [wallclock.following(RULES.slots[0], "UTC", BEGIN + timedelta(hours=1))]
    while slots[-1] < END - timedelta(hours=2):
        slots.append(wallclock.following(RULES.slots[0], "UTC", slots[-1]))
    for slot, after in pairwise(slots):
        count = sum(slot <= row.closed_at < after for row in closed.values())
        is_down = any(since < after and until >= slot for since, until in today.downs)
        assert count == 1 or (count == 0 and is_down), slot
    last = max(row.closed_at for row in closed.values())
    waiting = set(stored) - {one.article_id for one in out}
    assert all(stored[number] >= last - timedelta(minutes=5) for number in waiting)
