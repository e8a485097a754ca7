"""Sampled shingles, by which near-duplicates are found, and the evidence of each."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

OLD = "identical, syndicated or excerpt"
NEW = "identical, syndicated, excerpt, contains or revision"


def upgrade() -> None:
    """Lead to this schema."""
    op.create_table(
        "shingle",
        sa.Column(
            "period",
            sa.Integer(),
            nullable=False,
            autoincrement=False,
            comment="the article's days since 1970, divided by 30",
        ),
        sa.Column(
            "hash",
            sa.BigInteger(),
            nullable=False,
            autoincrement=False,
            comment="47 bits of the shingle's hash",
        ),
        sa.Column(
            "article_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            autoincrement=False,
            comment="an article that holds it, one for each original",
        ),
        sa.PrimaryKeyConstraint("period", "hash", "article_id", name=op.f("pk_shingle")),
        comment="sampled shingles of articles, to find near-duplicates",
        sqlite_with_rowid=False,
    )
    op.add_column(
        "duplicate",
        sa.Column(
            "evidence",
            sa.JSON().with_variant(JSONB(), "postgresql"),
            nullable=True,
            comment="what both texts share, as JSON; null if their words are equal",
        ),
    )
    _comment(NEW, OLD)


def downgrade() -> None:
    """Lead back; articles that are only nearly equal stay the copies that they were found to be."""
    _comment(OLD, NEW)
    op.drop_column("duplicate", "evidence")
    op.drop_table("shingle")


def _comment(new: str, old: str) -> None:
    # SQLite keeps no comments.
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column(
            "duplicate", "kind", existing_type=sa.Text(), existing_nullable=False, comment=new, existing_comment=old
        )
