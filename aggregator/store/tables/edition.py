"""The tables of republishing: editions, and the publications that they carry."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, false, text, true
from sqlalchemy.orm import Mapped, mapped_column

from aggregator.store.tables.base import Base, JsonList, Key


class EditionRow(Base):
    """A dated set of publications."""

    __tablename__ = "edition"
    __table_args__ = ({"comment": "editions: what went out together"},)

    id: Mapped[int] = mapped_column(Key, primary_key=True, comment="number of the edition")
    closed_at: Mapped[datetime] = mapped_column(comment="when the edition went out")
    article_count: Mapped[int] = mapped_column(comment="publications that it brought out or updated")
    refused_count: Mapped[int] = mapped_column(comment="articles that it refused; publication tells why")


class SlotRow(Base):
    """The last slot that was closed, whether it brought an edition or not."""

    __tablename__ = "slot"
    __table_args__ = ({"comment": "the last slot for editions that was closed: one row at most"},)

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False, comment="always 1")
    closed_at: Mapped[datetime] = mapped_column(comment="up to when slots are closed, by the clock then")


class PublicationRow(Base):
    """An article as readers meet it."""

    __tablename__ = "publication"
    __table_args__ = (
        # The front page, an outlet's and a language's: newest first, page by page.
        Index(None, "state", "dated_at", "id"),
        Index(None, "outlet", "state", "dated_at", "id"),
        Index(None, "language", "state", "dated_at", "id"),
        Index(None, "state", "published_at", "id"),
        # Feeds count and page what ever went out, withdrawn or not, by when it did: from these indexes alone.
        Index(
            "ix_publication_went_out",
            "published_at",
            "id",
            "language",
            "state",
            sqlite_where=text("state != 'refused'"),
            postgresql_where=text("state != 'refused'"),
        ),
        Index(
            "ix_publication_outlet_went_out",
            "outlet",
            "published_at",
            "id",
            "state",
            sqlite_where=text("state != 'refused'"),
            postgresql_where=text("state != 'refused'"),
        ),
        # Feeds tell what was withdrawn last.
        Index(
            "ix_publication_withdrawn",
            "withdrawn_at",
            "id",
            sqlite_where=text("state = 'withdrawn'"),
            postgresql_where=text("state = 'withdrawn'"),
        ),
        Index(
            "ix_publication_awaits_indexing",
            "id",
            sqlite_where=text("awaits_indexing = 1"),
            postgresql_where=text("awaits_indexing"),
        ),
        {"comment": "articles as readers meet them, and what was decided about the others"},
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True, comment="number of the publication")
    article_id: Mapped[int] = mapped_column(Key, ForeignKey("article.id"), unique=True, comment="the article")
    edition_id: Mapped[int] = mapped_column(
        Key, ForeignKey("edition.id"), index=True, comment="the edition that brought it out"
    )
    state: Mapped[str] = mapped_column(comment="published, withdrawn or refused")
    mode: Mapped[str] = mapped_column(comment="how much readers get: full, excerpt, link or never")
    outlet: Mapped[str] = mapped_column(ForeignKey("outlet.slug"), comment="the article's outlet")
    language: Mapped[str | None] = mapped_column(comment="the article's language, a BCP 47 tag")
    headline: Mapped[str] = mapped_column(comment="the headline that readers see")
    licence: Mapped[str | None] = mapped_column(comment="licence that the text goes out under")
    credit: Mapped[str] = mapped_column(comment="the attribution line")
    licence_url: Mapped[str | None] = mapped_column(comment="where that licence stands")
    credit_position: Mapped[str] = mapped_column(
        server_default=text("'top'"), comment="where the attribution stands: top, bottom or both"
    )
    reasons: Mapped[list[str]] = mapped_column(comment="why not more, or why not at all: a JSON list")
    reason_codes: Mapped[list[str] | None] = mapped_column(
        comment="the reasons' codes in their order: a JSON list; null before there were any"
    )
    is_verbatim: Mapped[bool] = mapped_column(
        server_default=false(), comment="true if the text is whole and uncut as its outlet wrote it"
    )
    has_images: Mapped[bool] = mapped_column(server_default=false(), comment="true if pictures may go out")
    is_indexable: Mapped[bool] = mapped_column(
        server_default=true(), comment="false if the outlet asks search engines not to list it"
    )
    is_minable: Mapped[bool] = mapped_column(
        server_default=true(), comment="false if the outlet reserves text and data mining"
    )
    revision: Mapped[int] = mapped_column(comment="the article's revision that readers see")
    dated_at: Mapped[datetime] = mapped_column(
        comment="the moment it is sorted by: first_published of the article, else published_at"
    )
    published_at: Mapped[datetime] = mapped_column(comment="when it went out")
    updated_at: Mapped[datetime] = mapped_column(comment="when readers got its newest revision")
    withdrawn_at: Mapped[datetime | None] = mapped_column(comment="when it was withdrawn")
    withdrawn_reason: Mapped[str | None] = mapped_column(comment="why it was withdrawn")
    withdrawn_by: Mapped[str | None] = mapped_column(
        comment="what withdrew it and can bring it back: original/gone, ...; null: a person, a takedown"
    )
    changed_at: Mapped[datetime] = mapped_column(index=True, comment="when this row changed last")
    awaits_indexing: Mapped[bool] = mapped_column(comment="true until the full-text index follows this row")
    # The longest column stands last: SQLite reads all pages of a row up to the column that it needs.
    blocks: Mapped[list[list[str | int]]] = mapped_column(
        JsonList,
        comment="all text that readers get: a JSON list of [kind, level, text], as in article_revision",
    )


class PublicationTopicRow(Base):
    """A section or tag under which a publication is found."""

    __tablename__ = "publication_topic"
    __table_args__ = (
        {"comment": "sections and tags under which publications are found", "sqlite_with_rowid": False},
    )

    topic: Mapped[str] = mapped_column(
        primary_key=True, comment="the section or tag in lower case, words joined by hyphens"
    )
    publication_id: Mapped[int] = mapped_column(
        Key,
        ForeignKey("publication.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        index=True,
        comment="the publication",
    )
    label: Mapped[str] = mapped_column(comment="the section or tag as the outlet writes it")


class FollowedPageRow(Base):
    """The outlet's own page of a publication."""

    __tablename__ = "followed_page"
    __table_args__ = (
        Index(None, "outlet", "due_at"),
        Index(
            "ix_followed_page_awaits_following",
            "publication_id",
            sqlite_where=text("awaits_following = 1"),
            postgresql_where=text("awaits_following"),
        ),
        {"comment": "the outlets' own pages of what is out: whether they are still there"},
    )

    publication_id: Mapped[int] = mapped_column(
        Key,
        ForeignKey("publication.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        comment="the publication",
    )
    outlet: Mapped[str] = mapped_column(ForeignKey("outlet.slug"), comment="the outlet that is asked")
    since: Mapped[datetime] = mapped_column(comment="when the publication went out")
    due_at: Mapped[datetime | None] = mapped_column(
        comment="when a crawl looks whether it is time for the next visit; null once there is none"
    )
    looked_at: Mapped[datetime | None] = mapped_column(comment="the last visit; null before the first")
    missing_since: Mapped[datetime | None] = mapped_column(
        comment="the first visit in a row that did not find the page; null while it is there"
    )
    gone_at: Mapped[datetime | None] = mapped_column(comment="the visit that settled that the page is gone")
    awaits_following: Mapped[bool] = mapped_column(
        comment="true until our copy has followed what the last visits found"
    )
