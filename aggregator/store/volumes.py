"""Volumes: all that ever went out, bound by when it did, so that feeds can be read back to the first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, func, literal_column, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from aggregator.model.edition import Publication, PublicationState
from aggregator.store.engine import Database
from aggregator.store.publications import in_language, publication_query, read_publications
from aggregator.store.schema import PublicationRow, PublicationTopicRow
from aggregator.store.search import matching

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


def volume(db: Database, scope: Scope, number: int | None = None) -> Volume | None:
    """The current volume of a scope, or the bound one of this number; None if there is no such volume.

    A publication stands in exactly one volume and stays there, withdrawn or not; a search knows no withdrawn
    ones. The current volume of a scope without any publication is empty.
    """
    with db.reading() as session:
        scoped = _scoped(session, scope)
        total = session.execute(select(func.count()).select_from(scoped.subquery())).scalar_one()
        bound = max(0, total - SIZE) // SIZE
        if number is not None and not 1 <= number <= bound:
            return None
        first, size = (0, total - bound * SIZE) if number is None else (total - number * SIZE, SIZE)
        newest_first = scoped.order_by(PublicationRow.published_at.desc(), PublicationRow.id.desc())
        ids = session.execute(newest_first.offset(first).limit(size)).scalars().all()
        return Volume(tuple(_in_order(session, ids)), number, bound)


def withdrawn(db: Database, scope: Scope, limit: int) -> list[Withdrawn]:
    """What was withdrawn last of a scope, newest first; nothing for a search, whose index forgot it."""
    if not scope.is_lasting:
        return []
    with db.reading() as session:
        row = PublicationRow
        gone = row.id, row.withdrawn_at, row.updated_at, row.withdrawn_reason
        query = _scoped(session, scope, *gone).where(PublicationRow.state == literal_column("'withdrawn'"))
        newest = query.order_by(PublicationRow.withdrawn_at.desc(), PublicationRow.id.desc())
        return [
            Withdrawn(number, at or updated, reason)
            for number, at, updated, reason in session.execute(newest.limit(limit))
        ]


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
    """Numbers of publications, or these columns."""
    # The state stands in the statement itself: SQLite takes a partial index for no bound value.
    query = select(*(columns or (PublicationRow.id,))).where(
        PublicationRow.state != literal_column("'refused'")
    )
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
    query = publication_query().where(PublicationRow.id.in_(ids))
    found = {each.id: each for each in read_publications(session, query)}
    return [found[number] for number in ids]
