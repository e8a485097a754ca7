"""Former texts of the outlets' cards."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.tables.base import UtcDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Lead to this schema."""
    op.create_table(
        "desk_card",
        sa.Column("id", KEY, nullable=False, comment="number of the version"),
        sa.Column("outlet", sa.Text(), nullable=False, comment="the outlet's short name"),
        sa.Column("at", UtcDateTime(), nullable=False, comment="when it was written or found"),
        sa.Column(
            "who", sa.Text(), nullable=False, comment="who wrote it; empty for what was found in the folder"
        ),
        sa.Column("why", sa.Text(), nullable=False, comment="what was done: edited, paused, undone, ..."),
        sa.Column(
            "text", sa.Text(), nullable=True, comment="the card's text; null where there was no card"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_desk_card"),
        comment="former and present texts of the outlets' cards",
    )
    op.create_index("ix_desk_card_outlet_id", "desk_card", ["outlet", "id"])


def downgrade() -> None:
    """Lead back."""
    op.drop_table("desk_card")
