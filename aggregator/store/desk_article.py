"""The way of one article through the crawls: every request for it, the seeds that were looked at, robots."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from aggregator.model.page import ArchiveRef
from aggregator.store.engine import Database
from aggregator.store.schema import CrawlRunOutletRow, FetchRow, RobotsFileRow, SeedVisitRow

MOST: Final = 50
_RUNS: Final = 100
"""Crawls that are looked through for an outlet's last pages; if they brought too few, all pages are."""


@dataclass(frozen=True, slots=True)
class Request:
    """One time that the article's page was asked for, and how that ended."""

    run: int | None
    url: str
    at: datetime
    reason: str
    status: int | None
    detail: str | None
    etag: str | None
    last_modified: str | None
    archived: ArchiveRef | None


@dataclass(frozen=True, slots=True)
class Visit:
    """A look at a seed: what it listed, and how much of that was new."""

    kind: str
    url: str
    at: datetime
    reason: str
    found: int
    new: int
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Robots:
    """A host's robots.txt as the last crawl met it."""

    origin: str
    checked_at: datetime
    status: int | None
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Way:
    """How an article came: its requests (newest first), the seeds of the crawl that found it, robots."""

    requests: list[Request]
    visits: list[Visit]
    robots: list[Robots]


def way(db: Database, article_id: int, outlet: str) -> Way:
    """The way of an article of an outlet."""
    asked = requests(db, article_id)
    run = next((one.run for one in reversed(asked) if one.run is not None), None)
    return Way(asked, visits_of(db, outlet, run) if run is not None else [], robots(db, outlet))


def requests(db: Database, article_id: int) -> list[Request]:
    """The requests for an article's page, newest first."""
    query = select(FetchRow).where(FetchRow.article_id == article_id).order_by(FetchRow.id.desc()).limit(MOST)
    with db.reading() as session:
        return [_request(row) for row in session.execute(query).scalars()]


def visits(db: Database, outlet: str, since: datetime, until: datetime) -> list[Visit]:
    """The looks at an outlet's seeds in a span of time, oldest first."""
    query = (
        select(SeedVisitRow)
        .where(SeedVisitRow.outlet == outlet, SeedVisitRow.at >= since, SeedVisitRow.at <= until)
        .order_by(SeedVisitRow.id)
        .limit(MOST)
    )
    with db.reading() as session:
        return [_visit(row) for row in session.execute(query).scalars()]


def visits_of(db: Database, outlet: str, run: int) -> list[Visit]:
    """The looks at an outlet's seeds in one crawl, oldest first."""
    query = (
        select(SeedVisitRow)
        .where(SeedVisitRow.outlet == outlet, SeedVisitRow.run_id == run)
        .order_by(SeedVisitRow.id)
        .limit(MOST)
    )
    with db.reading() as session:
        return [_visit(row) for row in session.execute(query).scalars()]


def last_visits(db: Database, outlet: str, limit: int) -> list[Visit]:
    """The last looks at an outlet's seeds, newest first."""
    query = (
        select(SeedVisitRow)
        .where(SeedVisitRow.outlet == outlet)
        .order_by(SeedVisitRow.id.desc())
        .limit(limit)
    )
    with db.reading() as session:
        return [_visit(row) for row in session.execute(query).scalars()]


def last_requests(db: Database, outlet: str, limit: int) -> list[tuple[Request, int | None]]:
    """The last pages of an outlet that ended, newest first, each with the article that it became."""
    # By its last crawls: no index has an outlet's pages in their order, and it may have a hundred thousand.
    mine = CrawlRunOutletRow
    last = select(mine.run_id).where(mine.outlet == outlet).order_by(mine.run_id.desc()).limit(_RUNS)
    query = select(FetchRow).where(FetchRow.outlet == outlet).order_by(FetchRow.id.desc()).limit(limit)
    with db.reading() as session:
        runs = list(session.execute(last).scalars())
        rows = session.execute(query.where(FetchRow.run_id.in_(runs))).scalars().all()
        if len(rows) < limit:
            rows = session.execute(query).scalars().all()
        return [(_request(row), row.article_id) for row in rows]


def robots(db: Database, outlet: str) -> list[Robots]:
    """The robots.txt of an outlet's hosts, as far as crawls have met them."""
    query = select(RobotsFileRow).where(RobotsFileRow.outlet == outlet).order_by(RobotsFileRow.origin)
    with db.reading() as session:
        return [
            Robots(row.origin, row.checked_at, row.status, row.changed_at)
            for row in session.execute(query).scalars()
        ]


def _visit(row: SeedVisitRow) -> Visit:
    return Visit(row.seed_kind, row.seed_url, row.at, row.reason, row.found, row.new, row.detail)


def _request(row: FetchRow) -> Request:
    archived = None
    if row.archive_file is not None:
        archived = ArchiveRef(row.archive_file, row.archive_offset_bytes or 0, row.archive_length_bytes or 0)
    return Request(
        row.run_id,
        row.url,
        row.at,
        row.reason,
        row.status,
        row.detail,
        row.etag,
        row.last_modified,
        archived,
    )
