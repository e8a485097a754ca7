"""The tables of what others are told: events, and their deliveries to webhooks and hubs."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from aggregator.store.tables.base import Base, Key


class EventRow(Base):
    """Something that happened to a publication, written with it in one transaction."""

    __tablename__ = "event"
    __table_args__ = ({"comment": "what happened to publications, for those who are told of it"},)

    id: Mapped[int] = mapped_column(Key, primary_key=True, comment="number of the event")
    kind: Mapped[str] = mapped_column(comment="published, updated or withdrawn")
    publication_id: Mapped[int] = mapped_column(
        Key, ForeignKey("publication.id", ondelete="CASCADE"), index=True, comment="the publication"
    )
    at: Mapped[datetime] = mapped_column(index=True, comment="when it happened")


class TargetRow(Base):
    """Somebody who is told of events: a webhook or a hub."""

    __tablename__ = "delivery_target"
    __table_args__ = (
        {"comment": "webhooks and hubs, as the settings name them", "sqlite_with_rowid": False},
    )

    name: Mapped[str] = mapped_column(primary_key=True, comment="the webhook's name, or the hub's address")
    after_event: Mapped[int] = mapped_column(
        Key, comment="number of the last event that it has a delivery of"
    )


class DeliveryRow(Base):
    """An event on its way to one target."""

    __tablename__ = "delivery"
    __table_args__ = (
        # Each round asks what is due, among deliveries of weeks.
        Index(
            "ix_delivery_awaits",
            "target",
            "due_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        {"comment": "events on their way to webhooks and hubs", "sqlite_with_rowid": False},
    )

    target: Mapped[str] = mapped_column(
        ForeignKey("delivery_target.name", ondelete="CASCADE"), primary_key=True, comment="who is told"
    )
    event_id: Mapped[int] = mapped_column(
        Key,
        ForeignKey("event.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        index=True,
        comment="of what",
    )
    state: Mapped[str] = mapped_column(comment="waiting, delivered, dropped or failed")
    attempts: Mapped[int] = mapped_column(comment="how often it was tried")
    due_at: Mapped[datetime] = mapped_column(comment="when it is tried next, or was ended")
    detail: Mapped[str | None] = mapped_column(comment="one line on how the last attempt ended")
