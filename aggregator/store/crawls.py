"""Crawls: their runs, and what each of them brought."""

import socket
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ScalarSelect, Select, func, insert, select, update
from sqlalchemy.orm import Session, aliased

from aggregator.clock import now
from aggregator.model.crawl import CrawlRun, Reason, RunState
from aggregator.store.engine import Database
from aggregator.store.foreign import clean_or_none
from aggregator.store.outlet_rows import ensure_outlets
from aggregator.store.process import is_alive, process_mark
from aggregator.store.schema import CrawlRunOutletRow, CrawlRunRow, FetchRow, OutletRow
from aggregator.store.seeds import SeedVisit, rhythm, save_seed, save_wait, seed_validator, wait_until
from aggregator.store.statements import insert_rows

__all__ = [
    "SeedVisit",
    "end_run",
    "interrupt_stale",
    "last_crawled",
    "last_run",
    "rhythm",
    "run",
    "running",
    "runs",
    "save_seed",
    "save_wait",
    "seed_validator",
    "stale",
    "start_run",
    "wait_until",
]

LONGEST_RUN: Final = timedelta(hours=24)
"""A run of another machine, whose processes cannot be seen from here, counts as dead after this time."""


def start_run(db: Database, outlets: Sequence[str], pid: int) -> int:
    """Note that a process starts to crawl a batch of outlets; the number of the run."""
    at = now()
    with db.session() as session:
        ensure_outlets(session, dict.fromkeys(outlets, ""), at)
        run_id = session.execute(
            insert(CrawlRunRow)
            .values(
                state=RunState.RUNNING.value,
                pid=pid,
                process=process_mark(pid),
                machine=socket.gethostname(),
                started_at=at,
            )
            .returning(CrawlRunRow.id)
        ).scalar_one()
        rows = [
            {"run_id": run_id, "position": position, "outlet": outlet}
            for position, outlet in enumerate(outlets)
        ]
        insert_rows(session, CrawlRunOutletRow, rows)
    return run_id


def end_run(db: Database, run_id: int, state: RunState, detail: str | None = None) -> None:
    """Note how a run ended; ``detail`` is one line for people."""
    with db.session() as session:
        session.execute(
            update(CrawlRunRow)
            .where(CrawlRunRow.id == run_id)
            .values(state=state.value, ended_at=now(), detail=clean_or_none(detail))
        )


def interrupt_stale(db: Database) -> int:
    """Mark the runs whose process is gone as interrupted; how many there were."""
    at = now()
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


def _dead(session: Session, db: Database, at: datetime) -> list[int]:
    running = select(CrawlRunRow).where(CrawlRunRow.state == RunState.RUNNING.value)
    return [run.id for run in session.execute(running).scalars() if _is_dead(run, db, at)]


def _is_dead(run: CrawlRunRow, db: Database, at: datetime) -> bool:
    # A file is used by one machine, though a container may have had another name before its restart.
    if db.dialect == "sqlite" or run.machine == socket.gethostname():
        return not is_alive(run.pid, run.process)
    return at - run.started_at > LONGEST_RUN


def runs(db: Database, limit: int = 20) -> list[CrawlRun]:
    """The last runs, newest first, with their counts by outlet and reason."""
    return _read(db, select(CrawlRunRow).order_by(CrawlRunRow.id.desc()).limit(limit))


def run(db: Database, run_id: int) -> CrawlRun | None:
    """One run with its counts by outlet and reason."""
    return next(iter(_read(db, select(CrawlRunRow).where(CrawlRunRow.id == run_id))), None)


def running(db: Database) -> list[CrawlRun]:
    """The runs under way, newest first."""
    is_running = CrawlRunRow.state == RunState.RUNNING.value
    return _read(db, select(CrawlRunRow).where(is_running).order_by(CrawlRunRow.id.desc()))


def _read(db: Database, query: Select[CrawlRunRow]) -> list[CrawlRun]:
    with db.reading() as session:
        rows = session.execute(query).scalars().all()
        ids = [row.id for row in rows]
        outlets, counts = _outlets(session, ids), _counts(session, ids)
    return [
        CrawlRun(
            id=row.id,
            outlets=tuple(outlets[row.id]),
            state=RunState(row.state),
            started_at=row.started_at,
            ended_at=row.ended_at,
            counts=dict(counts[row.id]),
            detail=row.detail,
        )
        for row in rows
    ]


def last_crawled(db: Database) -> dict[str, datetime]:
    """When each outlet's last run that was not interrupted started."""
    query = select(OutletRow.slug, CrawlRunRow.started_at).join(CrawlRunRow, CrawlRunRow.id == last_run())
    with db.reading() as session:
        return {outlet: started for outlet, started in session.execute(query)}  # noqa: C416 - a Row is no pair to mypy


def last_run() -> ScalarSelect[int]:
    """The number of an outlet's last run that was not interrupted, for a query over outlets.

    One look into an index for each outlet: the runs of a year are millions of rows.
    """
    run = aliased(CrawlRunRow)
    return (
        select(CrawlRunOutletRow.run_id)
        .join(run, run.id == CrawlRunOutletRow.run_id)
        .where(CrawlRunOutletRow.outlet == OutletRow.slug, run.state != RunState.INTERRUPTED.value)
        .order_by(CrawlRunOutletRow.run_id.desc())
        .limit(1)
        .correlate(OutletRow)
        .scalar_subquery()
    )


def _outlets(session: Session, ids: Iterable[int]) -> dict[int, list[str]]:
    query = (
        select(CrawlRunOutletRow.run_id, CrawlRunOutletRow.outlet)
        .where(CrawlRunOutletRow.run_id.in_(ids))
        .order_by(CrawlRunOutletRow.run_id, CrawlRunOutletRow.position)
    )
    outlets: dict[int, list[str]] = defaultdict(list)
    for run_id, outlet in session.execute(query):
        outlets[run_id].append(outlet)
    return outlets


def _counts(session: Session, ids: Iterable[int]) -> dict[int, dict[str, dict[Reason, int]]]:
    query = (
        select(FetchRow.run_id, FetchRow.outlet, FetchRow.reason, func.count())
        .where(FetchRow.run_id.in_(ids))
        .group_by(FetchRow.run_id, FetchRow.outlet, FetchRow.reason)
    )
    counts: dict[int, dict[str, dict[Reason, int]]] = defaultdict(lambda: defaultdict(dict))
    for run_id, outlet, reason, number in session.execute(query):
        if run_id is not None:
            counts[run_id][outlet][Reason(reason)] = number
    return counts
