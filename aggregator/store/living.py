"""Living runs: which crawls are under way, and which of them only look so."""

import socket
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from aggregator.clock import now
from aggregator.errors import CrawledNowError
from aggregator.model.crawl import RunState
from aggregator.store.engine import Database
from aggregator.store.process import is_alive
from aggregator.store.schema import CrawlRunOutletRow, CrawlRunRow, FetchRow

LONGEST_SILENCE: Final = timedelta(minutes=30)
"""A run of another machine, whose processes cannot be seen from here, counts as dead when no page of it has
ended for so long: a page takes five minutes at most, and hosts that want longer pauses are left for later."""

_STARTER_KEY: Final = 5_071_940_112_361
"""The number of PostgreSQL's advisory lock for starting runs; any number that nobody else uses."""


def be_only_starter(session: Session) -> None:
    """Wait until no other process starts a run, until the end of this transaction; SQLite's writers do so."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _STARTER_KEY})


def interrupt_stale(db: Database, at: datetime | None = None) -> int:
    """Mark the runs whose process is gone as interrupted, now or at ``at``; how many there were."""
    at = at or now()
    with db.session() as session:
        if dead := _dead(session, db, at):
            session.execute(
                update(CrawlRunRow)
                .where(CrawlRunRow.id.in_(dead))
                .values(state=RunState.INTERRUPTED.value, ended_at=at, detail="its process is gone")
            )
    return len(dead)


def stale(db: Database, at: datetime) -> list[int]:
    """The numbers of the runs that count as running and whose process is gone."""
    with db.reading() as session:
        return _dead(session, db, at)


def under_way(db: Database, at: datetime | None = None) -> dict[str, int]:
    """The outlets that are being crawled, by whomever, each with the number of the run."""
    with db.reading() as session:
        return outlets(session, db, at or now())


def refusal(busy: Mapping[str, int]) -> CrawledNowError:
    """Why these outlets, each with the run that crawls it, cannot be crawled now."""
    told = ", ".join(f"{slug} by run {run}" for slug, run in sorted(busy.items()))
    return CrawledNowError(f"being crawled just now: {told}; wait for the end")


def outlets(session: Session, db: Database, at: datetime) -> dict[str, int]:
    """The same, in a transaction under way."""
    is_running = CrawlRunRow.state == RunState.RUNNING.value
    running = session.execute(select(CrawlRunRow).where(is_running)).scalars()
    living = [run.id for run in running if not _is_dead(session, run, db, at)]
    if not living:
        return {}
    query = select(CrawlRunOutletRow.outlet, CrawlRunOutletRow.run_id)
    found = session.execute(query.where(CrawlRunOutletRow.run_id.in_(living)))
    return {outlet: run_id for outlet, run_id in found}  # noqa: C416 - a Row is no pair to mypy


def _dead(session: Session, db: Database, at: datetime) -> list[int]:
    running = select(CrawlRunRow).where(CrawlRunRow.state == RunState.RUNNING.value)
    return [run.id for run in session.execute(running).scalars() if _is_dead(session, run, db, at)]


def _is_dead(session: Session, run: CrawlRunRow, db: Database, at: datetime) -> bool:
    # A file is used by one machine, though a container may have had another name before its restart.
    if db.dialect == "sqlite" or run.machine == socket.gethostname():
        return not is_alive(run.pid, run.process)
    if at - run.started_at <= LONGEST_SILENCE:
        return False
    last = session.execute(select(func.max(FetchRow.at)).where(FetchRow.run_id == run.id)).scalar()
    return last is None or at - last > LONGEST_SILENCE
