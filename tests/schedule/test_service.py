"""The scheduler's own ways: whoever lost the lock dispatches nothing any more."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from store.samples import article, outlet, page

from aggregator import clock
from aggregator.config import PublishSettings, Settings
from aggregator.errors import AggregatorError, SchedulerBusyError
from aggregator.outlets import write
from aggregator.schedule.service import Scheduler
from aggregator.store import articles, editions, slot
from aggregator.store import outlets as stored_outlets
from aggregator.store.engine import Database
from aggregator.store.lock import only_scheduler


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_scheduler_that_lost_its_lock_says_so_and_ends(db: Database, tmp_path: Path) -> None:
    settings = Settings(outlets=tmp_path / "cards")
    write(outlet("resting", paused=True), settings.outlets)
    told: list[AggregatorError] = []
    lost = threading.Event()

    def on_lost(error: AggregatorError) -> None:
        told.append(error)
        lost.set()

    with only_scheduler(db) as lock:
        with db.session() as session:
            holders = "FROM pg_locks WHERE locktype = 'advisory'"
            session.execute(text(f"SELECT pg_terminate_backend(pid, 5000) {holders}"))
        with only_scheduler(db):
            scheduler = Scheduler(db, settings, lock, on_lost)
            scheduler.start()
            assert lost.wait(10)
            scheduler.stop()
    assert isinstance(told[0], SchedulerBusyError)


def test_new_articles_wait_for_their_slot_and_a_slot_that_was_missed_takes_them_once(
    db: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "cards"
    write(outlet("harbour", paused=True), folder)
    stored_outlets.sync(db, [outlet("harbour")])
    articles.save(db, None, [page(article(1))])
    yearly = Settings(outlets=folder, publish=PublishSettings(slots=("0 0 1 1 *",)))
    with only_scheduler(db) as lock:
        for _ in range(2):
            Scheduler(db, yearly, lock).publish_now()
        assert editions.editions(db, 9) == []
        with db.session() as session:
            slot.close(session, clock.now() - timedelta(days=400))
        for _ in range(2):  # a restart between them
            Scheduler(db, yearly, lock).publish_now()
    assert [edition.article_count for edition in editions.editions(db, 9)] == [1]


def test_scheduler_stops_at_once_when_nothing_runs(db: Database, tmp_path: Path) -> None:
    settings = Settings(outlets=tmp_path / "cards")
    with only_scheduler(db) as lock:
        scheduler = Scheduler(db, settings, lock)
        scheduler.start()
        scheduler.stop()
    assert not [thread for thread in threading.enumerate() if "APScheduler" in thread.name]
