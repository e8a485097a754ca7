"""Who is at the desk: sessions, and the forms that were sent in them."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, insert, or_, select, update

from aggregator.errors import StoreBusyError
from aggregator.model.desk import Lifetime, Role, Session, User
from aggregator.store.engine import Database
from aggregator.store.schema import DeskFormRow, DeskSessionRow, DeskUserRow

SEEN_EVERY: Final = timedelta(minutes=1)
"""How exactly it is noted when somebody was last seen: a write for each page would wait for crawls."""

_Row = DeskSessionRow


def begin(db: Database, key: str, user: User, at: datetime, lifetime: Lifetime) -> None:
    """Begin a session under the hash of its secret; those that are over are cleared away."""
    with db.session() as session:
        is_over = or_(_Row.seen_at <= at - lifetime.idle, _Row.since <= at - lifetime.longest)
        session.execute(delete(_Row).where(is_over))
        session.execute(insert(_Row).values(key=key, user_id=user.id, since=at, seen_at=at))


def find(db: Database, key: str, at: datetime, lifetime: Lifetime) -> Session | None:
    """The session of this hash, with its user as they are now; None if there is none or it is over."""
    query = (
        select(_Row.since, _Row.seen_at, DeskUserRow)
        .join(DeskUserRow, DeskUserRow.id == _Row.user_id)
        .where(_Row.key == key)
    )
    with db.reading() as session:
        found = session.execute(query).first()
    if found is None or lifetime.is_over(found[0], found[1], at):
        return None
    since, seen_at, row = found
    if at - seen_at >= SEEN_EVERY:
        _note_seen(db, key, at)
    return Session(key, User(row.id, row.name, Role(row.role), row.added_at, row.logged_in_at), since, at)


def end(db: Database, key: str) -> None:
    """End a session."""
    with db.session() as session:
        session.execute(delete(_Row).where(_Row.key == key))


def take_form(db: Database, key: str, number: str) -> bool:
    """Take a form of a session by its random number: true the first time, false ever after."""
    form = DeskFormRow.session == key, DeskFormRow.number == number
    with db.session() as session:
        # The lock on the session's row has two forms that come at once follow one another.
        if session.execute(select(_Row.key).where(_Row.key == key).with_for_update()).first() is None:
            return False
        if session.execute(select(DeskFormRow.number).where(*form)).first() is not None:
            return False
        session.execute(insert(DeskFormRow).values(session=key, number=number))
    return True


def _note_seen(db: Database, key: str, at: datetime) -> None:
    try:
        with db.session() as session:
            session.execute(update(_Row).where(_Row.key == key).values(seen_at=at))
    except StoreBusyError:
        return  # the next page notes it
