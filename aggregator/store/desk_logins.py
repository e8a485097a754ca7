"""Wrong passwords, counted by account and by address."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select, update

from aggregator.model.desk import PAUSE, Attempts, most
from aggregator.store.engine import Database
from aggregator.store.schema import DeskLoginRow
from aggregator.store.statements import insert_new_rows

_Row = DeskLoginRow


def enter(db: Database, subjects: Collection[str], at: datetime) -> datetime | None:
    """Count a try as a wrong one, before its password is looked at; until when that is not done at all.

    Counting first lets no more passwords through than the limit however many come at once. ``forgive`` takes
    the right ones out again.
    """
    with db.session() as session:
        session.execute(delete(_Row).where(_Row.since < at - 2 * PAUSE))
        blank = [{"subject": one, "count": 0, "since": at, "locked_until": None} for one in sorted(subjects)]
        insert_new_rows(session, _Row, blank)
        query = select(_Row).where(_Row.subject.in_(subjects)).order_by(_Row.subject).with_for_update()
        known = {
            row.subject: Attempts(row.count, row.since, row.locked_until)
            for row in session.execute(query).scalars()
        }
        locked = [one.locked_until for one in known.values() if one.is_locked(at) and one.locked_until]
        if locked:
            return max(locked)
        for subject, attempts in known.items():
            more = attempts.and_one_more(most(subject), at)
            session.execute(
                update(_Row)
                .where(_Row.subject == subject)
                .values(count=more.count, since=more.since, locked_until=more.locked_until)
            )
    return None


def forgive(db: Database, account: str, address: str) -> None:
    """Forget an account's wrong passwords, and this one try of the address, after a right password.

    The address keeps its others: whoever knows one password must not guess others for ever.
    """
    with db.session() as session:
        session.execute(delete(_Row).where(_Row.subject == account))
        session.execute(
            update(_Row)
            .where(_Row.subject == address, _Row.count > 0)
            .values(count=_Row.count - 1, locked_until=None)
        )


def locked(db: Database, at: datetime) -> dict[str, Attempts]:
    """What is locked at a moment, by subject."""
    with db.reading() as session:
        rows = session.execute(select(_Row).where(_Row.locked_until > at)).scalars().all()
    return {row.subject: Attempts(row.count, row.since, row.locked_until) for row in rows}
