"""The outbox: events of publications, and their deliveries to webhooks and hubs."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.tables.base import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    """Lead to this schema."""
    op.create_table(
        "event",
        sa.Column("id", KEY, nullable=False, comment="number of the event"),
        sa.Column("kind", sa.Text(), nullable=False, comment="published, updated or withdrawn"),
        sa.Column("publication_id", KEY, nullable=False, comment="the publication"),
        sa.Column("at", UtcDateTime(), nullable=False, comment="when it happened"),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name="fk_event_publication_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
        comment="what happened to publications, for those who are told of it",
    )
    op.create_index("ix_event_publication_id", "event", ["publication_id"])
    op.create_index("ix_event_at", "event", ["at"])
    op.create_table(
        "delivery_target",
        sa.Column("name", sa.Text(), nullable=False, comment="the webhook's name, or the hub's address"),
        sa.Column(
            "after_event", KEY, nullable=False, comment="number of the last event that it has a delivery of"
        ),
        sa.PrimaryKeyConstraint("name", name="pk_delivery_target"),
        comment="webhooks and hubs, as the settings name them",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "delivery",
        sa.Column("target", sa.Text(), nullable=False, comment="who is told"),
        sa.Column("event_id", KEY, autoincrement=False, nullable=False, comment="of what"),
        sa.Column("state", sa.Text(), nullable=False, comment="waiting, delivered, dropped or failed"),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="how often it was tried"),
        sa.Column("due_at", UtcDateTime(), nullable=False, comment="when it is tried next, or was ended"),
        sa.Column("detail", sa.Text(), nullable=True, comment="one line on how the last attempt ended"),
        sa.ForeignKeyConstraint(
            ["target"], ["delivery_target.name"], name="fk_delivery_target", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_delivery_event_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("target", "event_id", name="pk_delivery"),
        comment="events on their way to webhooks and hubs",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_delivery_event_id", "delivery", ["event_id"])
    op.create_index(
        "ix_delivery_awaits",
        "delivery",
        ["target", "due_at"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )


def downgrade() -> None:
    """Lead back."""
    op.drop_table("delivery")
    op.drop_table("delivery_target")
    op.drop_table("event")
