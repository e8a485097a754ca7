"""The tables of rights: decisions about what is not out, and what is known of licence pages."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from aggregator.store.tables.base import Base, Key


class DecisionRow(Base):
    """What was decided about an article that is not out, or not in its newest revision."""

    __tablename__ = "decision"
    __table_args__ = (
        Index(None, "state", "article_id"),
        {"comment": "articles that wait for a moment or for a person, and what people said of them"},
    )

    article_id: Mapped[int] = mapped_column(
        Key, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, comment="the article"
    )
    revision: Mapped[int] = mapped_column(comment="the article's revision that was decided about")
    state: Mapped[str] = mapped_column(comment="queued, scheduled, held, in review, approved or refused")
    until: Mapped[datetime | None] = mapped_column(comment="when it is looked at again, if a moment ends it")
    code: Mapped[str] = mapped_column(comment="the reason's code, such as card/by-hand")
    reason: Mapped[str] = mapped_column(comment="the reason as a sentence")
    mode: Mapped[str | None] = mapped_column(comment="how much of it would go out: full, excerpt or link")
    decided_at: Mapped[datetime] = mapped_column(comment="when this was decided")


class LicencePageRow(Base):
    """The page on which an outlet's licence stands."""

    __tablename__ = "licence_page"
    __table_args__ = ({"comment": "the outlets' licence pages: what stood there, and what was confirmed"},)

    outlet: Mapped[str] = mapped_column(ForeignKey("outlet.slug"), primary_key=True, comment="the outlet")
    url: Mapped[str | None] = mapped_column(comment="URL of the page that was checked")
    checked_at: Mapped[datetime | None] = mapped_column(comment="when it was fetched and read last")
    text_hash: Mapped[str | None] = mapped_column(comment="SHA-256 of the text that counts as known, in hex")
    changed_at: Mapped[datetime | None] = mapped_column(
        comment="when another text was found there; null if none was"
    )
    new_hash: Mapped[str | None] = mapped_column(comment="SHA-256 of that other text, in hex")
    failed_at: Mapped[datetime | None] = mapped_column(
        comment="since when it cannot be read; null if the last check could"
    )
    failure: Mapped[str | None] = mapped_column(comment="one line on why not")
    confirmed_at: Mapped[datetime | None] = mapped_column(comment="when an operator confirmed the licence")
    confirmed: Mapped[str | None] = mapped_column(comment="the card's licence that was confirmed")
    text: Mapped[str | None] = mapped_column(comment="the text that counts as known")
    new_text: Mapped[str | None] = mapped_column(comment="the other text")


class RightsAppliedRow(Base):
    """How far an outlet's rights, as they are, were applied to what is out."""

    __tablename__ = "rights_applied"
    __table_args__ = ({"comment": "which rights each outlet's publications were decided by"},)

    outlet: Mapped[str] = mapped_column(ForeignKey("outlet.slug"), primary_key=True, comment="the outlet")
    digest: Mapped[str] = mapped_column(comment="hash of card, licence and settings that they follow, in hex")
    after_publication: Mapped[int | None] = mapped_column(
        Key, comment="the last publication that was decided again; null once all were"
    )
    at: Mapped[datetime] = mapped_column(comment="when the last of them were")
