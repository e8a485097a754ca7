"""The tables of the desk: who may work there, who is there, and what was done. No dump has them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from aggregator.store.tables.base import Base, Key


class DeskUserRow(Base):
    """A person who may log in."""

    __tablename__ = "desk_user"
    __table_args__ = ({"comment": "people who may work at the desk"},)

    id: Mapped[int] = mapped_column(Key, primary_key=True, comment="number of the user")
    name: Mapped[str] = mapped_column(unique=True, comment="the name to log in with, in lower case")
    role: Mapped[str] = mapped_column(comment="viewer, editor or operator")
    password: Mapped[str] = mapped_column(comment="Argon2id hash of the password")
    added_at: Mapped[datetime] = mapped_column(comment="when the user was added")
    logged_in_at: Mapped[datetime | None] = mapped_column(comment="when they logged in last")


class DeskSessionRow(Base):
    """Somebody at work."""

    __tablename__ = "desk_session"
    __table_args__ = ({"comment": "people at work at the desk", "sqlite_with_rowid": False},)

    key: Mapped[str] = mapped_column(primary_key=True, comment="SHA-256 of the cookie's secret, in hex")
    user_id: Mapped[int] = mapped_column(
        Key, ForeignKey("desk_user.id", ondelete="CASCADE"), index=True, comment="the user"
    )
    since: Mapped[datetime] = mapped_column(comment="when they logged in")
    seen_at: Mapped[datetime] = mapped_column(comment="when they last asked for something, to the minute")


class DeskFormRow(Base):
    """A form that was sent; none is taken twice."""

    __tablename__ = "desk_form"
    __table_args__ = ({"comment": "forms of the desk that were sent", "sqlite_with_rowid": False},)

    session: Mapped[str] = mapped_column(
        ForeignKey("desk_session.key", ondelete="CASCADE"), primary_key=True, comment="the session"
    )
    number: Mapped[str] = mapped_column(primary_key=True, comment="the form's random number")


class DeskLoginRow(Base):
    """Wrong passwords of an account, or from an address."""

    __tablename__ = "desk_login"
    __table_args__ = ({"comment": "wrong passwords by account and by address", "sqlite_with_rowid": False},)

    subject: Mapped[str] = mapped_column(primary_key=True, comment="account:NAME or address:IP")
    count: Mapped[int] = mapped_column(comment="how many wrong passwords")
    since: Mapped[datetime] = mapped_column(index=True, comment="when the first of them came")
    locked_until: Mapped[datetime | None] = mapped_column(comment="until when no password is looked at")


class DeskTokenRow(Base):
    """A program's way in."""

    __tablename__ = "desk_token"
    __table_args__ = ({"comment": "tokens for programs that work at the desk"},)

    id: Mapped[int] = mapped_column(Key, primary_key=True, comment="number of the token")
    name: Mapped[str] = mapped_column(comment="what it is for")
    key: Mapped[str] = mapped_column(unique=True, comment="SHA-256 of the token, in hex")
    scopes: Mapped[list[str]] = mapped_column(comment="what it may do: read, review, ...")
    added_at: Mapped[datetime] = mapped_column(comment="when it was made")
    added_by: Mapped[str] = mapped_column(comment="who made it")
    expires_at: Mapped[datetime | None] = mapped_column(comment="when it ends by itself")
    used_at: Mapped[datetime | None] = mapped_column(comment="when it was used last, to the minute")
    revoked_at: Mapped[datetime | None] = mapped_column(comment="when it was revoked")


class DeskActionRow(Base):
    """Something that somebody did."""

    __tablename__ = "desk_action"
    __table_args__ = ({"comment": "the log of what was done at the desk"},)

    id: Mapped[int] = mapped_column(Key, primary_key=True, comment="number of the entry")
    at: Mapped[datetime] = mapped_column(index=True, comment="when")
    who: Mapped[str] = mapped_column(comment="the user, token:NAME, or the account at the command line")
    action: Mapped[str] = mapped_column(comment="what was done")
    subject: Mapped[str] = mapped_column(comment="to what: an outlet, an article, a user")
    before: Mapped[str | None] = mapped_column(comment="what it was before")
    after: Mapped[str | None] = mapped_column(comment="what it became")
    outcome: Mapped[str] = mapped_column(comment="done, refused or failed")


class CardVersionRow(Base):
    """A card's text as the desk wrote it, or found it before it wrote."""

    __tablename__ = "desk_card"
    __table_args__ = (
        Index(None, "outlet", "id"),
        {"comment": "former and present texts of the outlets' cards"},
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True, comment="number of the version")
    outlet: Mapped[str] = mapped_column(comment="the outlet's short name")
    at: Mapped[datetime] = mapped_column(comment="when it was written or found")
    who: Mapped[str] = mapped_column(comment="who wrote it; empty for what was found in the folder")
    why: Mapped[str] = mapped_column(comment="what was done: edited, paused, undone, ...")
    text: Mapped[str | None] = mapped_column(comment="the card's text; null where there was no card")
