"""The tables of learned boilerplate, and what articles remember of being extracted anew."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.tables.base import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

ARTICLE = (
    ("page_hash", sa.Text(), "hash of the text before learned boilerplate was cut; null if nothing was"),
    ("taught_at", UtcDateTime(), "when its lines were counted for its outlet's boilerplate; null if never"),
    (
        "extraction",
        sa.Text(),
        "by which rules and knowledge it was extracted anew last, 16 hex digits; null if never",
    ),
)


def upgrade() -> None:
    """Lead to this schema."""
    for name, kind, comment in ARTICLE:
        op.add_column("article", sa.Column(name, kind, nullable=True, comment=comment))
    op.add_column(
        "article_revision",
        sa.Column(
            "cause",
            sa.Text(),
            nullable=False,
            server_default=sa.text("'publisher'"),
            comment="who changed it: publisher, or extraction if only we read the same page better",
        ),
    )
    op.create_table(
        "boilerplate_outlet",
        sa.Column("outlet", sa.Text(), nullable=False, comment="the outlet"),
        sa.Column("pages", sa.Integer(), nullable=False, comment="articles that have taught, each once"),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="rises with each page that taught and each ruling"
        ),
        sa.Column(
            "text_chars", KEY, nullable=False, comment="characters of text on these pages, before the cuts"
        ),
        sa.Column("cut_chars", KEY, nullable=False, comment="characters of it that were cut as learned"),
        sa.Column("learned_at", UtcDateTime(), nullable=False, comment="when a page taught last"),
        sa.ForeignKeyConstraint(["outlet"], ["outlet.slug"], name=op.f("fk_boilerplate_outlet_outlet")),
        sa.PrimaryKeyConstraint("outlet", name=op.f("pk_boilerplate_outlet")),
        comment="outlets whose pages have taught what boilerplate is",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "boilerplate_line",
        sa.Column("outlet", sa.Text(), nullable=False, comment="the outlet"),
        sa.Column("id", sa.Text(), nullable=False, comment="hash of the line without its numbers"),
        sa.Column("kind", sa.Text(), nullable=False, comment="line, or opening: what stands before a colon"),
        sa.Column(
            "sample", sa.Text(), nullable=True, comment="its text on one page; null if it was met once"
        ),
        sa.Column(
            "needs",
            sa.Double(),
            nullable=False,
            comment="share of the pages on which it must stand to be cut",
        ),
        sa.Column(
            "generation", sa.Integer(), nullable=False, comment="the generation of pages that recent counts"
        ),
        sa.Column("recent", sa.Integer(), nullable=False, comment="pages of that generation that hold it"),
        sa.Column(
            "earlier", sa.Integer(), nullable=False, comment="pages of the generation before that hold it"
        ),
        sa.Column("first_seen", UtcDateTime(), nullable=False, comment="when it was met first"),
        sa.Column("last_seen", UtcDateTime(), nullable=False, comment="when it was met last"),
        sa.Column(
            "ruling", sa.Text(), nullable=True, comment="an operator's word: keep or drop; null if none"
        ),
        sa.Column("ruled_at", UtcDateTime(), nullable=True, comment="when the operator said so"),
        sa.ForeignKeyConstraint(["outlet"], ["outlet.slug"], name=op.f("fk_boilerplate_line_outlet")),
        sa.PrimaryKeyConstraint("outlet", "id", name=op.f("pk_boilerplate_line")),
        comment="lines of outlets' pages, to learn which repeat",
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_boilerplate_line_repeated",
        "boilerplate_line",
        ["outlet"],
        sqlite_where=sa.text("sample IS NOT NULL"),
        postgresql_where=sa.text("sample IS NOT NULL"),
    )


def downgrade() -> None:
    """Lead back."""
    op.drop_table("boilerplate_line")
    op.drop_table("boilerplate_outlet")
    op.drop_column("article_revision", "cause")
    for name, _, _ in ARTICLE:
        op.drop_column("article", name)
