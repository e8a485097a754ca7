"""The tables of outlets, crawl runs, seeds."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.tables.base import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Lead to this schema."""
    op.create_table(
        "crawl_run",
        sa.Column("id", KEY, nullable=False, comment="number of the run"),
        sa.Column("state", sa.Text(), nullable=False, comment="running, finished, failed or interrupted"),
        sa.Column("pid", sa.Integer(), nullable=False, comment="process id of the crawl"),
        sa.Column(
            "process",
            sa.Text(),
            nullable=True,
            comment="what tells this process from a later one with the same id",
        ),
        sa.Column(
            "machine", sa.Text(), nullable=False, comment="host name of the machine that the crawl ran on"
        ),
        sa.Column("started_at", UtcDateTime(), nullable=False, comment="when the run started"),
        sa.Column("ended_at", UtcDateTime(), nullable=True, comment="when the run ended, or was found dead"),
        sa.Column("detail", sa.Text(), nullable=True, comment="one line on how it ended"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crawl_run")),
        comment="crawls, each of a batch of outlets",
    )
    op.create_index(op.f("ix_crawl_run_state"), "crawl_run", ["state"], unique=False)
    op.create_table(
        "host_wait",
        sa.Column("host", sa.Text(), nullable=False, comment="host name in lower case"),
        sa.Column("until", UtcDateTime(), nullable=False, comment="do not ask before this moment"),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_host_wait")),
        comment="hosts that asked for a pause longer than a crawl (Retry-After)",
    )
    op.create_table(
        "outlet",
        sa.Column("slug", sa.Text(), nullable=False, comment="the outlet's short name, as its card's file"),
        sa.Column("name", sa.Text(), nullable=False, comment="the name that readers see"),
        sa.Column("homepage", sa.Text(), nullable=False, comment="URL of the outlet's home page"),
        sa.Column("language", sa.Text(), nullable=False, comment="BCP 47 tag of its main language"),
        sa.Column("country", sa.Text(), nullable=False, comment="ISO 3166-1 alpha-2 code of its country"),
        sa.Column(
            "licence", sa.Text(), nullable=True, comment="SPDX id, or the outlet's words for its licence"
        ),
        sa.Column("licence_url", sa.Text(), nullable=True, comment="where the licence stands"),
        sa.Column(
            "mode",
            sa.Text(),
            nullable=False,
            comment="how much may be republished: full, excerpt, link or never",
        ),
        sa.Column(
            "is_active",
            sa.Boolean(),
            nullable=False,
            comment="false once the outlet's card is gone or paused",
        ),
        sa.Column("synced_at", UtcDateTime(), nullable=False, comment="when this row last followed its card"),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_outlet")),
        comment="publishers, as their cards describe them",
    )
    op.create_table(
        "crawl_run_outlet",
        sa.Column("run_id", KEY, nullable=False, comment="the crawl run"),
        sa.Column("position", sa.Integer(), nullable=False, comment="place in the batch, from 0"),
        sa.Column("outlet", sa.Text(), nullable=False, comment="the outlet"),
        sa.ForeignKeyConstraint(["outlet"], ["outlet.slug"], name=op.f("fk_crawl_run_outlet_outlet")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["crawl_run.id"], name=op.f("fk_crawl_run_outlet_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "position", name=op.f("pk_crawl_run_outlet")),
        comment="which outlets a crawl run took",
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_crawl_run_outlet_outlet_run_id"), "crawl_run_outlet", ["outlet", "run_id"], unique=False
    )
    op.create_table(
        "seed_visit",
        sa.Column("id", KEY, nullable=False, comment="number of the visit"),
        sa.Column("run_id", KEY, nullable=True, comment="the crawl run"),
        sa.Column("outlet", sa.Text(), nullable=False, comment="the outlet"),
        sa.Column("seed_kind", sa.Text(), nullable=False, comment="feed, sitemap or section"),
        sa.Column("seed_url", sa.Text(), nullable=False, comment="URL of the seed"),
        sa.Column(
            "reason",
            sa.Text(),
            nullable=False,
            comment="how the visit ended: stored, unchanged, failed/timeout, ...",
        ),
        sa.Column("status", sa.Integer(), nullable=True, comment="HTTP status; null if no answer came"),
        sa.Column("detail", sa.Text(), nullable=True, comment="one line for people on what went wrong"),
        sa.Column("etag", sa.Text(), nullable=True, comment="the answer's ETag"),
        sa.Column("last_modified", sa.Text(), nullable=True, comment="the answer's Last-Modified"),
        sa.Column("body_sha256", sa.Text(), nullable=True, comment="SHA-256 of the answer's body, in hex"),
        sa.Column("found", sa.Integer(), nullable=False, comment="how many entries the seed listed"),
        sa.Column("new", sa.Integer(), nullable=False, comment="how many of them were not known before"),
        sa.Column("at", UtcDateTime(), nullable=False, comment="when the visit ended"),
        sa.ForeignKeyConstraint(["outlet"], ["outlet.slug"], name=op.f("fk_seed_visit_outlet")),
        sa.ForeignKeyConstraint(["run_id"], ["crawl_run.id"], name=op.f("fk_seed_visit_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seed_visit")),
        comment="looks at feeds, sitemaps and section pages",
    )
    op.create_index(op.f("ix_seed_visit_outlet_id"), "seed_visit", ["outlet", "id"], unique=False)
    op.create_index(op.f("ix_seed_visit_seed_url_id"), "seed_visit", ["seed_url", "id"], unique=False)


def downgrade() -> None:
    """Lead back."""
    op.drop_index(op.f("ix_seed_visit_seed_url_id"), table_name="seed_visit")
    op.drop_index(op.f("ix_seed_visit_outlet_id"), table_name="seed_visit")
    op.drop_table("seed_visit")
    op.drop_index(op.f("ix_crawl_run_outlet_outlet_run_id"), table_name="crawl_run_outlet")
    op.drop_table("crawl_run_outlet")
    op.drop_table("outlet")
    op.drop_table("host_wait")
    op.drop_index(op.f("ix_crawl_run_state"), table_name="crawl_run")
    op.drop_table("crawl_run")
