"""What each revision changed: its kinds, and how many sentences."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

COUNTS = {
    "sentences_added": "sentences that came; null of a first revision",
    "sentences_removed": "sentences that are gone; null of a first revision",
    "sentences_changed": "sentences with other words in them; null of a first revision",
}


def upgrade() -> None:
    """Lead to this schema; of revisions that are stored already nobody says what they changed."""
    op.add_column(
        "article_revision",
        sa.Column(
            "kinds",
            sa.JSON().with_variant(JSONB(), "postgresql"),
            nullable=False,
            server_default=sa.text("'[]'"),
            comment="what it changed, a JSON list, the main kind first; empty of a first revision",
        ),
    )
    for name, comment in COUNTS.items():
        op.add_column("article_revision", sa.Column(name, sa.Integer(), nullable=True, comment=comment))


def downgrade() -> None:
    """Lead back."""
    for name in COUNTS:
        op.drop_column("article_revision", name)
    op.drop_column("article_revision", "kinds")
