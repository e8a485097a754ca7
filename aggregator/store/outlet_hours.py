"""Hours of outlets: what crawls brought is counted once, and read by the watch."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from aggregator.clock import hour_of
from aggregator.model.crawl import Reason
from aggregator.model.watched import OutletHour, Visit
from aggregator.store.engine import Database
from aggregator.store.hour_facts import ArticleFacts, facts_of
from aggregator.store.schema import FetchRow, OutletHourRow, OutletRow, SeedVisitRow, WatchProgressRow
from aggregator.store.statements import be_only_writer, insert_rows, upsert_rows
from aggregator.watch.failing import HARD, SOFT, TEMPORARY, weight

HOUR: Final = timedelta(hours=1)

RECOUNTED: Final = timedelta(hours=3)
"""The newest hours are counted anew at each look: a page is stored some time after it was fetched, a crawl
may last an hour, and on PostgreSQL an earlier number can be committed later."""

FIRST: Final = timedelta(weeks=9)
"""How far back hours are counted in a store that was not watched before: what is learned from, and a week."""

_KEPT_VALUES: Final = 50
_NAMES: Final = tuple(OutletHour.__dataclass_fields__)
_LISTS: Final = frozenset({"chars", "cuts", "ages"})
_FUTURE: Final = timedelta(minutes=10)
_BY_REASON: Final = {
    Reason.STORED: "stored",
    Reason.COPY: "copies",
    Reason.REVISION: "revisions",
    Reason.UNCHANGED: "unchanged",
    Reason.DROPPED_ROBOTS: "forbidden",
    Reason.DROPPED_NO_TEXT: "no_article",
    Reason.DROPPED_NOT_ARTICLE: "no_article",
}
_BY_WEIGHT: Final = {HARD: "failed_hard", SOFT: "failed_soft", TEMPORARY: "failed_temporary"}
_NEW: Final = (Reason.STORED.value, Reason.COPY.value)


@dataclass(frozen=True, slots=True)
class _Mark:
    """How far is counted: hours before this one for good, with fetches and visits up to these numbers."""

    hour: datetime
    fetch: int
    visit: int


@dataclass(slots=True)
class _Counts:
    """The columns of an hour, as they add up."""

    columns: dict[str, Any] = field(default_factory=lambda: dict.fromkeys(_NAMES[2:], 0) | _empty())

    def add(self, name: str, number: int = 1) -> None:
        self.columns[name] += number

    def latest(self, name: str, value: Any) -> None:
        known = self.columns[name]
        self.columns[name] = value if known is None else max(known, value)


def _empty() -> dict[str, Any]:
    later = ("last_article", "last_fetch", "arrived_at", "answered_at")
    return {name: [] for name in _LISTS} | {"containers": {}} | dict.fromkeys(later)


def count(db: Database, now: datetime) -> int:
    """Count what came since the last time, by outlet and hour; how many rows were written.

    Whoever counts at the same moment counts the same; the second one's rows are left out.
    """
    with db.reading() as session:
        mark = _mark(session, now)
        hours, following = _counted(session, mark, now)
    rows = [
        {"outlet": outlet, "hour": hour} | counts.columns
        for (outlet, hour), counts in hours.items()
        if hour >= mark.hour
    ]
    with db.session() as session:
        be_only_writer(session)
        if _mark(session, now) != mark:
            return 0
        session.execute(delete(OutletHourRow).where(OutletHourRow.hour >= mark.hour))
        insert_rows(session, OutletHourRow, rows)
        columns = {"id": 1, "hour": following.hour, "before_fetch": following.fetch}
        upsert_rows(session, WatchProgressRow, [columns | {"before_visit": following.visit}])
    return len(rows)


def _mark(session: Session, now: datetime) -> _Mark:
    row = session.get(WatchProgressRow, 1)
    if row is not None:
        return _Mark(row.hour, row.before_fetch, row.before_visit)
    start = hour_of(now - FIRST)
    firsts = [
        session.execute(select(func.min(table.id)).where(table.at >= start)).scalar()
        for table in (FetchRow, SeedVisitRow)
    ]
    return _Mark(start, *((first or 1) - 1 for first in firsts))


def _counted(
    session: Session, mark: _Mark, now: datetime
) -> tuple[dict[tuple[str, datetime], _Counts], _Mark]:
    hours: dict[tuple[str, datetime], _Counts] = defaultdict(_Counts)
    following = max(mark.hour, hour_of(now - RECOUNTED))
    fetch = _Last(mark.fetch, following)
    for lot in session.execute(_fetches(mark)).partitions(1000):
        facts = facts_of(session, [row.article_id for row in lot if row.article_id and row.reason in _NEW])
        for row in lot:
            fetch.see(row.id, row.at)
            _add_page(hours[row.outlet, hour_of(row.at)], row, facts.get(row.article_id))
    visit = _Last(mark.visit, following)
    for each in session.execute(_visits(mark)):
        visit.see(each.id, each.at)
        _add_visit(hours[each.outlet, hour_of(each.at)], each)
    return hours, _Mark(following, fetch.number, visit.number)


@dataclass(slots=True)
class _Last:
    """The last number before the first row of the hours that will be counted anew."""

    number: int
    hour: datetime
    _is_open: bool = True

    def see(self, number: int, at: datetime) -> None:
        self._is_open = self._is_open and at < self.hour
        if self._is_open:
            self.number = number


def _fetches(mark: _Mark) -> Select[int, str, str, datetime, int | None]:
    columns = (FetchRow.id, FetchRow.outlet, FetchRow.reason, FetchRow.at, FetchRow.article_id)
    return select(*columns).where(FetchRow.id > mark.fetch).order_by(FetchRow.id)


def _visits(mark: _Mark) -> Select[int, str, str, datetime, int, int]:
    row = SeedVisitRow
    columns = (row.id, row.outlet, row.reason, row.at, row.found, row.new)
    return select(*columns).where(row.id > mark.visit).order_by(row.id)


def _add_page(counts: _Counts, row: Any, facts: ArticleFacts | None) -> None:
    reason = Reason(row.reason)
    if failed := weight(reason):
        counts.add(_BY_WEIGHT[failed])
        return
    counts.add(_BY_REASON.get(reason, "dropped"))
    if row.reason not in _NEW:
        return
    counts.latest("arrived_at", row.at)
    if row.article_id is not None:
        counts.latest("last_article", row.article_id)
        counts.latest("last_fetch", row.id)
    if facts is not None:
        _add_article(counts, row.at, facts)


def _add_article(counts: _Counts, at: datetime, facts: ArticleFacts) -> None:
    counts.add("headlines", facts.has_headline)
    counts.add("bylines", facts.has_byline)
    counts.add("images", facts.has_image)
    counts.add("complete", facts.is_complete)
    counts.add("foreign", facts.is_foreign)
    values = {"chars": facts.chars, "cuts": facts.cut_thousandths}
    if facts.published is not None:
        counts.add("dates")
        counts.add("future", facts.published - at > _FUTURE)
        values["ages"] = round((at - facts.published) / timedelta(minutes=1))
    for name, value in values.items():
        if len(counts.columns[name]) < _KEPT_VALUES:
            counts.columns[name].append(value)
    told = counts.columns["containers"]
    if facts.container and (facts.container in told or len(told) < _KEPT_VALUES):
        told[facts.container] = told.get(facts.container, 0) + 1


def _add_visit(counts: _Counts, row: Any) -> None:
    counts.add("visits")
    counts.add("found", row.found)
    counts.add("new", row.new)
    if row.reason.startswith("failed/"):
        counts.add("visits_failed")
    else:
        counts.latest("answered_at", row.at)


def read(
    db: Database, since: datetime, outlets: Collection[str] | None = None
) -> dict[str, list[OutletHour]]:
    """The hours of each outlet from a moment on, in order of time; of all outlets if none are named."""
    query = select(OutletHourRow).where(OutletHourRow.hour >= since)
    if outlets is not None:
        query = query.where(OutletHourRow.outlet.in_(outlets))
    found: dict[str, list[OutletHour]] = defaultdict(list)
    columns = [getattr(OutletHourRow, name) for name in _NAMES]
    with db.reading() as session:
        ordered = query.with_only_columns(*columns).order_by(OutletHourRow.outlet, OutletHourRow.hour)
        for row in session.execute(ordered):
            found[row.outlet].append(_hour(row))
    return dict(found)


def _hour(row: Sequence[Any]) -> OutletHour:
    values = dict(zip(_NAMES, row, strict=True))
    return OutletHour(**values | {name: tuple(values[name]) for name in _LISTS})


def visits(db: Database, outlets: Iterable[str], limit: int = 40) -> Iterator[tuple[str, list[Visit]]]:
    """The last looks at the seeds of each outlet; one look into an index for each."""
    row = SeedVisitRow
    with db.reading() as session:
        for outlet in outlets:
            query = select(row.seed_url, row.reason, row.at).where(row.outlet == outlet)
            found = session.execute(query.order_by(row.id.desc()).limit(limit))
            yield outlet, [Visit(seed, Reason(reason), at) for seed, reason, at in found]


def known(db: Database) -> set[str]:
    """The outlets that have a row."""
    with db.reading() as session:
        return set(session.execute(select(OutletRow.slug)).scalars())
