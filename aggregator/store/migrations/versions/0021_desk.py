"""The desk: its users, sessions, tokens and log."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.tables.base import JsonList, UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def words(name: str, comment: str, *, nullable: bool = False) -> sa.Column[object]:
    """A column that holds text."""
    return sa.Column(name, sa.Text(), nullable=nullable, comment=comment)


def moment(name: str, comment: str, *, nullable: bool = False) -> sa.Column[object]:
    """A column that holds a moment."""
    return sa.Column(name, UtcDateTime(), nullable=nullable, comment=comment)


def upgrade() -> None:
    """Lead to this schema."""
    op.create_table(
        "desk_user",
        sa.Column("id", KEY, nullable=False, comment="number of the user"),
        words("name", "the name to log in with, in lower case"),
        words("role", "viewer, editor or operator"),
        words("password", "Argon2id hash of the password"),
        moment("added_at", "when the user was added"),
        moment("logged_in_at", "when they logged in last", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_desk_user"),
        sa.UniqueConstraint("name", name="uq_desk_user_name"),
        comment="people who may work at the desk",
    )
    op.create_table(
        "desk_session",
        words("key", "SHA-256 of the cookie's secret, in hex"),
        sa.Column("user_id", KEY, nullable=False, comment="the user"),
        moment("since", "when they logged in"),
        moment("seen_at", "when they last asked for something, to the minute"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["desk_user.id"], name="fk_desk_session_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", name="pk_desk_session"),
        comment="people at work at the desk",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_desk_session_user_id", "desk_session", ["user_id"])
    op.create_table(
        "desk_form",
        words("session", "the session"),
        words("number", "the form's random number"),
        sa.ForeignKeyConstraint(
            ["session"], ["desk_session.key"], name="fk_desk_form_session", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session", "number", name="pk_desk_form"),
        comment="forms of the desk that were sent",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "desk_login",
        words("subject", "account:NAME or address:IP"),
        sa.Column("count", sa.Integer(), nullable=False, comment="how many wrong passwords"),
        moment("since", "when the first of them came"),
        moment("locked_until", "until when no password is looked at", nullable=True),
        sa.PrimaryKeyConstraint("subject", name="pk_desk_login"),
        comment="wrong passwords by account and by address",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_desk_login_since", "desk_login", ["since"])
    op.create_table(
        "desk_token",
        sa.Column("id", KEY, nullable=False, comment="number of the token"),
        words("name", "what it is for"),
        words("key", "SHA-256 of the token, in hex"),
        sa.Column("scopes", JsonList, nullable=False, comment="what it may do: read, review, ..."),
        moment("added_at", "when it was made"),
        words("added_by", "who made it"),
        moment("expires_at", "when it ends by itself", nullable=True),
        moment("used_at", "when it was used last, to the minute", nullable=True),
        moment("revoked_at", "when it was revoked", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_desk_token"),
        sa.UniqueConstraint("key", name="uq_desk_token_key"),
        comment="tokens for programs that work at the desk",
    )
    op.create_table(
        "desk_action",
        sa.Column("id", KEY, nullable=False, comment="number of the entry"),
        moment("at", "when"),
        words("who", "the user, token:NAME, or the account at the command line"),
        words("action", "what was done"),
        words("subject", "to what: an outlet, an article, a user"),
        words("before", "what it was before", nullable=True),
        words("after", "what it became", nullable=True),
        words("outcome", "done, refused or failed"),
        sa.PrimaryKeyConstraint("id", name="pk_desk_action"),
        comment="the log of what was done at the desk",
    )
    op.create_index("ix_desk_action_at", "desk_action", ["at"])


def downgrade() -> None:
    """Lead back."""
    for table in ("desk_action", "desk_token", "desk_login", "desk_form", "desk_session", "desk_user"):
        op.drop_table(table)
