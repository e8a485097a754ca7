"""Seeds: each look at one, and what the next look needs to know."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, exists, func, insert, or_, select

from aggregator.clock import now
from aggregator.model.crawl import Reason, RunState
from aggregator.model.outlet import Seed, SeedKind
from aggregator.model.page import Validator
from aggregator.store.engine import Database
from aggregator.store.foreign import clean, clean_or_none
from aggregator.store.outlet_rows import ensure_outlets
from aggregator.store.schema import CrawlRunRow, FetchRow, HostWaitRow, OutletRow, SeedVisitRow
from aggregator.store.statements import upsert_rows

_COLUMNS = (
    *(SeedVisitRow.outlet, SeedVisitRow.seed_kind, SeedVisitRow.seed_url, SeedVisitRow.reason),
    *(SeedVisitRow.status, SeedVisitRow.detail, SeedVisitRow.etag, SeedVisitRow.last_modified),
    *(SeedVisitRow.body_sha256, SeedVisitRow.found, SeedVisitRow.new, SeedVisitRow.at),
)
_UNSETTLED = tuple(reason.value for reason in Reason if not reason.is_final)


@dataclass(frozen=True, slots=True)
class SeedVisit:
    """One look at a seed.

    ``found`` counts the entries that it listed, ``new`` those of them that were not known before;
    ``status`` is None if no answer came.
    """

    outlet: str
    seed: Seed
    reason: Reason
    status: int | None
    detail: str | None
    validator: Validator
    found: int
    new: int
    at: datetime


def save_seed(db: Database, run_id: int | None, visit: SeedVisit) -> None:
    """Note a look at a seed."""
    with db.session() as session:
        ensure_outlets(session, {visit.outlet: visit.seed.url}, visit.at)
        session.execute(
            insert(SeedVisitRow).values(
                run_id=run_id,
                outlet=visit.outlet,
                seed_kind=visit.seed.kind.value,
                seed_url=clean(visit.seed.url),
                reason=visit.reason.value,
                status=visit.status,
                detail=clean_or_none(visit.detail),
                etag=clean_or_none(visit.validator.etag),
                last_modified=clean_or_none(visit.validator.last_modified),
                body_sha256=clean_or_none(visit.validator.body_sha256),
                found=visit.found,
                new=visit.new,
                at=visit.at,
            )
        )


def seed_validator(db: Database, url: str) -> Validator | None:
    """What to ask a seed's server with, so that an unchanged seed need not be read again.

    None if the seed was never read, or if its entries were not all settled then: the run was cut short, or
    a page failed that is to be tried again. An answer "not modified" would hide those entries for good.
    """
    query = (
        select(SeedVisitRow, CrawlRunRow.state)
        .outerjoin(CrawlRunRow, CrawlRunRow.id == SeedVisitRow.run_id)
        .where(
            SeedVisitRow.seed_url == url,
            or_(
                SeedVisitRow.etag.is_not(None),
                SeedVisitRow.last_modified.is_not(None),
                SeedVisitRow.body_sha256.is_not(None),
            ),
        )
        .order_by(SeedVisitRow.id.desc())
        .limit(1)
    )
    with db.reading() as session:
        row = session.execute(query).one_or_none()
        if row is None:
            return None
        visit, state = row
        if visit.run_id is not None:
            unsettled = exists().where(
                FetchRow.run_id == visit.run_id,
                FetchRow.outlet == visit.outlet,
                FetchRow.reason.in_(_UNSETTLED),
            )
            if state != RunState.FINISHED.value or session.execute(select(unsettled)).scalar():
                return None
        return _validator(visit)


def rhythm(db: Database, outlet: str, visits: int = 10) -> list[SeedVisit]:
    """The last looks at an outlet's seeds, newest first."""
    query = (
        select(SeedVisitRow)
        .where(SeedVisitRow.outlet == outlet)
        .order_by(SeedVisitRow.id.desc())
        .limit(visits)
    )
    with db.reading() as session:
        return [_visit(row) for row in session.execute(query).scalars()]


def newest_visits(db: Database) -> dict[str, int]:
    """The number of the last look at any seed of each outlet that was looked at."""
    last = (
        select(func.max(SeedVisitRow.id))
        .where(SeedVisitRow.outlet == OutletRow.slug)
        .correlate(OutletRow)
        .scalar_subquery()
    )
    with db.reading() as session:
        return {slug: number for slug, number in session.execute(select(OutletRow.slug, last)) if number}


def rhythms(db: Database, counts: Mapping[str, int]) -> dict[str, list[SeedVisit]]:
    """The last looks at the seeds of outlets, of each so many, newest first."""
    # Columns instead of rows of the mapper: a scheduler that starts reads ten thousand of them.
    query = (
        select(*_COLUMNS)
        .where(SeedVisitRow.outlet == bindparam("slug"))
        .order_by(SeedVisitRow.id.desc())
        .limit(bindparam("count"))
    )
    with db.reading() as session:
        return {
            slug: [_visit(row) for row in session.execute(query, {"slug": slug, "count": count})]
            for slug, count in counts.items()
        }


def wait_until(db: Database, host: str) -> datetime | None:
    """Until when a host is to be left alone; None if it may be asked."""
    query = select(HostWaitRow.until).where(HostWaitRow.host == host.lower(), HostWaitRow.until > now())
    with db.reading() as session:
        return session.execute(query).scalar()


def save_wait(db: Database, host: str, until: datetime) -> None:
    """Note that a host asked to be left alone until a moment."""
    with db.session() as session:
        upsert_rows(session, HostWaitRow, [{"host": clean(host).lower(), "until": until}])


def _visit(row: SeedVisitRow | Row[*tuple[Any, ...]]) -> SeedVisit:
    return SeedVisit(
        outlet=row.outlet,
        seed=Seed(SeedKind(row.seed_kind), row.seed_url),
        reason=Reason(row.reason),
        status=row.status,
        detail=row.detail,
        validator=_validator(row),
        found=row.found,
        new=row.new,
        at=row.at,
    )


def _validator(row: SeedVisitRow | Row[*tuple[Any, ...]]) -> Validator:
    return Validator(row.etag, row.last_modified, row.body_sha256)
