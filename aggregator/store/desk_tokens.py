"""Tokens: how programs work at the desk."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import insert, select, update

from aggregator.errors import DeskError, StoreBusyError, UnknownUserError
from aggregator.model.desk import Scope, Token
from aggregator.store.desk_sessions import SEEN_EVERY
from aggregator.store.desk_users import check_name
from aggregator.store.engine import Database
from aggregator.store.schema import DeskTokenRow

_Row = DeskTokenRow


def add(db: Database, token: Token, key: str) -> Token:
    """Keep a token under the hash of its secret; the same with its number.

    Raises:
        DeskError: its name is none, or that of one that still opens the door.
    """
    check_name(token.name)
    with db.session() as session:
        same = session.execute(select(_Row).where(_Row.name == token.name)).scalars()
        if any(_token(row).is_good(token.added_at) for row in same):
            raise DeskError(
                f"token {token.name}: there is one already; `aggregator token revoke {token.name}`"
            )
        number = session.execute(
            insert(_Row)
            .values(
                name=token.name,
                key=key,
                scopes=sorted(scope.value for scope in token.scopes),
                added_at=token.added_at,
                added_by=token.added_by,
                expires_at=token.expires_at,
            )
            .returning(_Row.id)
        ).scalar_one()
    return Token(number, token.name, token.scopes, token.added_at, token.added_by, token.expires_at)


def every(db: Database) -> list[Token]:
    """All tokens, also those that are revoked, oldest first."""
    with db.reading() as session:
        return [_token(row) for row in session.execute(select(_Row).order_by(_Row.id)).scalars()]


def find(db: Database, key: str, at: datetime) -> Token | None:
    """The token of this hash if it is good, and note that it was used."""
    with db.reading() as session:
        row = session.execute(select(_Row).where(_Row.key == key)).scalar()
    token = _token(row) if row else None
    if token is None or not token.is_good(at):
        return None
    if token.used_at is None or at - token.used_at >= SEEN_EVERY:
        _note_used(db, token, at)
    return token


def revoke(db: Database, name: str, at: datetime) -> int:
    """Revoke all tokens of a name; how many still opened the door.

    Raises:
        UnknownUserError: there is none of this name.
    """
    with db.session() as session:
        rows = session.execute(select(_Row).where(_Row.name == name)).scalars().all()
        if not rows:
            raise UnknownUserError(f"token {name}: there is none of this name; `aggregator token list`")
        good = [row.id for row in rows if _token(row).is_good(at)]
        session.execute(update(_Row).where(_Row.id.in_(good)).values(revoked_at=at))
    return len(good)


def scopes_of(words: Collection[str]) -> frozenset[Scope]:
    """Scopes by their names.

    Raises:
        DeskError: there is no such scope, or none is named.
    """
    known = {scope.value: scope for scope in Scope}
    wrong = [word for word in words if word not in known]
    if wrong or not words:
        raise DeskError(f"scope: expected some of {', '.join(known)}; got {', '.join(wrong) or 'none'}")
    return frozenset(known[word] for word in words)


def _note_used(db: Database, token: Token, at: datetime) -> None:
    try:
        with db.session() as session:
            session.execute(update(_Row).where(_Row.id == token.id).values(used_at=at))
    except StoreBusyError:
        return  # the next call notes it


def _token(row: DeskTokenRow) -> Token:
    return Token(
        row.id,
        row.name,
        scopes_of(row.scopes),
        row.added_at,
        row.added_by,
        row.expires_at,
        row.used_at,
        row.revoked_at,
    )
