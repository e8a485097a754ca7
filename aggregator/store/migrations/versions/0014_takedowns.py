"""The tables of takedowns."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.tables.base import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Lead to this schema."""
    op.create_table(
        "takedown",
        sa.Column("id", KEY, nullable=False, comment="number of the takedown"),
        sa.Column("scope", sa.Text(), nullable=False, comment="article, author or outlet"),
        sa.Column(
            "subject",
            sa.Text(),
            nullable=False,
            comment="the author's name or the outlet's short name; empty for an article",
        ),
        sa.Column("reason", sa.Text(), nullable=False, comment="why; readers see it"),
        sa.Column("ordered_by", sa.Text(), nullable=False, comment="who carried it out"),
        sa.Column("asked_at", UtcDateTime(), nullable=False, comment="when it was asked for"),
        sa.Column("done_at", UtcDateTime(), nullable=False, comment="when it was carried out"),
        sa.Column("undone_at", UtcDateTime(), nullable=True, comment="when it was undone"),
        sa.Column("erased_at", UtcDateTime(), nullable=True, comment="when the text was erased for good"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_takedown")),
        comment="the log of takedowns",
    )
    op.create_index(op.f("ix_takedown_undone_at"), "takedown", ["undone_at"])
    op.create_table(
        "takedown_article",
        sa.Column(
            "article_id",
            KEY,
            autoincrement=False,
            nullable=False,
            comment="the article; of two takedowns that cover it the first has it",
        ),
        sa.Column("takedown_id", KEY, nullable=False, comment="the takedown that took it"),
        sa.Column("runs", sa.Integer(), nullable=False, comment="how many runs of its words are marked"),
        sa.Column(
            "kept",
            sa.LargeBinary(),
            nullable=True,
            comment="its words, compressed, for an undoing; null once they were erased",
        ),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_takedown_article_article_id")),
        sa.ForeignKeyConstraint(
            ["takedown_id"], ["takedown.id"], name=op.f("fk_takedown_article_takedown_id")
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_takedown_article")),
        comment="articles that takedowns took",
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_takedown_article_takedown_id"), "takedown_article", ["takedown_id"])
    op.create_table(
        "takedown_mark",
        sa.Column("mark", sa.BigInteger(), autoincrement=False, nullable=False, comment="the hash, 63 bits"),
        sa.Column(
            "article_id", KEY, autoincrement=False, nullable=False, comment="the article that it marks"
        ),
        sa.Column(
            "is_whole",
            sa.Boolean(),
            nullable=False,
            comment="true for an address or a whole text, false for a run of words",
        ),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["takedown_article.article_id"],
            name=op.f("fk_takedown_mark_article_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("mark", "article_id", name=op.f("pk_takedown_mark")),
        comment="hashes by which what was taken down is known again",
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_takedown_mark_article_id"), "takedown_mark", ["article_id"])
    op.create_table(
        "takedown_request",
        sa.Column("id", KEY, nullable=False, comment="number of the request"),
        sa.Column("address", sa.Text(), nullable=False, comment="the page that it is about, as written"),
        sa.Column("name", sa.Text(), nullable=False, comment="who asks"),
        sa.Column(
            "contact", sa.Text(), nullable=False, comment="how to answer; emptied 30 days after the answer"
        ),
        sa.Column("reason", sa.Text(), nullable=False, comment="why, as written"),
        sa.Column("asked_at", UtcDateTime(), nullable=False, comment="when it came"),
        sa.Column("state", sa.Text(), nullable=False, comment="open, granted or refused"),
        sa.Column("answered_at", UtcDateTime(), nullable=True, comment="when it was answered"),
        sa.Column("answer", sa.Text(), nullable=True, comment="why it was refused"),
        sa.Column("takedown_id", KEY, nullable=True, comment="the takedown that granted it"),
        sa.ForeignKeyConstraint(
            ["takedown_id"], ["takedown.id"], name=op.f("fk_takedown_request_takedown_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_takedown_request")),
        comment="requests from the public takedown form",
    )
    op.create_index(op.f("ix_takedown_request_state"), "takedown_request", ["state"])


def downgrade() -> None:
    """Lead back."""
    for table in ("takedown_request", "takedown_mark", "takedown_article", "takedown"):
        op.drop_table(table)
