"""What pages say of their use, where cuts stood, decisions with codes, licence pages."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from aggregator.store.tables.base import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

LIST = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BLOCKS = {
    "article_revision": (
        "the body: a JSON list of [kind, level, text], in reading order",
        "the body: a JSON list of [kind, level, text], in reading order; false behind it: unquotable",
    ),
    "publication": (
        "all text that readers get: a JSON list of [kind, level, text], in reading order",
        "all text that readers get: a JSON list of [kind, level, text], as in article_revision",
    ),
}


def column(name: str, kind: Any, comment: str, default: Any = None) -> sa.Column[Any]:
    """A column that rows from before have, too: by its default, or without a value."""
    return sa.Column(name, kind, nullable=default is None, server_default=default, comment=comment)


def flag(name: str, comment: str, default: Any) -> sa.Column[Any]:
    """A column that is true or false."""
    return column(name, sa.Boolean(), comment, default)


def columns() -> dict[str, tuple[sa.Column[Any], ...]]:
    """The new columns of each table."""
    return {
        "article": (
            flag("tdm_reserved", "true if text and data mining is reserved (TDMRep)", sa.false()),
            column("tdm_policy", sa.Text(), "URL of the terms on which it may be mined"),
        ),
        "article_cut": (
            column(
                "kind",
                sa.Text(),
                "what its block is: paragraph, heading, list_item, ...",
                sa.text("'paragraph'"),
            ),
            column("level", sa.Integer(), "a heading's level, 2 to 6, else 0", sa.text("0")),
            column(
                "stands_after",
                sa.Integer(),
                "how many blocks of the body stand before it; -1 is not known",
                sa.text("-1"),
            ),
            column(
                "chars_before",
                sa.Integer(),
                "characters before it in its paragraph; -1 for a whole block",
                sa.text("-1"),
            ),
            column("paragraph", sa.Text(), "its paragraph before it was cut there; null for a whole block"),
        ),
        "publication": (
            column("licence_url", sa.Text(), "where that licence stands"),
            column(
                "credit_position",
                sa.Text(),
                "where the attribution stands: top, bottom or both",
                sa.text("'top'"),
            ),
            column(
                "reason_codes",
                LIST,
                "the reasons' codes in their order: a JSON list; null before there were any",
            ),
            flag("is_verbatim", "true if the text is whole and uncut as its outlet wrote it", sa.false()),
            flag("has_images", "true if pictures may go out", sa.false()),
            flag("is_indexable", "false if the outlet asks search engines not to list it", sa.true()),
            flag("is_minable", "false if the outlet reserves text and data mining", sa.true()),
        ),
    }


def upgrade() -> None:
    """Lead to this schema."""
    for table, added in columns().items():
        for each in added:
            op.add_column(table, each)
    _comment(old=0, new=1)
    op.create_table(
        "decision",
        sa.Column("article_id", KEY, nullable=False, comment="the article"),
        sa.Column(
            "revision", sa.Integer(), nullable=False, comment="the article's revision that was decided about"
        ),
        sa.Column("state", sa.Text(), nullable=False, comment="held, in review, approved or refused"),
        sa.Column(
            "until", UtcDateTime(), nullable=True, comment="when it is looked at again, if a moment ends it"
        ),
        sa.Column("code", sa.Text(), nullable=False, comment="the reason's code, such as card/by-hand"),
        sa.Column("reason", sa.Text(), nullable=False, comment="the reason as a sentence"),
        sa.Column(
            "mode", sa.Text(), nullable=True, comment="how much of it would go out: full, excerpt or link"
        ),
        sa.Column("decided_at", UtcDateTime(), nullable=False, comment="when this was decided"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_decision_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_decision")),
        comment="articles that wait for a moment or for a person, and what people said of them",
    )
    op.create_index(op.f("ix_decision_state_article_id"), "decision", ["state", "article_id"])
    op.create_table(
        "licence_page",
        sa.Column("outlet", sa.Text(), nullable=False, comment="the outlet"),
        *(sa.Column(name, kind, nullable=True, comment=comment) for name, kind, comment in LICENCE_PAGE),
        sa.ForeignKeyConstraint(["outlet"], ["outlet.slug"], name=op.f("fk_licence_page_outlet")),
        sa.PrimaryKeyConstraint("outlet", name=op.f("pk_licence_page")),
        comment="the outlets' licence pages: what stood there, and what was confirmed",
    )


LICENCE_PAGE = (
    ("url", sa.Text(), "URL of the page that was checked"),
    ("checked_at", UtcDateTime(), "when it was fetched and read last"),
    ("text_hash", sa.Text(), "SHA-256 of the text that counts as known, in hex"),
    ("changed_at", UtcDateTime(), "when another text was found there; null if none was"),
    ("new_hash", sa.Text(), "SHA-256 of that other text, in hex"),
    ("failed_at", UtcDateTime(), "since when it cannot be read; null if the last check could"),
    ("failure", sa.Text(), "one line on why not"),
    ("confirmed_at", UtcDateTime(), "when an operator confirmed the licence"),
    ("confirmed", sa.Text(), "the card's licence that was confirmed"),
    ("text", sa.Text(), "the text that counts as known"),
    ("new_text", sa.Text(), "the other text"),
)


def downgrade() -> None:
    """Lead back; what only the new columns knew is forgotten."""
    op.drop_table("licence_page")
    op.drop_index(op.f("ix_decision_state_article_id"), "decision")
    op.drop_table("decision")
    _comment(old=1, new=0)
    for table, added in columns().items():
        for each in reversed(added):
            op.drop_column(table, each.name)


def _comment(*, old: int, new: int) -> None:
    # SQLite keeps no comments.
    if op.get_bind().dialect.name == "sqlite":
        return
    for table, comments in BLOCKS.items():
        op.alter_column(
            table,
            "blocks",
            existing_type=LIST,
            existing_nullable=False,
            comment=comments[new],
            existing_comment=comments[old],
        )
