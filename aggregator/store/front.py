"""The front: published articles, newest first, page by page."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, bindparam, or_, select, tuple_, union_all

from aggregator.model.edition import Publication, PublicationState
from aggregator.model.outlet import RightsMode
from aggregator.store import cursors
from aggregator.store.engine import Database
from aggregator.store.publications import (
    headlines_numbered,
    in_language,
    publication_query,
    publications_of,
)
from aggregator.store.ready import Ready
from aggregator.store.schema import PublicationRow, PublicationTopicRow
from aggregator.store.statements import fetched
from aggregator.store.tables.base import Key, UtcDateTime

Order = Literal["newest", "arrived"]


@dataclass(frozen=True, slots=True)
class Page:
    """One page; ``next`` is the cursor of the page after it, None on the last one."""

    items: tuple[Publication, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Selection:
    """Which of what is published: all, or what a field narrows it to.

    ``topic`` is a topic's key; ``since`` is the first moment and ``until`` the one behind the last, of those
    that the order sorts by. ``languages`` are tags, of which any will do; ``without`` are outlets left out.
    """

    outlet: str | None = None
    language: str | None = None
    topic: str | None = None
    mode: RightsMode | None = None
    edition: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    languages: Collection[str] = ()
    without: Collection[str] = ()


EVERYTHING: Final = Selection()
_LOT: Final = 500


def front(
    db: Database,
    *,
    limit: int = 30,
    before: str | None = None,
    outlet: str | None = None,
    language: str | None = None,
    topic: str | None = None,
    order: Order = "newest",
) -> Page:
    """What is published of an outlet, a language, a topic's key or all, as ``selected`` orders it."""
    return selected(db, Selection(outlet, language, topic), limit=limit, before=before, order=order)


def every(db: Database) -> Iterator[Publication]:
    """All that readers may be shown, newest first, some hundreds at a time."""
    before: str | None = None
    while True:
        page = front(db, limit=_LOT, before=before)
        yield from page.items
        before = page.next
        if before is None:
            return


def selected(
    db: Database, wanted: Selection, *, limit: int, before: str | None = None, order: Order = "newest"
) -> Page:
    """What is published, newest first: by the articles' own dates, or by when they arrived here.

    ``before`` is an earlier page's ``next``. Pages do not shift when something is published meanwhile.

    Raises:
        UnknownCursorError: ``before`` is no cursor of ours.
    """
    values = _values(wanted, before)
    with db.reading() as session:
        query = _query(frozenset(values), order, wanted.language, tuple(wanted.languages))
        rows = fetched(session, query, most=limit + 1, **values)
        found = publications_of(session, rows[:limit])
    cursor = None
    if len(rows) > limit:
        last = rows[limit - 1]
        cursor = cursors.write(last.dated_at if order == "newest" else last.published_at, last.id)
    return Page(tuple(found), cursor)


def _values(wanted: Selection, before: str | None) -> dict[str, Any]:
    """The values that narrow a selection, each by the name of its condition."""
    values: dict[str, Any] = {
        "outlet": wanted.outlet,
        "topic": wanted.topic,
        "mode": wanted.mode.value if wanted.mode else None,
        "edition": wanted.edition,
        "since": wanted.since,
        "until": wanted.until,
        "without": list(wanted.without) or None,
    }
    if before is not None:
        values["at"], values["number"] = cursors.read(before)
    return {name: value for name, value in values.items() if value is not None}


@lru_cache(maxsize=64)  # to build one costs more than to run it
def _query(names: frozenset[str], order: Order, language: str | None, languages: tuple[str, ...]) -> Ready:
    """The query of a selection that values of these names narrow, and languages."""
    moment = PublicationRow.dated_at if order == "newest" else PublicationRow.published_at
    conditions: dict[str, ColumnElement[bool]] = {
        "outlet": PublicationRow.outlet == bindparam("outlet"),
        "mode": PublicationRow.mode == bindparam("mode"),
        "edition": PublicationRow.edition_id == bindparam("edition"),
        "since": moment >= bindparam("since"),
        "until": moment < bindparam("until"),
        "without": PublicationRow.outlet.not_in(bindparam("without", expanding=True)),
        "number": tuple_(moment, PublicationRow.id)
        < tuple_(bindparam("at", type_=UtcDateTime()), bindparam("number", type_=Key)),
    }
    query = publication_query().where(PublicationRow.state == PublicationState.PUBLISHED.value)
    if "topic" in names:
        is_of_it = PublicationTopicRow.publication_id == PublicationRow.id
        query = query.join(PublicationTopicRow, is_of_it & (PublicationTopicRow.topic == bindparam("topic")))
    query = query.where(*(condition for name, condition in conditions.items() if name in names))
    if language is not None:
        query = query.where(in_language(language))
    if languages:
        query = query.where(or_(*map(in_language, languages)))
    return Ready(query.order_by(moment.desc(), PublicationRow.id.desc()).limit(bindparam("most")))


def newest_of(
    db: Database, outlets: Sequence[str], *, each: int, without: Collection[int] = ()
) -> dict[str, list[Publication]]:
    """The newest publications of each of these outlets as headlines, at most ``each``, newest first, by slug.

    Those whose numbers are in ``without`` are passed over. Two or three statements, however many outlets.
    """
    if not outlets:
        return {}
    values: dict[str, Any] = {f"outlet{number}": outlet for number, outlet in enumerate(outlets)}
    with db.reading() as session:
        rows = fetched(session, _picks(len(outlets)), **values, most=each, without=list(without))
        picked = [(at, number) for at, number in rows]
        by_number = headlines_numbered(session, [number for _, number in picked])
    found: dict[str, list[Publication]] = {}
    for _, number in sorted(picked, reverse=True):
        found.setdefault(by_number[number].outlet, []).append(by_number[number])
    return found


@lru_cache(maxsize=64)  # to build one costs more than to run it
def _picks(outlets: int) -> Ready:
    """The query of the newest publications of so many outlets: what they are sorted by."""
    picks = [
        select(PublicationRow.dated_at, PublicationRow.id)
        .where(PublicationRow.outlet == bindparam(f"outlet{number}"))
        .where(PublicationRow.state == PublicationState.PUBLISHED.value)
        .where(PublicationRow.id.not_in(bindparam("without", expanding=True)))
        .order_by(PublicationRow.dated_at.desc(), PublicationRow.id.desc())
        .limit(bindparam("most"))
        .subquery()
        for number in range(outlets)
    ]
    return Ready(union_all(*(select(pick.c.dated_at, pick.c.id) for pick in picks)))
