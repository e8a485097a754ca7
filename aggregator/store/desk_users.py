"""The people who may work at the desk."""

import re
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, delete, exists, insert, select, update

from aggregator.errors import DeskError, UnknownUserError
from aggregator.model.desk import Role, User
from aggregator.store.engine import Database
from aggregator.store.schema import DeskSessionRow, DeskUserRow

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,63}")
_Row = DeskUserRow


def name_of(written: str) -> str:
    """A user's name as it is stored: Ada and ada are one person."""
    return written.strip().lower()


def check_name(name: str) -> None:
    """Refuse what is no name.

    Raises:
        DeskError: it has characters that do not belong in one.
    """
    if not _NAME.fullmatch(name):
        raise DeskError(
            f"user {name!r}: expected up to 64 letters a to z, digits and . _ @ + -, a letter or digit first"
        )


def add(db: Database, name: str, role: Role, password_hash: str, at: datetime) -> User:
    """Add a person.

    Raises:
        DeskError: there is one of this name.
    """
    with db.session() as session:
        if session.execute(select(_Row.id).where(_Row.name == name)).first() is not None:
            raise DeskError(f"user {name}: there is one already; `aggregator user password {name}`")
        values = {"name": name, "role": role.value, "password": password_hash, "added_at": at}
        number = session.execute(insert(_Row).values(values).returning(_Row.id)).scalar_one()
    return User(number, name, role, at)


def every(db: Database) -> list[User]:
    """All users by name."""
    with db.reading() as session:
        return [_user(row) for row in session.execute(select(_Row).order_by(_Row.name)).scalars()]


def is_anybody(db: Database) -> bool:
    """Whether there is any user at all."""
    with db.reading() as session:
        return bool(session.execute(select(exists().where(_Row.id.is_not(None)))).scalar())


def to_verify(db: Database, name: str) -> tuple[User, str] | None:
    """A user with the hash of their password; None if there is none of this name."""
    with db.reading() as session:
        row = session.execute(_named(name)).scalar()
    return (_user(row), row.password) if row else None


def note_login(db: Database, user: User, at: datetime, password_hash: str | None = None) -> None:
    """Note that a user logged in; with a new hash of the same password, keep that one."""
    values: dict[str, Any] = {"logged_in_at": at} | ({"password": password_hash} if password_hash else {})
    with db.session() as session:
        session.execute(update(_Row).where(_Row.id == user.id).values(values))


def set_role(db: Database, name: str, role: Role) -> User:
    """Give a user another role, and end their sessions; the user as they were before.

    Raises:
        UnknownUserError: there is none of this name.
    """
    return _change(db, name, role=role.value)


def set_password(db: Database, name: str, password_hash: str) -> User:
    """Give a user another password, and end their sessions; the user.

    Raises:
        UnknownUserError: there is none of this name.
    """
    return _change(db, name, password=password_hash)


def remove(db: Database, name: str) -> User:
    """Remove a user with their sessions; what they did stays in the log.

    Raises:
        UnknownUserError: there is none of this name.
    """
    with db.session() as session:
        row = session.execute(_named(name)).scalar()
        if row is None:
            raise unknown(name)
        session.execute(delete(_Row).where(_Row.id == row.id))
        return _user(row)


def unknown(name: str) -> UnknownUserError:
    """The error that there is no such user."""
    return UnknownUserError(f"user {name}: there is none of this name; `aggregator user list`")


def _change(db: Database, name: str, **values: str) -> User:
    with db.session() as session:
        row = session.execute(_named(name)).scalar()
        if row is None:
            raise unknown(name)
        before = _user(row)
        session.execute(update(_Row).where(_Row.id == row.id).values(values))
        # Who has an old password, or old rights, is not there any more.
        session.execute(delete(DeskSessionRow).where(DeskSessionRow.user_id == row.id))
        return before


def _named(name: str) -> Select[DeskUserRow]:
    return select(_Row).where(_Row.name == name)


def _user(row: DeskUserRow) -> User:
    return User(row.id, row.name, Role(row.role), row.added_at, row.logged_in_at)
