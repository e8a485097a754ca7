"""The front: published articles, newest first, page by page."""

import base64
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import literal, select, tuple_, union_all

from aggregator.errors import UnknownCursorError
from aggregator.model.edition import Publication, PublicationState
from aggregator.store.engine import Database
from aggregator.store.publications import in_language, publication_query, read_publications
from aggregator.store.schema import PublicationRow, PublicationTopicRow
from aggregator.store.tables.base import Key, UtcDateTime, iso

Order = Literal["newest", "arrived"]


@dataclass(frozen=True, slots=True)
class Page:
    """One page; ``next`` is the cursor of the page after it, None on the last one."""

    items: tuple[Publication, ...]
    next: str | None


def front(
    db: Database,
    *,
    limit: int = 30,
    before: str | None = None,
    outlet: str | None = None,
    language: str | None = None,
    topic: str | None = None,
    dated: tuple[datetime, datetime] | None = None,
    order: Order = "newest",
) -> Page:
    """What is published, newest first: by the articles' own dates, or by when they arrived here.

    ``topic`` is a topic's key, ``before`` an earlier page's ``next``. ``dated``: from one moment on, and
    before another. Pages do not shift when something is published meanwhile.

    Raises:
        UnknownCursorError: ``before`` is no cursor of ours.
    """
    moment = PublicationRow.dated_at if order == "newest" else PublicationRow.published_at
    query = publication_query().where(PublicationRow.state == PublicationState.PUBLISHED.value)
    if outlet is not None:
        query = query.where(PublicationRow.outlet == outlet)
    if language is not None:
        query = query.where(in_language(language))
    if topic is not None:
        query = query.join(
            PublicationTopicRow,
            (PublicationTopicRow.publication_id == PublicationRow.id) & (PublicationTopicRow.topic == topic),
        )
    if dated is not None:
        query = query.where(PublicationRow.dated_at >= dated[0], PublicationRow.dated_at < dated[1])
    if before is not None:
        at, number = _place(before)
        query = query.where(
            tuple_(moment, PublicationRow.id) < tuple_(literal(at, UtcDateTime()), literal(number, Key))
        )
    query = query.order_by(moment.desc(), PublicationRow.id.desc()).limit(limit + 1)
    with db.reading() as session:
        found = read_publications(session, query)
        last = session.get(PublicationRow, found[limit - 1].id) if len(found) > limit else None
        cursor = None
        if last is not None:
            cursor = _cursor(last.dated_at if order == "newest" else last.published_at, last.id)
    return Page(tuple(found[:limit]), cursor)


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


def _cursor(at: datetime, number: int) -> str:
    return base64.urlsafe_b64encode(f"{iso(at)} {number}".encode()).decode().rstrip("=")


def _place(cursor: str) -> tuple[datetime, int]:
    """The moment and number that a cursor stands for.

    Raises:
        UnknownCursorError: it is none that we wrote; other numbers and times may not fit into a column.
    """
    unknown = UnknownCursorError(f"{cursor!r}: no page gave this cursor")
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
        at, number = text.split(" ")
        place = datetime.fromisoformat(at), int(number)
        is_ours = _cursor(*place) == cursor and 0 <= place[1] < 2**62
    except (ValueError, OverflowError) as error:
        raise unknown from error
    if not is_ours:
        raise unknown
    return place
