"""In which elements of their pages an hour's texts stood."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.tables.base import JsonList

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lead to this schema."""
    op.add_column(
        "outlet_hour",
        sa.Column(
            "containers",
            JsonList,
            nullable=False,
            server_default=sa.text("'{}'"),
            comment="how many texts stood in which element of their pages, a JSON object; of 50 elements",
        ),
    )


def downgrade() -> None:
    """Lead back."""
    op.drop_column("outlet_hour", "containers")
