"""The looks at seeds of a crawl, found by an index."""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lead to this schema."""
    op.create_index("ix_seed_visit_run_id_outlet", "seed_visit", ["run_id", "outlet"])


def downgrade() -> None:
    """Lead back."""
    op.drop_index("ix_seed_visit_run_id_outlet", "seed_visit")
