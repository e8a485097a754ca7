"""Feeds of every kind: topics of publications, what ever went out in order, and what cards say of copies."""

import sqlalchemy as sa
from alembic import op

from aggregator import topics
from aggregator.store.tables.base import JsonList

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OUT = sa.text("state != 'refused'")
BATCH = 1000


def upgrade() -> None:
    """Lead to this schema, and find the topics of what is out already."""
    op.create_table(
        "publication_topic",
        sa.Column(
            "topic",
            sa.Text(),
            nullable=False,
            comment="the section or tag in lower case, words joined by hyphens",
        ),
        sa.Column("publication_id", KEY, autoincrement=False, nullable=False, comment="the publication"),
        sa.Column("label", sa.Text(), nullable=False, comment="the section or tag as the outlet writes it"),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publication.id"],
            name="fk_publication_topic_publication_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("topic", "publication_id", name="pk_publication_topic"),
        comment="sections and tags under which publications are found",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_publication_topic_publication_id", "publication_topic", ["publication_id"])
    _index("ix_publication_went_out", ["published_at", "id", "language", "state"])
    _index("ix_publication_outlet_went_out", ["outlet", "published_at", "id", "state"])
    feed = sa.Column("feed", sa.Text(), comment="URL of its own feed, the first on its card")
    op.add_column("outlet", feed)
    for name, comment in (
        ("canonical", "true: full copies name the original as their canonical page"),
        ("noindex", "true: full copies ask search engines to leave them out"),
    ):
        column: sa.Column[bool] = sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.true(), comment=comment)
        op.add_column("outlet", column)
    _find_topics()


def downgrade() -> None:
    """Lead back."""
    op.drop_column("outlet", "noindex")
    op.drop_column("outlet", "canonical")
    op.drop_column("outlet", "feed")
    op.drop_index("ix_publication_outlet_went_out", "publication")
    op.drop_index("ix_publication_went_out", "publication")
    op.drop_table("publication_topic")


def _index(name: str, columns: list[str]) -> None:
    op.create_index(name, "publication", columns, sqlite_where=OUT, postgresql_where=OUT)


def _find_topics() -> None:
    connection = op.get_bind()
    publication = sa.table("publication", sa.column("id"), sa.column("article_id"))
    article = sa.table(
        "article", sa.column("id"), sa.column("section"), sa.column("tags", JsonList)
    )
    topic = sa.table(
        "publication_topic", sa.column("topic"), sa.column("publication_id"), sa.column("label")
    )
    query = (
        sa.select(publication.c.id, article.c.section, article.c.tags)
        .join(article, article.c.id == publication.c.article_id)
        .order_by(publication.c.id)
        .limit(BATCH)
    )
    last = 0
    while rows := connection.execute(query.where(publication.c.id > last)).all():
        found = [
            {"topic": key, "publication_id": number, "label": label}
            for number, section, tags in rows
            for key, label in topics.of(section, tags or ()).items()
        ]
        if found:
            connection.execute(topic.insert(), found)
        last = rows[-1].id
