"""Followed pages: which of the outlets' own pages are visited again, and what the visits found."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, bindparam, literal, or_, select, update
from sqlalchemy.orm import Session

from aggregator.model.crawl import Reason
from aggregator.model.edition import PublicationState, StoredArticle
from aggregator.model.followed import FollowedPage, Sight
from aggregator.publish import looks
from aggregator.store.engine import Database
from aggregator.store.rows import read_articles, stored_articles
from aggregator.store.schema import ArticleRow, ArticleUrlRow, FollowedPageRow, PublicationRow
from aggregator.store.statements import Row, insert_new_rows
from aggregator.store.tables.base import UtcDateTime

_CHUNK: Final = 200
_NEW: Final = frozenset({Reason.STORED.value, Reason.COPY.value})
"""What was met for the first time is not out yet."""


def enrol(session: Session, publications: Collection[int], at: datetime) -> None:
    """Follow the pages of publications that go out at ``at``, in the transaction in which they do."""
    query = select(PublicationRow.id, PublicationRow.outlet).where(PublicationRow.id.in_(publications))
    rows = [
        {
            "publication_id": number,
            "outlet": outlet,
            "since": at,
            # Whoever plans the visits finds it at once, and puts the first one off.
            "due_at": at,
            "awaits_following": False,
        }
        for number, outlet in session.execute(query)
    ]
    insert_new_rows(session, FollowedPageRow, rows)


def note(session: Session, fetches: Sequence[Row]) -> None:
    """Note what visits found of pages that are followed, given their rows of ``fetch``.

    A page that turned out to be another article tells nothing of the one that stood at its address.
    """
    told = [fetch for fetch in fetches if fetch["reason"] not in _NEW]
    if not told:
        return
    pages = _pages_at(session, [(fetch["outlet"], fetch["url_key"]) for fetch in told])
    changes: dict[int, _Change] = {}
    for fetch in told:
        for row, article_id in pages.get((fetch["outlet"], fetch["url_key"]), ()):
            known = changes.get(row.publication_id, _Change(_page(row), row.awaits_following))
            changes[row.publication_id] = known.after(fetch, article_id)
    _write(session, changes)


@dataclass(frozen=True, slots=True)
class _Change:
    """What becomes of a followed page's row."""

    page: FollowedPage
    awaits: bool

    def after(self, fetch: Row, article_id: int) -> "_Change":
        if self.page.looked_at is not None and fetch["at"] < self.page.looked_at:
            return self  # an archive's page: we have looked since
        reason = Reason(fetch["reason"])
        seen = looks.sight(reason, fetch["status"])
        if fetch["article_id"] not in (None, article_id):
            seen = Sight.NOTHING
        page = looks.looked(self.page, seen, fetch["at"])
        is_news = page.gone_at != self.page.gone_at or reason is Reason.REVISION
        return _Change(page, self.awaits or is_news)


def due(
    db: Database, outlet: str, plan: Sequence[timedelta], now: datetime, limit: int
) -> list[StoredArticle]:
    """The articles of an outlet whose pages are to be visited now, the longest due first.

    Rows that a visit or a publication has touched are planned here: the settings' plan is known nowhere else.
    """
    wanted: list[int] = []
    while len(wanted) < limit:
        with db.session() as session:
            rows = session.execute(_due(outlet, now, wanted)).scalars().all()
            if not rows:
                break
            for row in rows:
                coming = looks.next_look(_page(row), plan)
                if coming is not None and coming <= now:
                    wanted.append(row.publication_id)
                else:
                    row.due_at = coming
    with db.reading() as session:
        query = stored_articles().join(PublicationRow, PublicationRow.article_id == ArticleRow.id)
        return read_articles(session, query.where(PublicationRow.id.in_(wanted[:limit])))


def awaiting(db: Database, limit: int, *, after: int = 0) -> dict[int, datetime | None]:
    """Publications that have not followed what visits found, by number, with the last visit; oldest first.

    Pass the last one's number as ``after`` to look behind those that a visit overtook.
    """
    query = (
        select(FollowedPageRow.publication_id, FollowedPageRow.looked_at)
        .where(FollowedPageRow.awaits_following, FollowedPageRow.publication_id > after)
        .order_by(FollowedPageRow.publication_id)
        .limit(limit)
    )
    with db.reading() as session:
        return {number: looked_at for number, looked_at in session.execute(query)}  # noqa: C416 - a Row is no pair to mypy


def of_articles(session: Session, article_ids: Collection[int]) -> dict[int, FollowedPage]:
    """What is known of the pages of these articles' publications, by the article's number."""
    query = (
        select(FollowedPageRow, PublicationRow.article_id)
        .join(PublicationRow, PublicationRow.id == FollowedPageRow.publication_id)
        .where(PublicationRow.article_id.in_(article_ids))
    )
    return {number: _page(row) for row, number in session.execute(query)}


def settle(db: Database, looks: Mapping[int, datetime | None]) -> None:
    """Note that these publications have followed what was known at these looks; later ones are to be."""
    with db.session() as session:
        for number, looked_at in looks.items():
            here = FollowedPageRow.publication_id == number
            same = FollowedPageRow.looked_at == literal(looked_at, UtcDateTime())
            if looked_at is None:
                same = FollowedPageRow.looked_at.is_(None)
            session.execute(
                update(FollowedPageRow).where(here, same).values(awaits_following=False),
                execution_options={"synchronize_session": False},
            )


def _due(outlet: str, now: datetime, but: Sequence[int]) -> Select[FollowedPageRow]:
    is_ours = or_(
        PublicationRow.state == PublicationState.PUBLISHED.value, PublicationRow.withdrawn_by.is_not(None)
    )
    return (
        select(FollowedPageRow)
        .join(PublicationRow, PublicationRow.id == FollowedPageRow.publication_id)
        .where(FollowedPageRow.outlet == outlet, FollowedPageRow.due_at <= now, is_ours)
        .where(FollowedPageRow.publication_id.not_in(but))
        .order_by(FollowedPageRow.due_at, FollowedPageRow.publication_id)
        .limit(_CHUNK)
    )


def _pages_at(
    session: Session, addresses: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], list[tuple[FollowedPageRow, int]]]:
    """The pages that are followed at these addresses, with the numbers of their articles."""
    keys: dict[str, list[str]] = defaultdict(list)
    for outlet, key in addresses:
        keys[outlet].append(key)  # SQLite reads a whole table for pairs of values
    found: dict[tuple[str, str], list[tuple[FollowedPageRow, int]]] = defaultdict(list)
    for outlet, wanted in keys.items():
        query = (
            select(FollowedPageRow, ArticleUrlRow.article_id, ArticleUrlRow.url_key)
            .join(PublicationRow, PublicationRow.id == FollowedPageRow.publication_id)
            .join(ArticleUrlRow, ArticleUrlRow.article_id == PublicationRow.article_id)
            .where(ArticleUrlRow.outlet == outlet, ArticleUrlRow.url_key.in_(wanted))
        )
        for row, article_id, key in session.execute(query):
            found[outlet, key].append((row, article_id))
    return found


def _write(session: Session, changes: Mapping[int, _Change]) -> None:
    if not changes:
        return
    table: Any = FollowedPageRow.__table__
    names = ("looked_at", "missing_since", "gone_at")
    statement = (
        update(table)
        .where(table.c.publication_id == bindparam("key"))
        .values(
            {name: bindparam(f"new_{name}") for name in names}
            | {"due_at": bindparam("new_looked_at"), "awaits_following": bindparam("awaits")}
        )
    )
    rows = [
        {"key": number, "awaits": change.awaits}
        | {f"new_{name}": getattr(change.page, name) for name in names}
        for number, change in changes.items()
    ]
    session.connection().execute(statement, rows)


def _page(row: FollowedPageRow) -> FollowedPage:
    return FollowedPage(row.since, row.looked_at, row.missing_since, row.gone_at)
