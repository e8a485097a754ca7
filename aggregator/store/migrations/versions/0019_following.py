"""Following: the pages of what is out are visited again, and rights that change are applied."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.tables.base import UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def moment(name: str, comment: str, *, nullable: bool = True) -> sa.Column[object]:
    """A column that holds a moment."""
    return sa.Column(name, UtcDateTime(), nullable=nullable, comment=comment)


def upgrade() -> None:
    """Lead to this schema."""
    op.create_table(
        "followed_page",
        sa.Column("publication_id", KEY, autoincrement=False, nullable=False, comment="the publication"),
        sa.Column("outlet", sa.Text(), nullable=False, comment="the outlet that is asked"),
        moment("since", "when the publication went out", nullable=False),
        moment("due_at", "when a crawl looks whether it is time for the next visit; null once there is none"),
        moment("looked_at", "the last visit; null before the first"),
        moment(
            "missing_since", "the first visit in a row that did not find the page; null while it is there"
        ),
        moment("gone_at", "the visit that settled that the page is gone"),
        sa.Column(
            "awaits_following",
            sa.Boolean(),
            nullable=False,
            comment="true until our copy has followed what the last visits found",
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publication.id"],
            name="fk_followed_page_publication_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["outlet"], ["outlet.slug"], name="fk_followed_page_outlet"),
        sa.PrimaryKeyConstraint("publication_id", name="pk_followed_page"),
        comment="the outlets' own pages of what is out: whether they are still there",
    )
    op.create_index("ix_followed_page_outlet_due_at", "followed_page", ["outlet", "due_at"])
    awaits = {"sqlite": "awaits_following = 1", "postgresql": "awaits_following"}
    op.create_index(
        "ix_followed_page_awaits_following",
        "followed_page",
        ["publication_id"],
        sqlite_where=sa.text(awaits["sqlite"]),
        postgresql_where=sa.text(awaits["postgresql"]),
    )
    op.create_table(
        "rights_applied",
        sa.Column("outlet", sa.Text(), nullable=False, comment="the outlet"),
        sa.Column(
            "digest",
            sa.Text(),
            nullable=False,
            comment="hash of card, licence and settings that they follow, in hex",
        ),
        sa.Column(
            "after_publication",
            KEY,
            nullable=True,
            comment="the last publication that was decided again; null once all were",
        ),
        moment("at", "when the last of them were", nullable=False),
        sa.ForeignKeyConstraint(["outlet"], ["outlet.slug"], name="fk_rights_applied_outlet"),
        sa.PrimaryKeyConstraint("outlet", name="pk_rights_applied"),
        comment="which rights each outlet's publications were decided by",
    )
    op.add_column(
        "publication",
        sa.Column(
            "withdrawn_by",
            sa.Text(),
            nullable=True,
            comment="what withdrew it and can bring it back: original/gone, ...; null: a person, a takedown",
        ),
    )
    # What went out before is followed, too; the first crawl of each outlet finds what is due.
    op.execute(
        "INSERT INTO followed_page (publication_id, outlet, since, due_at, awaits_following) "
        "SELECT id, outlet, published_at, published_at, false FROM publication WHERE state = 'published'"
    )


def downgrade() -> None:
    """Lead back."""
    op.drop_column("publication", "withdrawn_by")
    op.drop_table("rights_applied")
    op.drop_table("followed_page")
