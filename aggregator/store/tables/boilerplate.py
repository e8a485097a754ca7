"""The tables of learned boilerplate: each outlet's pages, and the lines that repeat over them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from aggregator.store.tables.base import Base, Key


class BoilerplateOutletRow(Base):
    """How much an outlet has taught."""

    __tablename__ = "boilerplate_outlet"
    __table_args__ = (
        {"comment": "outlets whose pages have taught what boilerplate is", "sqlite_with_rowid": False},
    )

    outlet: Mapped[str] = mapped_column(ForeignKey("outlet.slug"), primary_key=True, comment="the outlet")
    pages: Mapped[int] = mapped_column(comment="articles that have taught, each once")
    version: Mapped[int] = mapped_column(comment="rises with each page that taught and each ruling")
    text_chars: Mapped[int] = mapped_column(Key, comment="characters of text on these pages, before the cuts")
    cut_chars: Mapped[int] = mapped_column(Key, comment="characters of it that were cut as learned")
    learned_at: Mapped[datetime] = mapped_column(comment="when a page taught last")


class BoilerplateLineRow(Base):
    """A line that stood on a page of late.

    Pages are counted by generations, so that a line that is gone is forgotten: ``recent`` in the generation
    that the row names, ``earlier`` in the one before it.
    """

    __tablename__ = "boilerplate_line"
    __table_args__ = (
        # Most lines were met once; a crawl asks for the few that repeat.
        Index(
            "ix_boilerplate_line_repeated",
            "outlet",
            sqlite_where=text("sample IS NOT NULL"),
            postgresql_where=text("sample IS NOT NULL"),
        ),
        {"comment": "lines of outlets' pages, to learn which repeat", "sqlite_with_rowid": False},
    )

    outlet: Mapped[str] = mapped_column(ForeignKey("outlet.slug"), primary_key=True, comment="the outlet")
    id: Mapped[str] = mapped_column(primary_key=True, comment="hash of the line without its numbers")
    kind: Mapped[str] = mapped_column(comment="line, or opening: what stands before a colon")
    sample: Mapped[str | None] = mapped_column(comment="its text on one page; null if it was met once")
    needs: Mapped[float] = mapped_column(comment="share of the pages on which it must stand to be cut")
    generation: Mapped[int] = mapped_column(comment="the generation of pages that recent counts")
    recent: Mapped[int] = mapped_column(comment="pages of that generation that hold it")
    earlier: Mapped[int] = mapped_column(comment="pages of the generation before that hold it")
    first_seen: Mapped[datetime] = mapped_column(comment="when it was met first")
    last_seen: Mapped[datetime] = mapped_column(comment="when it was met last")
    ruling: Mapped[str | None] = mapped_column(comment="an operator's word: keep or drop; null if none")
    ruled_at: Mapped[datetime | None] = mapped_column(comment="when the operator said so")
