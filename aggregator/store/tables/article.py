"""The tables of an article: what was extracted, each version, and where it came from."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false, text, true
from sqlalchemy.orm import Mapped, mapped_column

from aggregator.store.tables.base import Base, JsonList, Key

_PARAGRAPH, _NONE, _UNKNOWN = text("'paragraph'"), text("0"), text("-1")

EXTRACTION: Final = "extraction"
"""The cause of a revision that the publisher knows nothing of: the same page, read better."""


class ArticleRow(Base):
    """An article; its words stand in its revisions."""

    __tablename__ = "article"
    __table_args__ = (
        UniqueConstraint("outlet", "url_key"),
        # The publisher asks every few minutes what waits for it, among millions of articles.
        Index(
            "ix_article_awaits_publishing",
            "id",
            sqlite_where=text("awaits_publishing = 1"),
            postgresql_where=text("awaits_publishing"),
        ),
        # Without the originals: SQLite would use it to look for them, and find nearly all articles.
        Index(
            "ix_article_copy_of",
            "copy_of",
            sqlite_where=text("copy_of IS NOT NULL"),
            postgresql_where=text("copy_of IS NOT NULL"),
        ),
        {"comment": "articles; their texts stand in article_revision"},
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True, comment="number of the article")
    outlet: Mapped[str] = mapped_column(ForeignKey("outlet.slug"), comment="the outlet that carries it")
    url: Mapped[str] = mapped_column(comment="URL of the page as fetched, after redirects")
    canonical_url: Mapped[str] = mapped_column(comment="URL that the page claims for itself, else its own")
    source_link: Mapped[str] = mapped_column(comment="where readers are sent: the original or canonical_url")
    url_key: Mapped[str] = mapped_column(comment="identity of the first canonical URL, 32 hex digits")
    text_hash: Mapped[str | None] = mapped_column(
        index=True, comment="hash of the normalised text, 32 hex digits; null if it is too short"
    )
    source_key: Mapped[str | None] = mapped_column(
        comment="identity of the source link's URL if it leads to another site, 32 hex digits"
    )
    revision: Mapped[int] = mapped_column(comment="number of the newest revision, from 1")
    language: Mapped[str | None] = mapped_column(comment="BCP 47 tag, detected from the text")
    byline: Mapped[list[str]] = mapped_column(comment="authors, a JSON list of names")
    agency: Mapped[list[str]] = mapped_column(
        server_default=text("'[]'"), comment="news agencies credited with the text, a JSON list of names"
    )
    section: Mapped[str | None] = mapped_column(comment="the outlet's section")
    tags: Mapped[list[str]] = mapped_column(comment="the outlet's tags, a JSON list")
    site_name: Mapped[str | None] = mapped_column(comment="the site's name as the page gives it")
    licence: Mapped[str | None] = mapped_column(comment="licence that the page itself states")
    completeness: Mapped[str] = mapped_column(comment="full, teaser, paywalled, gallery, video or live")
    robots: Mapped[list[str]] = mapped_column(comment="robots directives of the page, a JSON list")
    tdm_reserved: Mapped[bool] = mapped_column(
        server_default=false(), comment="true if text and data mining is reserved (TDMRep)"
    )
    tdm_policy: Mapped[str | None] = mapped_column(comment="URL of the terms on which it may be mined")
    first_published: Mapped[datetime | None] = mapped_column(
        comment="when the outlet says it was published first; never moves once known"
    )
    modified: Mapped[datetime | None] = mapped_column(comment="when the outlet says it was changed last")
    fetched_at: Mapped[datetime] = mapped_column(comment="when the newest revision was fetched")
    stored_at: Mapped[datetime] = mapped_column(comment="when the article was stored first")
    copy_of: Mapped[int | None] = mapped_column(
        Key, ForeignKey("article.id"), comment="the original's number if this is a copy"
    )
    awaits_publishing: Mapped[bool] = mapped_column(
        comment="true while nothing was decided about the newest revision"
    )
    page_hash: Mapped[str | None] = mapped_column(
        comment="hash of the text before learned boilerplate was cut; null if nothing was"
    )
    taught_at: Mapped[datetime | None] = mapped_column(
        comment="when its lines were counted for its outlet's boilerplate; null if never"
    )
    extraction: Mapped[str | None] = mapped_column(
        comment="by which rules and knowledge it was extracted anew last, 16 hex digits; null if never"
    )


class ArticleUrlRow(Base):
    """An address under which an article is known, or the key of its id in the outlet's feed.

    An id's row holds the address of the entry that gave it: feeds may write anything into ids.
    """

    __tablename__ = "article_url"
    __table_args__ = ({"comment": "addresses under which articles are known", "sqlite_with_rowid": False},)

    outlet: Mapped[str] = mapped_column(
        ForeignKey("outlet.slug"), primary_key=True, comment="the outlet that carries the article"
    )
    url_key: Mapped[str] = mapped_column(primary_key=True, comment="identity of the URL, 32 hex digits")
    url: Mapped[str] = mapped_column(comment="the URL: an entry's, the final or the canonical one")
    article_id: Mapped[int] = mapped_column(
        Key, ForeignKey("article.id", ondelete="CASCADE"), index=True, comment="the article"
    )


class ArticleRevisionRow(Base):
    """One version of an article's words."""

    __tablename__ = "article_revision"
    __table_args__ = ({"comment": "every version of every article's text"},)

    article_id: Mapped[int] = mapped_column(
        Key, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, comment="the article"
    )
    number: Mapped[int] = mapped_column(primary_key=True, comment="number of the revision, from 1")
    headline: Mapped[str] = mapped_column(comment="the headline")
    dek: Mapped[str | None] = mapped_column(comment="the standfirst")
    text_chars: Mapped[int] = mapped_column(comment="length of the body's plain text in characters")
    text_hash: Mapped[str | None] = mapped_column(comment="hash of the normalised text, 32 hex digits")
    modified: Mapped[datetime | None] = mapped_column(comment="when the outlet says it was changed")
    stored_at: Mapped[datetime] = mapped_column(comment="when this revision was stored")
    cause: Mapped[str] = mapped_column(
        server_default=text("'publisher'"),
        comment="who changed it: publisher, or extraction if only we read the same page better",
    )
    kinds: Mapped[list[str]] = mapped_column(
        server_default=text("'[]'"),
        comment="what it changed, a JSON list, the main kind first; empty of a first revision",
    )
    sentences_added: Mapped[int | None] = mapped_column(
        comment="sentences that came; null of a first revision"
    )
    sentences_removed: Mapped[int | None] = mapped_column(
        comment="sentences that are gone; null of a first revision"
    )
    sentences_changed: Mapped[int | None] = mapped_column(
        comment="sentences with other words in them; null of a first revision"
    )
    # The longest column stands last: SQLite reads all pages of a row up to the column that it needs.
    blocks: Mapped[list[list[str | int]]] = mapped_column(
        JsonList,
        comment="the body: a JSON list of [kind, level, text], in reading order; false behind it: unquotable",
    )


class ArticleFieldRow(Base):
    """Where a field came from, or a value that another source gave for it."""

    __tablename__ = "article_field"
    __table_args__ = (
        {
            "comment": "provenance: where each field of an article came from, and what others gave for it",
            "sqlite_with_rowid": False,
        },
    )

    article_id: Mapped[int] = mapped_column(
        Key, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, comment="the article"
    )
    position: Mapped[int] = mapped_column(primary_key=True, comment="place in the list, from 0")
    field: Mapped[str] = mapped_column(comment="the field, such as headline")
    source: Mapped[str] = mapped_column(comment="where it came from, such as json-ld:headline")
    is_taken: Mapped[bool] = mapped_column(
        server_default=true(), comment="true if the article has this source's value"
    )
    value: Mapped[str | None] = mapped_column(
        comment="what this source gave, if it was not taken; null if it was: the article holds it"
    )


class ArticleCutRow(Base):
    """A block that was cut from a body."""

    __tablename__ = "article_cut"
    __table_args__ = (
        {"comment": "blocks that were extracted and then cut from the body", "sqlite_with_rowid": False},
    )

    article_id: Mapped[int] = mapped_column(
        Key, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, comment="the article"
    )
    position: Mapped[int] = mapped_column(primary_key=True, comment="place in the list, from 0")
    text: Mapped[str] = mapped_column(comment="the text that was cut")
    rule: Mapped[str] = mapped_column(comment="name of the rule that cut it")
    kind: Mapped[str] = mapped_column(
        server_default=_PARAGRAPH, comment="what its block is: paragraph, heading, list_item, ..."
    )
    level: Mapped[int] = mapped_column(server_default=_NONE, comment="a heading's level, 2 to 6, else 0")
    stands_after: Mapped[int] = mapped_column(
        server_default=_UNKNOWN, comment="how many blocks of the body stand before it; -1 is not known"
    )
    chars_before: Mapped[int] = mapped_column(
        server_default=_UNKNOWN, comment="characters before it in its paragraph; -1 for a whole block"
    )
    paragraph: Mapped[str | None] = mapped_column(
        comment="its paragraph before it was cut there; null for a whole block"
    )


class ImageRow(Base):
    """A picture that a page shows with its article."""

    __tablename__ = "image"
    __table_args__ = (
        {"comment": "pictures that pages show with their articles", "sqlite_with_rowid": False},
    )

    article_id: Mapped[int] = mapped_column(
        Key, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, comment="the article"
    )
    position: Mapped[int] = mapped_column(primary_key=True, comment="place in the article, from 0")
    url: Mapped[str] = mapped_column(comment="URL of the picture at the outlet")
    alt: Mapped[str | None] = mapped_column(comment="alternative text")
    caption: Mapped[str | None] = mapped_column(comment="caption")
    credit: Mapped[str | None] = mapped_column(comment="credit line")


class DuplicateRow(Base):
    """A copy and its original, or an article of its own and an earlier one that it shares text with."""

    __tablename__ = "duplicate"
    __table_args__ = ({"comment": "copies and their originals, and what else shares text"},)

    copy_id: Mapped[int] = mapped_column(
        Key,
        ForeignKey("article.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        comment="the later article: a copy if its copy_of is set, else one of its own",
    )
    original_id: Mapped[int] = mapped_column(
        Key, ForeignKey("article.id"), index=True, comment="the article that it copies, or shares text with"
    )
    kind: Mapped[str] = mapped_column(comment="identical, syndicated, excerpt, contains or revision")
    score: Mapped[float] = mapped_column(comment="how alike they are, from 0 to 1")
    found_at: Mapped[datetime] = mapped_column(comment="when this was recognised")
    evidence: Mapped[dict[str, Any] | None] = mapped_column(
        JsonList, comment="what both texts share, as JSON; null if their words are equal"
    )
