"""Articles that share text with an earlier one and stand for themselves: what the comments say of them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLE = ("copies and their originals", "copies and their originals, and what else shares text")
COLUMNS = {
    "copy_id": (
        "the article that is a copy",
        "the later article: a copy if its copy_of is set, else one of its own",
    ),
    "original_id": ("the article that it copies", "the article that it copies, or shares text with"),
    "found_at": ("when the copy was recognised", "when this was recognised"),
}


def upgrade() -> None:
    """Lead to this schema."""
    _comment(old=0, new=1)


def downgrade() -> None:
    """Lead back; what is no copy leaves the table."""
    op.execute("DELETE FROM duplicate WHERE copy_id IN (SELECT id FROM article WHERE copy_of IS NULL)")
    _comment(old=1, new=0)


def _comment(*, old: int, new: int) -> None:
    # SQLite keeps no comments.
    if op.get_bind().dialect.name == "sqlite":
        return
    op.create_table_comment("duplicate", TABLE[new], existing_comment=TABLE[old])
    for name, comments in COLUMNS.items():
        kind = sa.DateTime(timezone=True) if name == "found_at" else sa.BigInteger()
        op.alter_column(
            "duplicate",
            name,
            existing_type=kind,
            existing_nullable=False,
            comment=comments[new],
            existing_comment=comments[old],
        )
