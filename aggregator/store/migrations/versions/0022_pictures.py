"""Pictures: our own copies of what articles are out with."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.tables.base import UtcDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Lead to this schema."""
    op.create_table(
        "picture",
        sa.Column("article_id", KEY, nullable=False, comment="the article"),
        sa.Column("url_key", sa.Text(), nullable=False, comment="hash of the URL, in hex"),
        sa.Column("url", sa.Text(), nullable=False, comment="URL of the picture at the outlet"),
        sa.Column(
            "name", sa.Text(), nullable=True, comment="common name of our files; null if there are none"
        ),
        sa.Column("width", sa.Integer(), nullable=True, comment="pixels of the widest file"),
        sa.Column("height", sa.Integer(), nullable=True, comment="pixels of the same file"),
        sa.Column(
            "has_avif",
            sa.Boolean(),
            nullable=False,
            comment="whether there are AVIF files beside the WebP ones",
        ),
        sa.Column(
            "reason",
            sa.Text(),
            nullable=True,
            comment="why there is no copy: failed/http, picture/type, ...",
        ),
        sa.Column("detail", sa.Text(), nullable=True, comment="the same in words"),
        sa.Column("tries", sa.Integer(), nullable=False, comment="how often it was asked for"),
        sa.Column("tried_at", UtcDateTime(), nullable=False, comment="when it was asked for last"),
        sa.Column(
            "again_at", UtcDateTime(), nullable=True, comment="when it is asked for again; null for never"
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_picture_article_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "url_key", name="pk_picture"),
        comment="our copies of pictures that articles are out with",
    )
    op.create_index("ix_picture_name", "picture", ["name"])


def downgrade() -> None:
    """Lead back."""
    op.drop_table("picture")
