"""The full-text index of publications: FTS5 on SQLite, tsvector on PostgreSQL.

It holds words that were folded before (case, accents), so neither database's own language rules apply, and
both find the same.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lead to this schema."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE search_index USING fts5(headline, text, "
            "tokenize=\"unicode61 remove_diacritics 0 categories 'L* M* N* Co'\")"
        )
        return
    op.execute(
        "CREATE TABLE search_index ("
        "publication_id BIGINT PRIMARY KEY REFERENCES publication (id) ON DELETE CASCADE, "
        "words TSVECTOR NOT NULL)"
    )
    op.execute("CREATE INDEX ix_search_index_words ON search_index USING GIN (words)")


def downgrade() -> None:
    """Lead back."""
    op.execute("DROP TABLE search_index")
