"""The front: published articles, newest first, page by page."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import literal, or_, select, tuple_, union_all
from sqlalchemy.orm import InstrumentedAttribute

from aggregator.model.edition import Publication, PublicationState
from aggregator.model.outlet import RightsMode
from aggregator.store import cursors
from aggregator.store.engine import Database
from aggregator.store.publications import Found, in_language, publication_query, read_publications
from aggregator.store.schema import PublicationRow, PublicationTopicRow
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


def selected(
    db: Database, wanted: Selection, *, limit: int, before: str | None = None, order: Order = "newest"
) -> Page:
    """What is published, newest first: by the articles' own dates, or by when they arrived here.

    ``before`` is an earlier page's ``next``. Pages do not shift when something is published meanwhile.

    Raises:
        UnknownCursorError: ``before`` is no cursor of ours.
    """
    moment = PublicationRow.dated_at if order == "newest" else PublicationRow.published_at
    query = _narrowed(publication_query(), wanted, moment)
    if before is not None:
        at, number = cursors.read(before)
        query = query.where(
            tuple_(moment, PublicationRow.id) < tuple_(literal(at, UtcDateTime()), literal(number, Key))
        )
    query = query.order_by(moment.desc(), PublicationRow.id.desc()).limit(limit + 1)
    with db.reading() as session:
        found = read_publications(session, query)
        last = session.get(PublicationRow, found[limit - 1].id) if len(found) > limit else None
        cursor = None
        if last is not None:
            cursor = cursors.write(last.dated_at if order == "newest" else last.published_at, last.id)
    return Page(tuple(found[:limit]), cursor)


def _narrowed(query: Found, wanted: Selection, moment: InstrumentedAttribute[datetime]) -> Found:
    query = query.where(PublicationRow.state == PublicationState.PUBLISHED.value)
    if wanted.outlet is not None:
        query = query.where(PublicationRow.outlet == wanted.outlet)
    if wanted.language is not None:
        query = query.where(in_language(wanted.language))
    if wanted.topic is not None:
        is_of_it = PublicationTopicRow.publication_id == PublicationRow.id
        query = query.join(PublicationTopicRow, is_of_it & (PublicationTopicRow.topic == wanted.topic))
    if wanted.mode is not None:
        query = query.where(PublicationRow.mode == wanted.mode.value)
    if wanted.edition is not None:
        query = query.where(PublicationRow.edition_id == wanted.edition)
    if wanted.since is not None:
        query = query.where(moment >= wanted.since)
    if wanted.until is not None:
        query = query.where(moment < wanted.until)
    if wanted.languages:
        query = query.where(or_(*map(in_language, wanted.languages)))
    if wanted.without:
        query = query.where(PublicationRow.outlet.not_in(wanted.without))
    return query


def newest_of(
    db: Database, outlets: Sequence[str], *, each: int, without: Collection[int] = ()
) -> dict[str, list[Publication]]:
    """The newest publications of each of these outlets, at most ``each``, newest first, by slug.

    Those whose numbers are in ``without`` are passed over. Three statements, however many outlets.
    """
    if not outlets:
        return {}
    picks = [
        select(PublicationRow.id)
        .where(PublicationRow.outlet == outlet, PublicationRow.state == PublicationState.PUBLISHED.value)
        .where(PublicationRow.id.not_in(without))
        .order_by(PublicationRow.dated_at.desc(), PublicationRow.id.desc())
        .limit(each)
        .subquery()
        for outlet in outlets
    ]
    with db.reading() as session:
        ids = session.execute(union_all(*(select(pick.c.id) for pick in picks))).scalars().all()
        query = publication_query().where(PublicationRow.id.in_(ids))
        query = query.order_by(PublicationRow.dated_at.desc(), PublicationRow.id.desc())
        found: dict[str, list[Publication]] = {}
        for publication in read_publications(session, query):
            found.setdefault(publication.outlet, []).append(publication)
    return found
