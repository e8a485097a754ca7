"""The log of what was done: entries are added, and never changed."""

from datetime import datetime
from typing import Final

from sqlalchemy import insert, select

from aggregator.model.desk import Action, Noted, Outcome
from aggregator.store.engine import Database
from aggregator.store.foreign import clean, clean_or_none
from aggregator.store.schema import DeskActionRow

LONGEST_CHARS: Final = 20_000
"""Of what a thing was before and after; a card has a few thousand."""

_Row = DeskActionRow


def note(db: Database, action: Action, at: datetime) -> None:
    """Note an action."""
    with db.session() as session:
        session.execute(
            insert(_Row).values(
                at=at,
                who=clean(action.who),
                action=action.action,
                subject=clean(action.subject),
                before=_bounded(action.before),
                after=_bounded(action.after),
                outcome=action.outcome.value,
            )
        )


def entries(
    db: Database,
    *,
    limit: int,
    before_id: int | None = None,
    who: str | None = None,
    subject: str | None = None,
) -> list[Noted]:
    """The last entries, newest first: those before an entry's number, by somebody, about something."""
    query = select(_Row).order_by(_Row.id.desc()).limit(limit)
    if before_id is not None:
        query = query.where(_Row.id < before_id)
    if who is not None:
        query = query.where(_Row.who == who)
    if subject is not None:
        query = query.where(_Row.subject == subject)
    with db.reading() as session:
        return [_noted(row) for row in session.execute(query).scalars()]


def _bounded(text: str | None) -> str | None:
    cleaned = clean_or_none(text)
    return cleaned[:LONGEST_CHARS] if cleaned else cleaned


def _noted(row: DeskActionRow) -> Noted:
    action = Action(row.who, row.action, row.subject, row.before, row.after, Outcome(row.outcome))
    return Noted(row.id, row.at, action)
