"""Withdrawals: a publication is taken back from readers, or given back, and whoever listens is told."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from aggregator.clock import now
from aggregator.model.delivery import EventKind
from aggregator.model.edition import PublicationState, WithdrawnBy
from aggregator.model.outlet import RightsMode
from aggregator.store.engine import Database
from aggregator.store.foreign import clean
from aggregator.store.outbox import record
from aggregator.store.schema import ArticleRow, EventRow, PublicationRow, TakedownArticleRow
from aggregator.store.statements import be_only_writer


def withdraw(
    db: Database, publication_id: int, reason: str, at: datetime, by: WithdrawnBy | None = None
) -> None:
    """Take a publication back; a second time changes the reason and keeps the moment.

    ``by`` is what may bring it back by itself; None for a person, which no rule overrules.
    """
    with db.session() as session:
        be_only_writer(session)
        row = session.get(PublicationRow, publication_id)
        if row is None or _is_taken_down(session, row):
            return
        if row.state == PublicationState.PUBLISHED.value:
            record(session, EventKind.WITHDRAWN, [row.id], at)
        row.state = PublicationState.WITHDRAWN.value
        row.withdrawn_at = row.withdrawn_at or at
        row.withdrawn_reason, row.withdrawn_by = clean(reason), by.value if by else None
        row.changed_at, row.awaits_indexing = now(), True


def restore(db: Database, publication_id: int, at: datetime | None = None) -> None:
    """Undo ``withdraw``; what the rights refused stays refused, and what was taken down stays down."""
    with db.session() as session:
        be_only_writer(session)
        row = session.get(PublicationRow, publication_id)
        is_withdrawn = row is not None and row.state == PublicationState.WITHDRAWN.value
        if row is None or not is_withdrawn or _is_taken_down(session, row):
            return
        is_refused = row.mode == RightsMode.NEVER.value
        row.state = (PublicationState.REFUSED if is_refused else PublicationState.PUBLISHED).value
        row.withdrawn_at = row.withdrawn_reason = row.withdrawn_by = None
        row.changed_at, row.awaits_indexing = now(), True
        if not is_refused:
            record(session, EventKind.PUBLISHED, [row.id], at or now())


def requeue(db: Database, publication_id: int) -> bool:
    """Let a refused article wait for the publisher as if nothing had been decided; false if it was out once.

    What readers had once has an address that must not become another article's.
    """
    with db.session() as session:
        be_only_writer(session)
        row = session.get(PublicationRow, publication_id)
        was_out = exists().where(EventRow.publication_id == publication_id)
        if row is None or row.state != PublicationState.REFUSED.value or _is_taken_down(session, row):
            return False
        if session.execute(select(was_out)).scalar():
            return False
        waits = update(ArticleRow).where(ArticleRow.id == row.article_id).values(awaits_publishing=True)
        _run(session, waits)
        _run(session, delete(PublicationRow).where(PublicationRow.id == publication_id))
        return True


def _is_taken_down(session: Session, row: PublicationRow) -> bool:
    taken = exists().where(TakedownArticleRow.article_id == row.article_id)
    return bool(session.execute(select(taken)).scalar())


def _run(session: Session, statement: Any) -> None:
    session.execute(statement, execution_options={"synchronize_session": False})
