"""Slips: crawls that did not begin when they were due, and the runs that made up for them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from aggregator.model.crawl import RunState
from aggregator.model.slip import MadeUp, Slip, SlipKind
from aggregator.store.engine import Database
from aggregator.store.schema import CrawlRunOutletRow, CrawlRunRow, CrawlSlipRow
from aggregator.store.statements import upsert_rows


def note(db: Database, found: Sequence[Slip]) -> None:
    """Note slips; one that is known and was not made up for is told anew, up to now."""
    if found:
        with db.session() as session:
            note_in(session, found)


def note_in(session: Session, found: Sequence[Slip]) -> None:
    """The same, in a transaction under way."""
    last = session.execute(select(func.max(CrawlRunRow.id))).scalar() or 0
    rows = [
        {
            "outlet": slip.outlet,
            "due_at": slip.due_at,
            "kind": slip.kind.value,
            "found_at": slip.found_at,
            "times": slip.times,
            "run_id": slip.run,
            "after_run": last,
        }
        for slip in found
    ]
    upsert_rows(session, CrawlSlipRow, rows)


def moments(db: Database, since: datetime, limit: int = 5_000) -> list[tuple[str, datetime]]:
    """Outlets and the moments that they were due at and not crawled, of the slips found since then."""
    query = select(CrawlSlipRow.outlet, CrawlSlipRow.due_at).where(CrawlSlipRow.found_at >= since)
    with db.reading() as session:
        rows = session.execute(query.order_by(CrawlSlipRow.found_at.desc()).limit(limit))
        return [(outlet, due_at) for outlet, due_at in rows]


def listed(db: Database, limit: int = 50, *, since: datetime | None = None) -> list[MadeUp]:
    """The slips that were found last, newest first, each with the run that made up for it."""
    run = aliased(CrawlRunRow)
    # One look into an index for each: runs that were cut off made up for nothing.
    makes_up = (
        select(CrawlRunOutletRow.run_id)
        .join(run, run.id == CrawlRunOutletRow.run_id)
        .where(CrawlRunOutletRow.outlet == CrawlSlipRow.outlet)
        .where(CrawlRunOutletRow.run_id > CrawlSlipRow.after_run)
        .where(run.state != RunState.INTERRUPTED.value)
        .order_by(CrawlRunOutletRow.run_id)
        .limit(1)
        .correlate(CrawlSlipRow)
        .scalar_subquery()
    )
    query = select(CrawlSlipRow, CrawlRunRow.id, CrawlRunRow.started_at).outerjoin(
        CrawlRunRow, CrawlRunRow.id == makes_up
    )
    if since is not None:
        query = query.where(CrawlSlipRow.found_at >= since)
    order = (CrawlSlipRow.found_at.desc(), CrawlSlipRow.outlet, CrawlSlipRow.due_at.desc())
    with db.reading() as session:
        rows = session.execute(query.order_by(*order).limit(limit)).all()
    return [MadeUp(_slip(row), number, at) for row, number, at in rows]


def _slip(row: CrawlSlipRow) -> Slip:
    return Slip(row.outlet, SlipKind(row.kind), row.due_at, row.found_at, row.times, row.run_id)
