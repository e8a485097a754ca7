"""What was withdrawn last is found by an index, as feeds tell it."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

WITHDRAWN = sa.text("state = 'withdrawn'")


def upgrade() -> None:
    """Lead to this schema."""
    op.create_index(
        "ix_publication_withdrawn",
        "publication",
        ["withdrawn_at", "id"],
        sqlite_where=WITHDRAWN,
        postgresql_where=WITHDRAWN,
    )


def downgrade() -> None:
    """Lead back."""
    op.drop_index("ix_publication_withdrawn", "publication")
