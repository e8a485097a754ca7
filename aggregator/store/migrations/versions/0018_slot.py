"""The last slot that was closed, so that a restart knows which were missed."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.tables.base import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BEFORE, AFTER = "held, in review, approved or refused", "queued, scheduled, held, in review, approved or refused"


def upgrade() -> None:
    """Lead to this schema."""
    op.create_table(
        "slot",
        sa.Column("id", KEY, autoincrement=False, nullable=False, comment="always 1"),
        sa.Column(
            "closed_at", UtcDateTime(), nullable=False, comment="up to when slots are closed, by the clock then"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_slot"),
        comment="the last slot for editions that was closed: one row at most",
    )
    if op.get_context().dialect.name == "postgresql":
        op.alter_column("decision", "state", comment=AFTER, existing_comment=BEFORE)


def downgrade() -> None:
    """Lead back."""
    if op.get_context().dialect.name == "postgresql":
        op.alter_column("decision", "state", comment=BEFORE, existing_comment=AFTER)
    op.drop_table("slot")
