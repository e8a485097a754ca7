"""Crawls: their runs, and what each of them brought."""

import socket
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ScalarSelect, Select, func, insert, select, update
from sqlalchemy.orm import Session, aliased

from aggregator.clock import hour_of, now
from aggregator.model.crawl import CrawlRun, Reason, RunState
from aggregator.model.slip import Slip, SlipKind
from aggregator.store import living, slips
from aggregator.store.engine import Database
from aggregator.store.foreign import clean_or_none
from aggregator.store.living import interrupt_stale, refusal, stale, under_way
from aggregator.store.outlet_rows import ensure_outlets
from aggregator.store.process import process_mark
from aggregator.store.schema import CrawlRunOutletRow, CrawlRunRow, FetchRow, OutletRow
from aggregator.store.seeds import (
    SeedVisit,
    newest_visits,
    rhythm,
    rhythms,
    save_seed,
    save_wait,
    seed_validator,
    wait_until,
)
from aggregator.store.statements import insert_rows

__all__ = [
    "SeedVisit",
    "began",
    "end_run",
    "ended",
    "interrupt_stale",
    "last_crawled",
    "last_run",
    "newest_visits",
    "refusal",
    "rhythm",
    "rhythms",
    "run",
    "running",
    "runs",
    "save_seed",
    "save_wait",
    "seed_validator",
    "stale",
    "start_run",
    "under_way",
    "wait_until",
]


_MOST_RUNS: Final = 20_000


def start_run(db: Database, outlets: Sequence[str], pid: int, *, at: datetime | None = None) -> int:
    """Note that a process starts to crawl a batch of outlets, now or at ``at``; the number of the run.

    Raises:
        CrawledNowError: one of them is being crawled. Nothing starts; that it was wanted is noted.
    """
    at = at or now()
    with db.session() as session:
        living.be_only_starter(session)
        busy = {slug: run for slug, run in living.outlets(session, db, at).items() if slug in outlets}
        if not busy:
            return _start(session, outlets, pid, at)
        slips.note_in(
            session, [Slip(slug, SlipKind.OVERLAPPING, at, at, 1, run) for slug, run in busy.items()]
        )
    raise refusal(busy)


def _start(session: Session, outlets: Sequence[str], pid: int, at: datetime) -> int:
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
        {"run_id": run_id, "position": position, "outlet": outlet} for position, outlet in enumerate(outlets)
    ]
    insert_rows(session, CrawlRunOutletRow, rows)
    return run_id


def end_run(
    db: Database, run_id: int, state: RunState, detail: str | None = None, *, at: datetime | None = None
) -> None:
    """Note how a run ended, now or at ``at``; ``detail`` is one line for people."""
    with db.session() as session:
        session.execute(
            update(CrawlRunRow)
            .where(CrawlRunRow.id == run_id)
            .values(state=state.value, ended_at=at or now(), detail=clean_or_none(detail))
        )


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


def began(db: Database, since: datetime) -> dict[datetime, int]:
    """How many outlets were begun to be crawled in each hour since then, of the last 20,000 runs."""
    # One look into an index for each run: its outlets' places are counted from 0.
    outlets = (
        select(func.max(CrawlRunOutletRow.position) + 1)
        .where(CrawlRunOutletRow.run_id == CrawlRunRow.id)
        .correlate(CrawlRunRow)
        .scalar_subquery()
    )
    last = select(func.max(CrawlRunRow.id)).scalar_subquery()
    query = select(CrawlRunRow.started_at, outlets).where(
        CrawlRunRow.id > last - _MOST_RUNS, CrawlRunRow.started_at >= since
    )
    hours: Counter[datetime] = Counter()
    with db.reading() as session:
        for at, count in session.execute(query):
            hours[hour_of(at)] += count or 0
    return dict(hours)


def ended(db: Database, outlet: str) -> datetime | None:
    """When an outlet's last run ended, of whatever state; None if it is under way or there was none."""
    query = (
        select(CrawlRunRow.ended_at)
        .join(CrawlRunOutletRow, CrawlRunOutletRow.run_id == CrawlRunRow.id)
        .where(CrawlRunOutletRow.outlet == outlet)
        .order_by(CrawlRunRow.id.desc())
        .limit(1)
    )
    with db.reading() as session:
        return session.execute(query).scalar()


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
