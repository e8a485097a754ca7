"""What retention lets go: which kept pages, fetches, visits and hours are old enough, and their removal."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, select, true
from sqlalchemy.orm import aliased

from aggregator.model.crawl import RunState
from aggregator.model.edition import PublicationState
from aggregator.model.outlet import RightsMode
from aggregator.model.page import ArchiveRef
from aggregator.store.engine import Database
from aggregator.store.schema import (
    CrawlRunOutletRow,
    CrawlRunRow,
    CrawlSlipRow,
    FetchRow,
    OutletHourRow,
    OutletRow,
    PublicationRow,
    SeedVisitRow,
)

BATCH: Final = 1000
"""Rows that go in one transaction: a crawl beside it waits for well under a second."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is meant: all before a moment (aware), of these outlets and these modes of rights, or of all.

    Pages of articles that are out are meant only ``with_published``.
    """

    before: datetime
    outlets: tuple[str, ...] = ()
    modes: tuple[RightsMode, ...] = ()
    with_published: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """How many pages of a file of the archive go, and how many stay; ``going_bytes`` is what those take."""

    going: int
    staying: int
    going_bytes: int


@dataclass(frozen=True, slots=True)
class Going:
    """A fetch whose page goes; ``is_free`` unless one that stays needs the same record."""

    fetch: int
    record: ArchiveRef
    is_free: bool


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of a file that go, and how many stay."""

    going: tuple[Going, ...]
    staying: int


def files(db: Database, scope: Scope) -> Mapping[str, Share]:
    """The files of the archive of which pages go."""
    going = func.count().filter(_pages(scope))
    length = func.sum(FetchRow.archive_length_bytes).filter(_pages(scope))
    query = (
        select(FetchRow.archive_file, going, func.count(), length)
        .where(FetchRow.archive_file.is_not(None))
        .group_by(FetchRow.archive_file)
        .having(going > 0)
        .order_by(FetchRow.archive_file)
    )
    with db.reading() as session:
        return {
            file: Share(gone, every - gone, int(length_bytes or 0))
            for file, gone, every, length_bytes in session.execute(query)
            if file
        }


def records(db: Database, scope: Scope, names: Sequence[str]) -> Mapping[str, Pages]:
    """The pages of some files, by file; each look takes all fetches, so name several at once."""
    query = select(
        FetchRow.archive_file,
        FetchRow.id,
        FetchRow.archive_offset_bytes,
        FetchRow.archive_length_bytes,
        _pages(scope),
    ).where(FetchRow.archive_file.in_(names))
    with db.reading() as session:
        rows = session.execute(query).all()
    needed = {(file, start) for file, _, start, _, goes in rows if not goes}
    found: dict[str, list[Going]] = {name: [] for name in names}
    for file, number, start, length, goes in rows:
        if goes and file is not None:
            ref = ArchiveRef(file, start or 0, length or 0)
            found[file].append(Going(number, ref, is_free=(file, start) not in needed))
    staying = Counter(file for file, *_, goes in rows if not goes)
    return {name: Pages(tuple(going), staying[name]) for name, going in found.items()}


def history(db: Database, scope: Scope) -> Mapping[str, int]:
    """How many rows of each table are old, and needed by nothing."""
    with db.reading() as session:
        return {
            name: session.scalar(select(func.count()).select_from(rows.subquery())) or 0
            for name, rows in _history(scope, is_ahead=True).items()
        }


def forget_history(db: Database, scope: Scope, tell: Callable[[str, int], None]) -> Mapping[str, int]:
    """Remove those rows in small transactions; how many of each table. A second call goes on."""
    removed = {}
    for name, rows in _history(scope, is_ahead=False).items():
        table = rows.column_descriptions[0]["entity"]
        keys = list(table.__table__.primary_key)
        removed[name] = 0
        # What lies before the last one stays: it is not looked at again.
        batch, rest = rows.order_by(*keys).limit(BATCH), true()
        while True:
            with db.session() as session:
                found = session.execute(batch.where(rest)).all()
                for row in found:
                    here = [key == value for key, value in zip(keys, row, strict=True)]
                    session.execute(delete(table).where(*here), execution_options=_PLAIN)
            removed[name] += len(found)
            tell(name, removed[name])
            if len(found) < BATCH:
                break
            rest = keys[0] >= found[-1][0]
    return removed


_PLAIN: Final = {"synchronize_session": False}


def _pages(scope: Scope) -> ColumnElement[bool]:
    meant = (FetchRow.archive_file.is_not(None)) & (FetchRow.at < scope.before) & _of(FetchRow.outlet, scope)
    if scope.with_published:
        return meant
    is_out = exists().where(
        PublicationRow.article_id == FetchRow.article_id,
        PublicationRow.state == PublicationState.PUBLISHED.value,
    )
    return meant & ~is_out


def _of(outlet: Any, scope: Scope) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    if scope.outlets:
        conditions.append(outlet.in_(scope.outlets))
    if scope.modes:
        conditions.append(outlet.in_(select(OutletRow.slug).where(OutletRow.mode.in_(scope.modes))))
    return and_(true(), *conditions)


def _history(scope: Scope, *, is_ahead: bool) -> Mapping[str, Select[Any]]:
    """The keys of rows that go, crawls behind what they brought; ``is_ahead`` while that is still there.

    Of an address the last fetch stays, and of a seed the last visit: by them crawls know what they have seen.
    """
    fetches = select(FetchRow.id).where(_of(FetchRow.outlet, scope), _fetch_goes(FetchRow, scope))
    visits = select(SeedVisitRow.id).where(_of(SeedVisitRow.outlet, scope), _visit_goes(SeedVisitRow, scope))
    hours = select(OutletHourRow.outlet, OutletHourRow.hour).where(
        OutletHourRow.hour < scope.before, _of(OutletHourRow.outlet, scope)
    )
    slips = select(CrawlSlipRow.outlet, CrawlSlipRow.due_at, CrawlSlipRow.kind).where(
        CrawlSlipRow.found_at < scope.before, _of(CrawlSlipRow.outlet, scope)
    )
    found: dict[str, Any] = {
        "fetch": fetches,
        "seed_visit": visits,
        "outlet_hour": hours,
        "crawl_slip": slips,
    }
    if not scope.outlets and not scope.modes:  # a crawl has many outlets
        found["crawl_run"] = _runs(scope, is_ahead=is_ahead)
    return found


def _fetch_goes(fetch: Any, scope: Scope) -> ColumnElement[bool]:
    """Whether a fetch is old and was followed; one whose page is kept stays: a takedown finds it so."""
    later = aliased(FetchRow)
    is_followed = exists().where(
        later.outlet == fetch.outlet, later.url_key == fetch.url_key, later.id > fetch.id
    )
    return and_(fetch.at < scope.before, fetch.archive_file.is_(None), is_followed)


def _visit_goes(visit: Any, scope: Scope) -> ColumnElement[bool]:
    later = aliased(SeedVisitRow)
    is_followed = exists().where(later.seed_url == visit.seed_url, later.id > visit.id)
    return and_(visit.at < scope.before, is_followed)


def _runs(scope: Scope, *, is_ahead: bool) -> Select[Any]:
    """The old crawls of which nothing is left, or will be; of each outlet the last one stays."""
    fetch, visit = aliased(FetchRow), aliased(SeedVisitRow)
    mine, next_run, next_of = aliased(CrawlRunOutletRow), aliased(CrawlRunRow), aliased(CrawlRunOutletRow)
    is_followed = exists().where(
        next_of.outlet == mine.outlet,
        next_of.run_id > mine.run_id,
        next_run.id == next_of.run_id,
        next_run.state != RunState.INTERRUPTED.value,
    )
    return select(CrawlRunRow.id).where(
        CrawlRunRow.ended_at < scope.before,
        ~exists().where(fetch.run_id == CrawlRunRow.id, ~_fetch_goes(fetch, scope) if is_ahead else true()),
        ~exists().where(visit.run_id == CrawlRunRow.id, ~_visit_goes(visit, scope) if is_ahead else true()),
        ~exists().where(mine.run_id == CrawlRunRow.id, ~is_followed),
    )
