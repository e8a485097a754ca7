"""Takedowns: what was asked to be gone leaves the store, and never comes back; the log of both."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.orm import Session

from aggregator.clock import now
from aggregator.dedupe.marks import barred, mark_of, marks
from aggregator.dedupe.words import words
from aggregator.errors import TakedownError
from aggregator.model.article import plain_text
from aggregator.model.takedown import UNDO_WITHIN, Order, Takedown, TakedownScope
from aggregator.store.barring import folded_name
from aggregator.store.engine import Database
from aggregator.store.foreign import clean
from aggregator.store.lockaway import bring_back, lock_away
from aggregator.store.rows import blocks_of
from aggregator.store.schema import (
    ArticleRevisionRow,
    ArticleRow,
    ArticleUrlRow,
    DuplicateRow,
    TakedownArticleRow,
    TakedownMarkRow,
    TakedownRow,
)
from aggregator.store.statements import be_only_writer, insert_new_rows, insert_rows

_CHUNK: Final = 100
"""Articles taken in one transaction: an outlet may have a million, and crawls wait for the writer's lock."""


def take_down(db: Database, order: Order, article_ids: Sequence[int], at: datetime) -> Takedown:
    """Carry out an order: the log has it, its articles are locked away, and nothing of it comes in any more.

    ``article_ids`` name the article of an order for one; copies of it, and what holds most of its text, go
    with it. An author's or an outlet's articles are looked up here. The order is in force from the first
    transaction on; the articles follow in chunks, and the same order given again goes on where it ended.

    Raises:
        StoreError: the database refuses; what was committed stays, give the order again.
    """
    with db.session() as session:
        be_only_writer(session)
        takedown = _running(session, order) or _logged(session, order, at)
        number, done_at = takedown.id, takedown.done_at
    while True:
        with db.session() as session:
            be_only_writer(session)
            wanted = _next(session, order, article_ids)
            if not wanted:
                break
            _take(session, number, wanted, clean(order.reason), done_at)
    return get(db, number)


def undo(db: Database, takedown_id: int, at: datetime) -> Takedown:
    """Undo a takedown: its articles are back as they were, and may come in again.

    Raises:
        TakedownError: there is no such takedown in force, or its text is erased.
    """
    with db.session() as session:
        be_only_writer(session)
        row = session.get(TakedownRow, takedown_id)
        if row is None or row.undone_at is not None:
            raise TakedownError(f"takedown {takedown_id}: none of this number is in force; nothing to undo")
        if row.erased_at is not None:
            raise TakedownError(
                f"takedown {takedown_id}: its text was erased on {row.erased_at:%Y-%m-%d}, "
                f"{UNDO_WITHIN.days} days after it was carried out; nothing can be brought back"
            )
        held = select(TakedownArticleRow).where(TakedownArticleRow.takedown_id == takedown_id)
        for one in session.execute(held).scalars():
            if one.kept is not None:
                bring_back(session, one.article_id, one.kept, now())
        ids = select(TakedownArticleRow.article_id).where(TakedownArticleRow.takedown_id == takedown_id)
        session.execute(delete(TakedownMarkRow).where(TakedownMarkRow.article_id.in_(ids)))
        gone = _takedown(row, tuple(session.execute(ids).scalars()))
        session.execute(delete(TakedownArticleRow).where(TakedownArticleRow.takedown_id == takedown_id))
        row.undone_at = at
    return Takedown(gone.id, gone.order, gone.asked_at, gone.done_at, gone.article_ids, undone_at=at)


def erase_due(db: Database, at: datetime) -> int:
    """Erase for good what was taken down longer ago than it can be undone; the number of takedowns."""
    due = (
        select(TakedownRow.id)
        .where(TakedownRow.done_at < at - UNDO_WITHIN)
        .where(TakedownRow.erased_at.is_(None), TakedownRow.undone_at.is_(None))
    )
    with db.session() as session:
        ids = list(session.execute(due).scalars())
        of_these = TakedownArticleRow.takedown_id.in_(ids)
        session.execute(update(TakedownArticleRow).where(of_these).values(kept=None))
        session.execute(update(TakedownRow).where(TakedownRow.id.in_(ids)).values(erased_at=at))
    return len(ids)


def get(db: Database, takedown_id: int) -> Takedown:
    """A takedown of the log.

    Raises:
        TakedownError: there is none of this number.
    """
    with db.reading() as session:
        found = _read(session, select(TakedownRow).where(TakedownRow.id == takedown_id))
    if not found:
        raise TakedownError(
            f"takedown {takedown_id}: there is none of this number; `aggregator takedowns list`"
        )
    return found[0]


def log(db: Database, limit: int) -> list[Takedown]:
    """The last takedowns, newest first, undone ones too."""
    with db.reading() as session:
        return _read(session, select(TakedownRow).order_by(TakedownRow.id.desc()).limit(limit))


def in_force(db: Database, scope: TakedownScope, subject: str) -> Takedown | None:
    """The takedown of an author or outlet that is in force."""
    with db.reading() as session:
        row = _running(session, Order(scope, subject, "", ""))
        return (
            next(iter(_read(session, select(TakedownRow).where(TakedownRow.id == row.id))), None)
            if row
            else None
        )


def covering(db: Database, article_id: int) -> Takedown | None:
    """The takedown that took an article."""
    query = (
        select(TakedownRow)
        .join(TakedownArticleRow, TakedownArticleRow.takedown_id == TakedownRow.id)
        .where(TakedownArticleRow.article_id == article_id)
    )
    with db.reading() as session:
        return next(iter(_read(session, query)), None)


def _running(session: Session, order: Order) -> TakedownRow | None:
    if order.scope is TakedownScope.ARTICLE:
        return None
    query = select(TakedownRow).where(TakedownRow.scope == order.scope.value, TakedownRow.undone_at.is_(None))
    same = (row for row in session.execute(query).scalars() if _is_same(order, row.subject))
    return next(same, None)


def _is_same(order: Order, subject: str) -> bool:
    if order.scope is TakedownScope.AUTHOR:
        return folded_name(order.subject) == folded_name(subject)
    return order.subject == subject


def _logged(session: Session, order: Order, at: datetime) -> TakedownRow:
    row = TakedownRow(
        scope=order.scope.value,
        subject=clean(order.subject),
        reason=clean(order.reason),
        ordered_by=clean(order.ordered_by),
        asked_at=order.asked_at or at,
        done_at=at,
    )
    session.add(row)
    session.flush()
    return row


def _next(session: Session, order: Order, article_ids: Sequence[int]) -> list[int]:
    """The next articles to take, with their copies; none if all are taken."""
    is_taken = select(TakedownArticleRow.article_id)
    match order.scope:
        case TakedownScope.ARTICLE:
            first = [one for one in article_ids if session.get(TakedownArticleRow, one) is None]
        case TakedownScope.OUTLET:
            query = select(ArticleRow.id).where(ArticleRow.outlet == order.subject)
            first = list(session.execute(query.where(ArticleRow.id.not_in(is_taken)).limit(_CHUNK)).scalars())
        case TakedownScope.AUTHOR:
            first = list(_by_author(session, folded_name(order.subject)))
    return sorted({*first, *_same_text(session, first)})


def _by_author(session: Session, name: str) -> Iterator[int]:
    query = select(ArticleRow.id, ArticleRow.byline).where(
        ArticleRow.id.not_in(select(TakedownArticleRow.article_id))
    )
    count = 0
    for number, byline in session.execute(query, execution_options={"yield_per": 1000}):
        if any(folded_name(each) == name for each in byline):
            yield number
            count += 1
            if count == _CHUNK:
                return


def _same_text(session: Session, ids: Sequence[int]) -> set[int]:
    """The copies of articles, and what the store knows to hold most of their text."""
    free = ArticleRow.id.not_in(select(TakedownArticleRow.article_id))
    copies = set(session.execute(select(ArticleRow.id).where(ArticleRow.copy_of.in_(ids), free)).scalars())
    kin = select(DuplicateRow.copy_id, DuplicateRow.original_id).where(
        or_(DuplicateRow.copy_id.in_(ids), DuplicateRow.original_id.in_(ids))
    )
    others = {one for pair in session.execute(kin) for one in pair} - copies - set(ids)
    runs = {number: _runs(session, number) for number in (*ids, *others)}
    sizes = {number: len(runs[number]) for number in ids}
    holders = {
        other
        for other in others
        if barred((one for one in ids for run in runs[one] if run in runs[other]), sizes) is not None
    }
    return copies | set(
        session.execute(select(ArticleRow.id).where(ArticleRow.id.in_(holders), free)).scalars()
    )


def _runs(session: Session, article_id: int) -> frozenset[int]:
    query = (
        select(ArticleRevisionRow.blocks)
        .where(ArticleRevisionRow.article_id == article_id)
        .order_by(ArticleRevisionRow.number.desc())
        .limit(1)
    )
    blocks = session.execute(query).scalar() or []
    return marks(words(plain_text(blocks_of(blocks))))


def _take(session: Session, takedown_id: int, ids: Sequence[int], reason: str, at: datetime) -> None:
    runs = {number: _runs(session, number) for number in ids}
    whole = {number: _wholes(session, number) for number in ids}
    packed = lock_away(session, ids, reason, at)
    insert_rows(
        session,
        TakedownArticleRow,
        [
            {"article_id": one, "takedown_id": takedown_id, "runs": len(runs[one]), "kept": packed[one]}
            for one in ids
        ],
    )
    rows = [{"mark": mark, "article_id": one, "is_whole": True} for one in ids for mark in sorted(whole[one])]
    rows += [
        {"mark": mark, "article_id": one, "is_whole": False} for one in ids for mark in sorted(runs[one])
    ]
    insert_new_rows(session, TakedownMarkRow, rows)


def _wholes(session: Session, article_id: int) -> set[int]:
    keys = session.execute(
        select(ArticleUrlRow.url_key).where(ArticleUrlRow.article_id == article_id)
    ).scalars()
    texts = session.execute(
        select(ArticleRow.text_hash, ArticleRow.page_hash).where(ArticleRow.id == article_id)
    ).one()
    return {mark_of(one) for one in (*keys, *texts) if one}


def _read(session: Session, query: Select[TakedownRow]) -> list[Takedown]:
    rows = list(session.execute(query).scalars())
    held = select(TakedownArticleRow.takedown_id, TakedownArticleRow.article_id).where(
        TakedownArticleRow.takedown_id.in_([row.id for row in rows])
    )
    articles = session.execute(held.order_by(TakedownArticleRow.article_id)).all()
    return [_takedown(row, tuple(a for number, a in articles if number == row.id)) for row in rows]


def _takedown(row: TakedownRow, article_ids: tuple[int, ...]) -> Takedown:
    return Takedown(
        id=row.id,
        order=Order(TakedownScope(row.scope), row.subject, row.reason, row.ordered_by, row.asked_at),
        asked_at=row.asked_at,
        done_at=row.done_at,
        article_ids=article_ids,
        undone_at=row.undone_at,
        erased_at=row.erased_at,
    )
