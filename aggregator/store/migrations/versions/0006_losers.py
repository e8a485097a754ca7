"""What other sources gave for a field stands beside where it came from."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

OLD = "provenance: where each field of an article came from"
NEW = "provenance: where each field of an article came from, and what others gave for it"


def upgrade() -> None:
    """Lead to this schema."""
    op.add_column(
        "article_field",
        sa.Column(
            "is_taken",
            sa.Boolean(),
            nullable=False,
            server_default=sa.true(),
            comment="true if the article has this source's value",
        ),
    )
    op.add_column(
        "article_field",
        sa.Column(
            "value",
            sa.Text(),
            nullable=True,
            comment="what this source gave, if it was not taken; null if it was: the article holds it",
        ),
    )
    if op.get_bind().dialect.name != "sqlite":  # which keeps no comments
        op.create_table_comment("article_field", NEW, existing_comment=OLD)


def downgrade() -> None:
    """Lead back; what was not taken is forgotten."""
    op.execute("DELETE FROM article_field WHERE NOT is_taken")
    if op.get_bind().dialect.name != "sqlite":
        op.create_table_comment("article_field", OLD, existing_comment=NEW)
    op.drop_column("article_field", "value")
    op.drop_column("article_field", "is_taken")
