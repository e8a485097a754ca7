"""What the column ``article.completeness`` may say, in its comment."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

OLD = "full, teaser or paywalled"
NEW = "full, teaser, paywalled, gallery, video or live"


def upgrade() -> None:
    """Lead to this schema."""
    _comment(NEW, OLD)


def downgrade() -> None:
    """Lead back."""
    _comment(OLD, NEW)


def _comment(new: str, old: str) -> None:
    # SQLite keeps no comments.
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column(
            "article",
            "completeness",
            comment=new,
            existing_comment=old,
            existing_type=sa.Text(),
            existing_nullable=False,
        )
