"""Shingles in buckets, a sixth of their size on PostgreSQL, and how far a rebuild of them has come."""

from collections.abc import Iterator
from itertools import groupby

import sqlalchemy as sa
from alembic import op

from aggregator.store.tables.base import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

PERIOD_BITS = 18
BUCKET_BITS = 31
POSTINGS_IN_BUCKET = 24
ROWS_AT_ONCE = 2_000

ROW_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Lead to this schema; the shingles that are stored go along."""
    op.create_table(
        "shingle_bucket",
        sa.Column(
            "id",
            ROW_KEY,
            primary_key=True,
            autoincrement=False,
            comment="scheme of the sample, period (days since 1970, divided by 30) and bucket, in one number",
        ),
        sa.Column(
            "postings",
            sa.LargeBinary(),
            nullable=False,
            comment="for each shingle 40 bits of its hash and 40 of the number of an article with it",
        ),
        comment="sampled shingles of articles, to find near-duplicates",
        postgresql_with={"fillfactor": "85"},
    )
    op.create_table(
        "shingle_scheme",
        sa.Column("scheme", sa.Integer(), primary_key=True, autoincrement=False, comment="the number of the scheme"),
        sa.Column(
            "missing_to",
            ROW_KEY,
            nullable=False,
            comment="articles up to this number were stored before the scheme, without shingles of it",
        ),
        sa.Column("done_to", ROW_KEY, nullable=False, comment="a rebuild has done the articles up to this number"),
        sa.Column(
            "through",
            ROW_KEY,
            nullable=True,
            comment="the article with which the rebuild ends; null while shingles are missing",
        ),
        sa.Column("finished_at", UtcDateTime(), nullable=True, comment="when the rebuild ended, or nothing was to do"),
        comment="schemes of the shingles, and how far a rebuild has come",
    )
    _convert()
    # Which articles were stored before there were shingles nobody wrote down.
    op.execute(
        "INSERT INTO shingle_scheme (scheme, missing_to, done_to) "
        "SELECT 1, max(id), 0 FROM article HAVING max(id) IS NOT NULL"
    )
    op.drop_table("shingle")


def _convert() -> None:
    bind = op.get_bind()
    table = sa.table("shingle_bucket", sa.column("id"), sa.column("postings", sa.LargeBinary()))
    counts = bind.execute(sa.text("SELECT period, count(*) FROM shingle GROUP BY period")).all()
    for period, count in counts:
        buckets = 1 << (count // POSTINGS_IN_BUCKET).bit_length()
        base = (1 << PERIOD_BITS) + period + (1 << PERIOD_BITS - 1) << BUCKET_BITS
        rows: list[dict[str, object]] = []
        following = 0
        for bucket, postings in _buckets(bind, period, buckets):
            rows += ({"id": base + empty, "postings": b""} for empty in range(following, bucket))
            rows.append({"id": base + bucket, "postings": postings})
            following = bucket + 1
            if len(rows) >= ROWS_AT_ONCE:
                bind.execute(table.insert(), rows)
                rows = []
        rows += ({"id": base + empty, "postings": b""} for empty in range(following, buckets))
        if rows:
            bind.execute(table.insert(), rows)


def _buckets(bind: sa.Connection, period: int, buckets: int) -> Iterator[tuple[int, bytes]]:
    query = sa.text(
        "SELECT (hash >> 7) & :mask AS bucket, hash >> 7 AS hash, article_id FROM shingle "
        "WHERE period = :period ORDER BY 1, article_id"
    )
    found = bind.execute(query, {"mask": buckets - 1, "period": period}, execution_options={"yield_per": 10_000})
    for bucket, rows in groupby(found, key=lambda row: row.bucket):
        yield bucket, b"".join(row.hash.to_bytes(5, "big") + row.article_id.to_bytes(5, "big") for row in rows)


def downgrade() -> None:
    """Lead back; the shingles are lost, and copies of what is stored so far are found by equal texts alone."""
    op.drop_table("shingle_scheme")
    op.drop_table("shingle_bucket")
    op.create_table(
        "shingle",
        sa.Column(
            "period",
            sa.Integer(),
            nullable=False,
            autoincrement=False,
            comment="the article's days since 1970, divided by 30",
        ),
        sa.Column(
            "hash",
            sa.BigInteger(),
            nullable=False,
            autoincrement=False,
            comment="47 bits of the shingle's hash",
        ),
        sa.Column(
            "article_id",
            ROW_KEY,
            nullable=False,
            autoincrement=False,
            comment="an article that holds it, one for each original",
        ),
        sa.PrimaryKeyConstraint("period", "hash", "article_id", name=op.f("pk_shingle")),
        comment="sampled shingles of articles, to find near-duplicates",
        sqlite_with_rowid=False,
    )
