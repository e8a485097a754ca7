"""Crawls that did not begin when they were due."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.tables.base import UtcDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Lead to this schema."""
    op.create_table(
        "crawl_slip",
        sa.Column("outlet", sa.Text(), nullable=False, comment="the outlet"),
        sa.Column("due_at", UtcDateTime(), nullable=False, comment="when it was due"),
        sa.Column("kind", sa.Text(), nullable=False, comment="missed or overlapping"),
        sa.Column("found_at", UtcDateTime(), nullable=False, comment="when that was found, the last time"),
        sa.Column(
            "times",
            sa.Integer(),
            nullable=False,
            comment="how many moments of its schedule had passed by then",
        ),
        sa.Column("run_id", KEY, nullable=True, comment="the crawl that was under way, if one was"),
        sa.Column(
            "after_run", KEY, nullable=False, comment="the last run there was; a later one makes up for it"
        ),
        sa.PrimaryKeyConstraint("outlet", "due_at", "kind", name="pk_crawl_slip"),
        comment="crawls that did not begin when they were due",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_crawl_slip_found_at", "crawl_slip", ["found_at"])


def downgrade() -> None:
    """Lead back."""
    op.drop_table("crawl_slip")
