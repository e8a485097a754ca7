"""The tables of takedowns: the log, what each one took, what must not come back, and who asked."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from aggregator.store.tables.base import Base, Key


class TakedownRow(Base):
    """A takedown: who, when, why."""

    __tablename__ = "takedown"
    __table_args__ = ({"comment": "the log of takedowns"},)

    id: Mapped[int] = mapped_column(Key, primary_key=True, comment="number of the takedown")
    scope: Mapped[str] = mapped_column(comment="article, author or outlet")
    subject: Mapped[str] = mapped_column(
        comment="the author's name or the outlet's short name; empty for an article"
    )
    reason: Mapped[str] = mapped_column(comment="why; readers see it")
    ordered_by: Mapped[str] = mapped_column(comment="who carried it out")
    asked_at: Mapped[datetime] = mapped_column(comment="when it was asked for")
    done_at: Mapped[datetime] = mapped_column(comment="when it was carried out")
    undone_at: Mapped[datetime | None] = mapped_column(index=True, comment="when it was undone")
    erased_at: Mapped[datetime | None] = mapped_column(comment="when the text was erased for good")


class TakedownArticleRow(Base):
    """An article that a takedown took."""

    __tablename__ = "takedown_article"
    __table_args__ = ({"comment": "articles that takedowns took", "sqlite_with_rowid": False},)

    article_id: Mapped[int] = mapped_column(
        Key,
        ForeignKey("article.id"),
        primary_key=True,
        autoincrement=False,
        comment="the article; of two takedowns that cover it the first has it",
    )
    takedown_id: Mapped[int] = mapped_column(
        Key, ForeignKey("takedown.id"), index=True, comment="the takedown that took it"
    )
    runs: Mapped[int] = mapped_column(comment="how many runs of its words are marked")
    # The longest column stands last: SQLite reads all pages of a row up to the column that it needs.
    kept: Mapped[bytes | None] = mapped_column(
        LargeBinary, comment="its words, compressed, for an undoing; null once they were erased"
    )


class TakedownMarkRow(Base):
    """A hash of something that must not come back: an address, a text, a run of its words."""

    __tablename__ = "takedown_mark"
    __table_args__ = (
        {"comment": "hashes by which what was taken down is known again", "sqlite_with_rowid": False},
    )

    mark: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, comment="the hash, 63 bits"
    )
    article_id: Mapped[int] = mapped_column(
        Key,
        ForeignKey("takedown_article.article_id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        index=True,
        comment="the article that it marks",
    )
    is_whole: Mapped[bool] = mapped_column(
        comment="true for an address or a whole text, false for a run of words"
    )


class TakedownRequestRow(Base):
    """A request from the public form."""

    __tablename__ = "takedown_request"
    __table_args__ = ({"comment": "requests from the public takedown form"},)

    id: Mapped[int] = mapped_column(Key, primary_key=True, comment="number of the request")
    address: Mapped[str] = mapped_column(comment="the page that it is about, as written")
    name: Mapped[str] = mapped_column(comment="who asks")
    contact: Mapped[str] = mapped_column(comment="how to answer; emptied 30 days after the answer")
    reason: Mapped[str] = mapped_column(comment="why, as written")
    asked_at: Mapped[datetime] = mapped_column(comment="when it came")
    state: Mapped[str] = mapped_column(index=True, comment="open, granted or refused")
    answered_at: Mapped[datetime | None] = mapped_column(comment="when it was answered")
    answer: Mapped[str | None] = mapped_column(comment="why it was refused")
    takedown_id: Mapped[int | None] = mapped_column(
        Key, ForeignKey("takedown.id"), comment="the takedown that granted it"
    )
