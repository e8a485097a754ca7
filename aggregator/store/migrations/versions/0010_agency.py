"""The news agencies that an article's page credits with its text."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lead to this schema; what is stored already names none until it is extracted anew."""
    op.add_column(
        "article",
        sa.Column(
            "agency",
            sa.JSON().with_variant(JSONB(), "postgresql"),
            nullable=False,
            server_default=sa.text("'[]'"),
            comment="news agencies credited with the text, a JSON list of names",
        ),
    )


def downgrade() -> None:
    """Lead back."""
    op.drop_column("article", "agency")
