"""The tables of editions and publications."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from aggregator.store.tables.base import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

LIST = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Lead to this schema."""
    op.create_table(
        "edition",
        sa.Column("id", KEY, nullable=False, comment="number of the edition"),
        sa.Column("closed_at", UtcDateTime(), nullable=False, comment="when the edition went out"),
        sa.Column(
            "article_count",
            sa.Integer(),
            nullable=False,
            comment="publications that it brought out or updated",
        ),
        sa.Column(
            "refused_count",
            sa.Integer(),
            nullable=False,
            comment="articles that it refused; publication tells why",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        comment="editions: what went out together",
    )
    op.create_table(
        "publication",
        sa.Column("id", KEY, nullable=False, comment="number of the publication"),
        sa.Column("article_id", KEY, nullable=False, comment="the article"),
        sa.Column("edition_id", KEY, nullable=False, comment="the edition that brought it out"),
        sa.Column("state", sa.Text(), nullable=False, comment="published, withdrawn or refused"),
        sa.Column(
            "mode", sa.Text(), nullable=False, comment="how much readers get: full, excerpt, link or never"
        ),
        sa.Column("outlet", sa.Text(), nullable=False, comment="the article's outlet"),
        sa.Column("language", sa.Text(), nullable=True, comment="the article's language, a BCP 47 tag"),
        sa.Column("headline", sa.Text(), nullable=False, comment="the headline that readers see"),
        sa.Column("licence", sa.Text(), nullable=True, comment="licence that the text goes out under"),
        sa.Column("credit", sa.Text(), nullable=False, comment="the attribution line"),
        sa.Column("reasons", LIST, nullable=False, comment="why not more, or why not at all: a JSON list"),
        sa.Column(
            "revision", sa.Integer(), nullable=False, comment="the article's revision that readers see"
        ),
        sa.Column(
            "dated_at",
            UtcDateTime(),
            nullable=False,
            comment="the moment it is sorted by: first_published of the article, else published_at",
        ),
        sa.Column("published_at", UtcDateTime(), nullable=False, comment="when it went out"),
        sa.Column(
            "updated_at", UtcDateTime(), nullable=False, comment="when readers got its newest revision"
        ),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True, comment="when it was withdrawn"),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True, comment="why it was withdrawn"),
        sa.Column("changed_at", UtcDateTime(), nullable=False, comment="when this row changed last"),
        sa.Column(
            "awaits_indexing",
            sa.Boolean(),
            nullable=False,
            comment="true until the full-text index follows this row",
        ),
        sa.Column(
            "blocks",
            LIST,
            nullable=False,
            comment="all text that readers get: a JSON list of [kind, level, text], in reading order",
        ),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_publication_article_id")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_publication_edition_id")),
        sa.ForeignKeyConstraint(["outlet"], ["outlet.slug"], name=op.f("fk_publication_outlet")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.UniqueConstraint("article_id", name=op.f("uq_publication_article_id")),
        comment="articles as readers meet them, and what was decided about the others",
    )
    op.create_index(
        "ix_publication_awaits_indexing",
        "publication",
        ["id"],
        unique=False,
        sqlite_where=sa.text("awaits_indexing = 1"),
        postgresql_where=sa.text("awaits_indexing"),
    )
    op.create_index(op.f("ix_publication_changed_at"), "publication", ["changed_at"], unique=False)
    op.create_index(op.f("ix_publication_edition_id"), "publication", ["edition_id"], unique=False)
    op.create_index(
        op.f("ix_publication_language_state_dated_at_id"),
        "publication",
        ["language", "state", "dated_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_publication_outlet_state_dated_at_id"),
        "publication",
        ["outlet", "state", "dated_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_publication_state_dated_at_id"), "publication", ["state", "dated_at", "id"], unique=False
    )
    op.create_index(
        op.f("ix_publication_state_published_at_id"),
        "publication",
        ["state", "published_at", "id"],
        unique=False,
    )


def downgrade() -> None:
    """Lead back."""
    op.drop_index(op.f("ix_publication_state_published_at_id"), table_name="publication")
    op.drop_index(op.f("ix_publication_state_dated_at_id"), table_name="publication")
    op.drop_index(op.f("ix_publication_outlet_state_dated_at_id"), table_name="publication")
    op.drop_index(op.f("ix_publication_language_state_dated_at_id"), table_name="publication")
    op.drop_index(op.f("ix_publication_edition_id"), table_name="publication")
    op.drop_index(op.f("ix_publication_changed_at"), table_name="publication")
    op.drop_index(
        "ix_publication_awaits_indexing",
        table_name="publication",
        sqlite_where=sa.text("awaits_indexing = 1"),
        postgresql_where=sa.text("awaits_indexing"),
    )
    op.drop_table("publication")
    op.drop_table("edition")
