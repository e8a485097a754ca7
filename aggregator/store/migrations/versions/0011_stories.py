"""Stories: which articles tell of one event, and by what that is found."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from aggregator.store.tables.base import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = UtcDateTime()


def upgrade() -> None:
    """Lead to this schema; stored articles get their stories from then on, oldest first."""
    op.create_table(
        "story_progress",
        sa.Column("id", KEY, nullable=False, comment="always 1"),
        sa.Column("placed", KEY, nullable=False, comment="all articles up to this number have a story"),
        sa.Column(
            "counted", KEY, nullable=False, comment="the words of all articles up to this number count"
        ),
        sa.Column("round", sa.Integer(), nullable=False, comment="how many rebuilds were begun"),
        sa.Column(
            "rebuild_until",
            KEY,
            nullable=True,
            comment="the last article that the rebuild under way places anew; null if none is",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_progress")),
        comment="how far the placing of articles in stories has come",
    )
    op.create_table(
        "story_term",
        sa.Column(
            "period",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="an article's days since 1970, divided by 7",
        ),
        sa.Column(
            "term",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="29 bits of a hash of language and stem",
        ),
        sa.Column(
            "story_id",
            KEY,
            autoincrement=False,
            nullable=False,
            comment="a story with an article that is heavy in it",
        ),
        sa.PrimaryKeyConstraint("period", "term", "story_id", name=op.f("pk_story_term")),
        comment="the last weeks' stories by term, to find candidates",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "story_word",
        sa.Column(
            "term",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="29 bits of a hash of language and stem",
        ),
        sa.Column(
            "articles",
            sa.Integer(),
            nullable=False,
            comment="how many articles hold it; of a language's own, all",
        ),
        sa.PrimaryKeyConstraint("term", name=op.f("pk_story_word")),
        comment="how many articles hold each term",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "story",
        sa.Column("id", KEY, nullable=False, comment="number of the story; it never changes"),
        sa.Column("language", sa.Text(), nullable=True, comment="primary language subtag of its articles"),
        sa.Column(
            "headline_article", KEY, nullable=False, comment="the article whose headline stands for the story"
        ),
        sa.Column("first_seen", MOMENT, nullable=False, comment="when its first article was published"),
        sa.Column("last_seen", MOMENT, nullable=False, comment="when its last article was published"),
        sa.Column(
            "merged_into",
            KEY,
            nullable=True,
            comment="the story that this one turned out to be; null if it lives",
        ),
        sa.Column(
            "round",
            sa.Integer(),
            nullable=False,
            comment="the rebuild that it was made or confirmed in, from 0",
        ),
        sa.ForeignKeyConstraint(["headline_article"], ["article.id"], name=op.f("fk_story_headline_article")),
        sa.ForeignKeyConstraint(["merged_into"], ["story.id"], name=op.f("fk_story_merged_into")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story")),
        comment="stories: what articles of many outlets tell of one event",
    )
    op.create_index("ix_story_last_seen", "story", ["last_seen"], unique=False)
    op.create_index(
        "ix_story_merged_into",
        "story",
        ["merged_into"],
        unique=False,
        sqlite_where=sa.text("merged_into IS NOT NULL"),
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    )
    op.create_table(
        "story_vector",
        sa.Column("article_id", KEY, nullable=False, comment="the article"),
        sa.Column("story_id", KEY, nullable=False, comment="its story"),
        sa.Column(
            "period", sa.Integer(), nullable=False, comment="the article's days since 1970, divided by 7"
        ),
        sa.Column("at", MOMENT, nullable=False, comment="when it was published, or fetched if nobody says"),
        sa.Column(
            "terms", sa.LargeBinary(), nullable=False, comment="numbers of its terms, and their weights"
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_story_vector_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_story_vector")),
        comment="weighted terms of the last weeks' articles, to find their stories",
    )
    op.create_index(op.f("ix_story_vector_period"), "story_vector", ["period"], unique=False)
    op.create_index(op.f("ix_story_vector_story_id"), "story_vector", ["story_id"], unique=False)
    op.create_table(
        "story_article",
        sa.Column("article_id", KEY, autoincrement=False, nullable=False, comment="the article"),
        sa.Column("story_id", KEY, nullable=False, comment="its story"),
        sa.Column(
            "joined", sa.Text(), nullable=False, comment="how it came there: opened, joined, copy or operator"
        ),
        sa.Column(
            "score",
            sa.Double(),
            nullable=True,
            comment="how well it fitted when it came, from 0 to 1; null if it opened the story",
        ),
        sa.Column("at", MOMENT, nullable=False, comment="when it was published, or fetched if nobody says"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_story_article_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_story_article_story_id")),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_story_article")),
        comment="which story each article belongs to",
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_story_article_story_id"), "story_article", ["story_id"], unique=False)
    op.create_table(
        "story_ruling",
        sa.Column("id", KEY, nullable=False, comment="number of the ruling"),
        sa.Column("kind", sa.Text(), nullable=False, comment="merge or split"),
        sa.Column("story_id", KEY, nullable=False, comment="the story that stayed"),
        sa.Column("other_id", KEY, nullable=False, comment="the story that went into it, or was split off"),
        sa.Column(
            "articles",
            sa.JSON().with_variant(JSONB(), "postgresql"),
            nullable=False,
            comment="the articles that changed their story, a JSON list of numbers",
        ),
        sa.Column("ruled_at", MOMENT, nullable=False, comment="when it was said"),
        sa.Column("undone_at", MOMENT, nullable=True, comment="when it was taken back; null while it stands"),
        sa.ForeignKeyConstraint(["other_id"], ["story.id"], name=op.f("fk_story_ruling_other_id")),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_story_ruling_story_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_ruling")),
        comment="what operators said of stories; automatic steps respect it",
    )
    op.create_index(op.f("ix_story_ruling_other_id"), "story_ruling", ["other_id"], unique=False)
    op.create_index(op.f("ix_story_ruling_story_id"), "story_ruling", ["story_id"], unique=False)


def downgrade() -> None:
    """Lead back; the stories are lost, and operators' words on them."""
    for name in (
        "story_ruling",
        "story_article",
        "story_vector",
        "story",
        "story_word",
        "story_term",
        "story_progress",
    ):
        op.drop_table(name)
