"""Volumes: all that ever went out, bound by when it did, so that feeds can be read back to the first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, bindparam, func, literal, literal_column, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from aggregator.model.edition import Publication, PublicationState
from aggregator.store.engine import Database
from aggregator.store.milestones import Milestone, Milestones
from aggregator.store.publications import in_language, numbered
from aggregator.store.ready import Ready
from aggregator.store.schema import PublicationRow, PublicationTopicRow
from aggregator.store.search import matching
from aggregator.store.statements import fetched

_WITHDRAWN_OF: Final = Ready(
    select(func.count()).where(
        PublicationRow.outlet == bindparam("outlet"),
        PublicationRow.state == PublicationState.WITHDRAWN.value,
    )
)
SIZE: Final = 50
"""Publications of a bound volume; the current one has as many, and up to 49 more."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a feed is about: all, or what an outlet, a language, a topic's key, a search narrow it to."""

    outlet: str | None = None
    language: str | None = None
    topic: str | None = None
    words: str | None = None

    @property
    def is_lasting(self) -> bool:
        """Whether its volumes keep what they hold; what a search finds may change with each day."""
        return self.words is None


@dataclass(frozen=True, slots=True)
class Volume:
    """Some of what went out, newest first, the withdrawn with it; ``bound`` volumes are complete.

    ``number`` counts from 1, the oldest; None is the current volume, which holds what no bound one does.
    """

    publications: tuple[Publication, ...]
    number: int | None
    bound: int

    @property
    def older(self) -> int | None:
        """The number of the volume before this one; None if this is the first."""
        before = self.bound if self.number is None else self.number - 1
        return before or None

    @property
    def withdrawn(self) -> list["Withdrawn"]:
        """What of it is withdrawn."""
        return [
            Withdrawn(each.id, each.withdrawn_at or each.updated_at, each.withdrawn_reason)
            for each in self.publications
            if each.state is PublicationState.WITHDRAWN
        ]


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What feeds say of a withdrawn publication: its number, when, and why if somebody said."""

    id: int
    at: datetime
    reason: str | None


def volume(
    db: Database, scope: Scope, number: int | None = None, milestones: Milestones | None = None
) -> Volume | None:
    """The current volume of a scope, or the bound one of this number; None if there is no such volume.

    A publication stands in exactly one volume and stays there, withdrawn or not; a search knows no withdrawn
    ones. The current volume of a scope without any publication is empty. With ``milestones``, kept from one
    call to the next, only what came since is counted.
    """
    known = milestones if milestones is not None and scope.is_lasting else Milestones()
    with db.reading() as session:
        shelf = _Shelf(session, scope, known)
        bound = max(0, shelf.count() - SIZE) // SIZE
        if number is not None and not 1 <= number <= bound:
            return None
        ids = shelf.from_bound(bound) if number is None else shelf.of(number)
        return Volume(tuple(_in_order(session, ids)), number, bound)


def published(db: Database, outlet: str, milestones: Milestones) -> int:
    """How many publications of an outlet readers can see; only what came since is counted.

    All that ever went out keeps its place, so what is withdrawn of it is counted and taken off.
    """
    scope = Scope(outlet=outlet)
    with db.reading() as session:
        gone: int = fetched(session, _WITHDRAWN_OF, outlet=outlet)[0][0]
        shelf = _Shelf(session, scope, milestones)
        count = shelf.count()
        shelf.from_bound(count // SIZE)  # notes where counting goes on
        return count - gone


class _Shelf:
    """The volumes of a scope, read from the nearest milestone."""

    def __init__(self, session: Session, scope: Scope, milestones: Milestones) -> None:
        self._session, self._scope, self._milestones = session, scope, milestones
        self._columns = _order(scope)
        self._all = _scoped(session, scope, *self._columns)
        self._total = 0

    def count(self) -> int:
        """How many publications there are."""
        last = self._milestones.last(self._scope)
        fresh = self._all if last is None else self._all.where(self._is_after(last))
        more = self._session.execute(select(func.count()).select_from(fresh.subquery())).scalar_one()
        self._total = more + (last.count if last else 0)
        return self._total

    def from_bound(self, bound: int) -> list[int]:
        """The publications behind the bound volumes, newest first."""
        return self._back(self._all, self._total, self._total - bound * SIZE)

    def of(self, number: int) -> list[int]:
        """The publications of a bound volume, newest first."""
        start, end = (number - 1) * SIZE, number * SIZE
        below = self._milestones.around(self._scope, start)[0]
        above = self._milestones.around(self._scope, end)[1]
        behind, before = start - (below.count if below else 0), (above.count if above else self._total) - end
        if before <= behind:
            query = self._all if above is None else self._all.where(~self._is_after(above))
            return self._back(query.offset(before), end, SIZE)
        query = self._all if below is None else self._all.where(self._is_after(below))
        oldest_first = query.order_by(*self._columns).offset(behind).limit(SIZE)
        places = [tuple(row) for row in self._session.execute(oldest_first)]
        if places:
            self._milestones.note(self._scope, Milestone(start + len(places), places[-1]))
        return [place[-1] for place in reversed(places)]

    def _back(self, query: Select[Any], end: int, size: int) -> list[int]:
        """So many publications, newest first, of which the first is that of the count ``end``."""
        newest_first = query.order_by(*(column.desc() for column in self._columns)).limit(size + 1)
        places = [tuple(row) for row in self._session.execute(newest_first)]
        if len(places) > size:
            self._milestones.note(self._scope, Milestone(end - size, places[-1]))
        return [place[-1] for place in places[:size]]

    def _is_after(self, milestone: Milestone) -> ColumnElement[bool]:
        values = [
            literal(value, column.type) for value, column in zip(milestone.place, self._columns, strict=True)
        ]
        return tuple_(*self._columns) > tuple_(*values) if len(values) > 1 else self._columns[0] > values[0]


def _order(scope: Scope) -> tuple[InstrumentedAttribute[Any], ...]:
    """What the volumes of a scope are ordered by; a topic's table has numbers alone, which rise with time."""
    if scope.topic is not None:
        return (PublicationTopicRow.publication_id,)
    return PublicationRow.published_at, PublicationRow.id


def withdrawn(db: Database, scope: Scope, limit: int) -> list[Withdrawn]:
    """What was withdrawn last of a scope, newest first; nothing for a search, whose index forgot it."""
    if not scope.is_lasting:
        return []
    with db.reading() as session:
        row = PublicationRow
        gone = row.id, row.withdrawn_at, row.updated_at, row.withdrawn_reason
        query = _scoped(session, scope, *gone).where(_is_withdrawn(session, scope))
        newest = query.order_by(PublicationRow.withdrawn_at.desc(), PublicationRow.id.desc())
        return [
            Withdrawn(number, at or updated, reason)
            for number, at, updated, reason in session.execute(newest.limit(limit))
        ]


def _is_withdrawn(session: Session, scope: Scope) -> ColumnElement[bool]:
    """Whether a publication is withdrawn; of all, asked so that SQLite takes the newest from their own index.

    It takes any state for rare, and would rather read and sort all that ever was withdrawn.
    """
    is_so = PublicationRow.state == literal_column("'withdrawn'")
    if scope.outlet or scope.topic or session.get_bind().dialect.name != "sqlite":
        return is_so
    return func.likelihood(is_so, literal_column("0.9"))


def topic_label(db: Database, key: str) -> str | None:
    """A topic as the outlet of its newest publication writes it; None if no publication has it."""
    query = (
        select(PublicationTopicRow.label)
        .where(PublicationTopicRow.topic == key)
        .order_by(PublicationTopicRow.publication_id.desc())
        .limit(1)
    )
    with db.reading() as session:
        return session.execute(query).scalar()


def _scoped(session: Session, scope: Scope, *columns: InstrumentedAttribute[Any]) -> Select[Any]:
    """These columns of the publications of a scope."""
    # The state stands in the statement itself: SQLite takes a partial index for no bound value.
    query = select(*columns).select_from(PublicationRow)
    query = query.where(PublicationRow.state != literal_column("'refused'"))
    if scope.outlet is not None:
        query = query.where(PublicationRow.outlet == scope.outlet)
    if scope.language is not None:
        query = query.where(in_language(scope.language))
    if scope.topic is not None:
        query = query.join(
            PublicationTopicRow,
            (PublicationTopicRow.publication_id == PublicationRow.id)
            & (PublicationTopicRow.topic == scope.topic),
        )
    if scope.words is not None:
        query = query.where(matching(session, scope.words))
    return query


def _in_order(session: Session, ids: Sequence[int]) -> list[Publication]:
    found = numbered(session, ids)
    return [found[number] for number in ids]
