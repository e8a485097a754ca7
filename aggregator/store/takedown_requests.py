"""Requests from the public takedown form, until somebody answers them."""

from datetime import datetime
from typing import Final

from sqlalchemy import func, select, update

from aggregator.errors import TakedownError
from aggregator.model.takedown import UNDO_WITHIN, NewRequest, RequestState, TakedownRequest
from aggregator.store.engine import Database
from aggregator.store.foreign import clean
from aggregator.store.schema import TakedownRequestRow

MOST_OPEN: Final = 1000
"""So many unanswered requests are a flood, and no more are taken."""

_Row = TakedownRequestRow


def ask(db: Database, wish: NewRequest, at: datetime) -> int:
    """Keep a request; its number.

    Raises:
        TakedownError: too many wait for an answer already.
    """
    with db.session() as session:
        is_open = _Row.state == RequestState.OPEN.value
        if session.execute(select(func.count()).where(is_open)).scalar_one() >= MOST_OPEN:
            raise TakedownError(f"{MOST_OPEN} takedown requests wait for an answer; no more are taken")
        row = _Row(
            address=clean(wish.address),
            name=clean(wish.name),
            contact=clean(wish.contact),
            reason=clean(wish.reason),
            asked_at=at,
            state=RequestState.OPEN.value,
        )
        session.add(row)
        session.flush()
        return row.id


def get(db: Database, request_id: int) -> TakedownRequest:
    """A request.

    Raises:
        TakedownError: there is none of this number.
    """
    with db.reading() as session:
        row = session.get(_Row, request_id)
    if row is None:
        raise TakedownError(
            f"request {request_id}: there is none of this number; `aggregator takedowns requests`"
        )
    return _request(row)


def requests(db: Database, state: RequestState | None, limit: int) -> list[TakedownRequest]:
    """Requests in a state, or all; the oldest first."""
    query = select(_Row).order_by(_Row.id).limit(limit)
    if state is not None:
        query = query.where(_Row.state == state.value)
    with db.reading() as session:
        return [_request(row) for row in session.execute(query).scalars()]


def grant(db: Database, request_id: int, takedown_id: int, at: datetime) -> None:
    """Note that a takedown grants a request."""
    _answer(db, request_id, at, state=RequestState.GRANTED.value, takedown_id=takedown_id)


def refuse(db: Database, request_id: int, why: str, at: datetime) -> None:
    """Note why a request is refused.

    Raises:
        TakedownError: it is answered already.
    """
    _answer(db, request_id, at, state=RequestState.REFUSED.value, answer=clean(why))


def forget_contacts(db: Database, at: datetime) -> int:
    """Empty the names and addresses of people whose requests were answered long ago; how many."""
    due = (_Row.answered_at < at - UNDO_WITHIN) & (_Row.contact != "")
    with db.session() as session:
        changed = session.execute(select(func.count()).where(due)).scalar_one()
        session.execute(update(_Row).where(due).values(name="", contact=""))
    return changed


def not_open(request_id: int) -> TakedownError:
    """The error that a request waits for no answer."""
    return TakedownError(f"request {request_id}: it is not open; `aggregator takedowns requests` lists those")


def _answer(db: Database, request_id: int, at: datetime, **values: object) -> None:
    with db.session() as session:
        row = session.get(_Row, request_id)
        if row is None or row.state != RequestState.OPEN.value:
            raise not_open(request_id)
        session.execute(update(_Row).where(_Row.id == request_id).values(answered_at=at, **values))


def _request(row: TakedownRequestRow) -> TakedownRequest:
    return TakedownRequest(
        id=row.id,
        wish=NewRequest(row.address, row.name, row.contact, row.reason),
        asked_at=row.asked_at,
        state=RequestState(row.state),
        answered_at=row.answered_at,
        answer=row.answer,
        takedown_id=row.takedown_id,
    )
