"""The tables of articles, their revisions, the pages they came from."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from aggregator.store.tables.base import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

LIST = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Lead to this schema."""
    op.create_table(
        "article",
        sa.Column("id", KEY, nullable=False, comment="number of the article"),
        sa.Column("outlet", sa.Text(), nullable=False, comment="the outlet that carries it"),
        sa.Column("url", sa.Text(), nullable=False, comment="URL of the page as fetched, after redirects"),
        sa.Column(
            "canonical_url",
            sa.Text(),
            nullable=False,
            comment="URL that the page claims for itself, else its own",
        ),
        sa.Column(
            "source_link",
            sa.Text(),
            nullable=False,
            comment="where readers are sent: the original or canonical_url",
        ),
        sa.Column(
            "url_key", sa.Text(), nullable=False, comment="identity of the first canonical URL, 32 hex digits"
        ),
        sa.Column(
            "text_hash",
            sa.Text(),
            nullable=True,
            comment="hash of the normalised text, 32 hex digits; null if it is too short",
        ),
        sa.Column(
            "source_key",
            sa.Text(),
            nullable=True,
            comment="identity of the source link's URL if it leads to another site, 32 hex digits",
        ),
        sa.Column("revision", sa.Integer(), nullable=False, comment="number of the newest revision, from 1"),
        sa.Column("language", sa.Text(), nullable=True, comment="BCP 47 tag, detected from the text"),
        sa.Column("byline", LIST, nullable=False, comment="authors, a JSON list of names"),
        sa.Column("section", sa.Text(), nullable=True, comment="the outlet's section"),
        sa.Column("tags", LIST, nullable=False, comment="the outlet's tags, a JSON list"),
        sa.Column("site_name", sa.Text(), nullable=True, comment="the site's name as the page gives it"),
        sa.Column("licence", sa.Text(), nullable=True, comment="licence that the page itself states"),
        sa.Column("completeness", sa.Text(), nullable=False, comment="full, teaser or paywalled"),
        sa.Column("robots", LIST, nullable=False, comment="robots directives of the page, a JSON list"),
        sa.Column(
            "first_published",
            UtcDateTime(),
            nullable=True,
            comment="when the outlet says it was published first; never moves once known",
        ),
        sa.Column(
            "modified", UtcDateTime(), nullable=True, comment="when the outlet says it was changed last"
        ),
        sa.Column(
            "fetched_at", UtcDateTime(), nullable=False, comment="when the newest revision was fetched"
        ),
        sa.Column("stored_at", UtcDateTime(), nullable=False, comment="when the article was stored first"),
        sa.Column("copy_of", KEY, nullable=True, comment="the original's number if this is a copy"),
        sa.Column(
            "awaits_publishing",
            sa.Boolean(),
            nullable=False,
            comment="true while nothing was decided about the newest revision",
        ),
        sa.ForeignKeyConstraint(["copy_of"], ["article.id"], name=op.f("fk_article_copy_of")),
        sa.ForeignKeyConstraint(["outlet"], ["outlet.slug"], name=op.f("fk_article_outlet")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("outlet", "url_key", name=op.f("uq_article_outlet_url_key")),
        comment="articles; their texts stand in article_revision",
    )
    op.create_index(
        "ix_article_awaits_publishing",
        "article",
        ["id"],
        unique=False,
        sqlite_where=sa.text("awaits_publishing = 1"),
        postgresql_where=sa.text("awaits_publishing"),
    )
    op.create_index(
        "ix_article_copy_of",
        "article",
        ["copy_of"],
        unique=False,
        sqlite_where=sa.text("copy_of IS NOT NULL"),
        postgresql_where=sa.text("copy_of IS NOT NULL"),
    )
    op.create_index(op.f("ix_article_text_hash"), "article", ["text_hash"], unique=False)
    op.create_table(
        "article_cut",
        sa.Column("article_id", KEY, nullable=False, comment="the article"),
        sa.Column("position", sa.Integer(), nullable=False, comment="place in the list, from 0"),
        sa.Column("text", sa.Text(), nullable=False, comment="the text that was cut"),
        sa.Column("rule", sa.Text(), nullable=False, comment="name of the rule that cut it"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_article_cut_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "position", name=op.f("pk_article_cut")),
        comment="blocks that were extracted and then cut from the body",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "article_field",
        sa.Column("article_id", KEY, nullable=False, comment="the article"),
        sa.Column("position", sa.Integer(), nullable=False, comment="place in the list, from 0"),
        sa.Column("field", sa.Text(), nullable=False, comment="the field, such as headline"),
        sa.Column(
            "source", sa.Text(), nullable=False, comment="where it came from, such as json-ld:headline"
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_article_field_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "position", name=op.f("pk_article_field")),
        comment="provenance: where each field of an article came from",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "article_revision",
        sa.Column("article_id", KEY, nullable=False, comment="the article"),
        sa.Column("number", sa.Integer(), nullable=False, comment="number of the revision, from 1"),
        sa.Column("headline", sa.Text(), nullable=False, comment="the headline"),
        sa.Column("dek", sa.Text(), nullable=True, comment="the standfirst"),
        sa.Column(
            "text_chars",
            sa.Integer(),
            nullable=False,
            comment="length of the body's plain text in characters",
        ),
        sa.Column(
            "text_hash", sa.Text(), nullable=True, comment="hash of the normalised text, 32 hex digits"
        ),
        sa.Column("modified", UtcDateTime(), nullable=True, comment="when the outlet says it was changed"),
        sa.Column("stored_at", UtcDateTime(), nullable=False, comment="when this revision was stored"),
        sa.Column(
            "blocks",
            LIST,
            nullable=False,
            comment="the body: a JSON list of [kind, level, text], in reading order",
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_article_revision_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "number", name=op.f("pk_article_revision")),
        comment="every version of every article's text",
    )
    op.create_table(
        "article_url",
        sa.Column("outlet", sa.Text(), nullable=False, comment="the outlet that carries the article"),
        sa.Column("url_key", sa.Text(), nullable=False, comment="identity of the URL, 32 hex digits"),
        sa.Column(
            "url", sa.Text(), nullable=False, comment="the URL: an entry's, the final or the canonical one"
        ),
        sa.Column("article_id", KEY, nullable=False, comment="the article"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_article_url_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["outlet"], ["outlet.slug"], name=op.f("fk_article_url_outlet")),
        sa.PrimaryKeyConstraint("outlet", "url_key", name=op.f("pk_article_url")),
        comment="addresses under which articles are known",
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_article_url_article_id"), "article_url", ["article_id"], unique=False)
    op.create_table(
        "duplicate",
        sa.Column("copy_id", KEY, autoincrement=False, nullable=False, comment="the article that is a copy"),
        sa.Column("original_id", KEY, nullable=False, comment="the article that it copies"),
        sa.Column("kind", sa.Text(), nullable=False, comment="identical, syndicated or excerpt"),
        sa.Column("score", sa.Double(), nullable=False, comment="how alike they are, from 0 to 1"),
        sa.Column("found_at", UtcDateTime(), nullable=False, comment="when the copy was recognised"),
        sa.ForeignKeyConstraint(
            ["copy_id"], ["article.id"], name=op.f("fk_duplicate_copy_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["original_id"], ["article.id"], name=op.f("fk_duplicate_original_id")),
        sa.PrimaryKeyConstraint("copy_id", name=op.f("pk_duplicate")),
        comment="copies and their originals",
    )
    op.create_index(op.f("ix_duplicate_original_id"), "duplicate", ["original_id"], unique=False)
    op.create_table(
        "fetch",
        sa.Column("id", KEY, nullable=False, comment="number of the fetch"),
        sa.Column("run_id", KEY, nullable=True, comment="the crawl run"),
        sa.Column("outlet", sa.Text(), nullable=False, comment="the outlet"),
        sa.Column("url", sa.Text(), nullable=False, comment="URL of the entry, as the seed gave it"),
        sa.Column("url_key", sa.Text(), nullable=False, comment="identity of the URL, 32 hex digits"),
        sa.Column(
            "reason",
            sa.Text(),
            nullable=False,
            comment="how the page ended: stored, unchanged, failed/timeout, ...",
        ),
        sa.Column("status", sa.Integer(), nullable=True, comment="HTTP status; null if no answer came"),
        sa.Column("detail", sa.Text(), nullable=True, comment="one line for people on what went wrong"),
        sa.Column("at", UtcDateTime(), nullable=False, comment="when the page ended"),
        sa.Column(
            "article_id", KEY, nullable=True, comment="the article that the page became or already was"
        ),
        sa.Column(
            "attempt",
            sa.Integer(),
            nullable=False,
            comment="how often in a row this URL has failed; 0 if not",
        ),
        sa.Column("entry_updated", UtcDateTime(), nullable=True, comment="when the seed says it was changed"),
        sa.Column("etag", sa.Text(), nullable=True, comment="the answer's ETag"),
        sa.Column("last_modified", sa.Text(), nullable=True, comment="the answer's Last-Modified"),
        sa.Column("body_sha256", sa.Text(), nullable=True, comment="SHA-256 of the answer's body, in hex"),
        sa.Column("archive_file", sa.Text(), nullable=True, comment="WARC file that holds the page"),
        sa.Column("archive_offset_bytes", KEY, nullable=True, comment="where its record starts"),
        sa.Column("archive_length_bytes", KEY, nullable=True, comment="how long its record is"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_fetch_article_id")),
        sa.ForeignKeyConstraint(["outlet"], ["outlet.slug"], name=op.f("fk_fetch_outlet")),
        sa.ForeignKeyConstraint(["run_id"], ["crawl_run.id"], name=op.f("fk_fetch_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fetch")),
        comment="pages that ended, one row for each time that one was tried",
    )
    op.create_index(op.f("ix_fetch_article_id"), "fetch", ["article_id"], unique=False)
    op.create_index(op.f("ix_fetch_outlet_url_key_id"), "fetch", ["outlet", "url_key", "id"], unique=False)
    op.create_index(
        op.f("ix_fetch_run_id_outlet_reason"), "fetch", ["run_id", "outlet", "reason"], unique=False
    )
    op.create_table(
        "image",
        sa.Column("article_id", KEY, nullable=False, comment="the article"),
        sa.Column("position", sa.Integer(), nullable=False, comment="place in the article, from 0"),
        sa.Column("url", sa.Text(), nullable=False, comment="URL of the picture at the outlet"),
        sa.Column("alt", sa.Text(), nullable=True, comment="alternative text"),
        sa.Column("caption", sa.Text(), nullable=True, comment="caption"),
        sa.Column("credit", sa.Text(), nullable=True, comment="credit line"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_image_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "position", name=op.f("pk_image")),
        comment="pictures that pages show with their articles",
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Lead back."""
    op.drop_table("image")
    op.drop_index(op.f("ix_fetch_run_id_outlet_reason"), table_name="fetch")
    op.drop_index(op.f("ix_fetch_outlet_url_key_id"), table_name="fetch")
    op.drop_index(op.f("ix_fetch_article_id"), table_name="fetch")
    op.drop_table("fetch")
    op.drop_index(op.f("ix_duplicate_original_id"), table_name="duplicate")
    op.drop_table("duplicate")
    op.drop_index(op.f("ix_article_url_article_id"), table_name="article_url")
    op.drop_table("article_url")
    op.drop_table("article_revision")
    op.drop_table("article_field")
    op.drop_table("article_cut")
    op.drop_index(op.f("ix_article_text_hash"), table_name="article")
    op.drop_index(
        "ix_article_copy_of",
        table_name="article",
        sqlite_where=sa.text("copy_of IS NOT NULL"),
        postgresql_where=sa.text("copy_of IS NOT NULL"),
    )
    op.drop_index(
        "ix_article_awaits_publishing",
        table_name="article",
        sqlite_where=sa.text("awaits_publishing = 1"),
        postgresql_where=sa.text("awaits_publishing"),
    )
    op.drop_table("article")
