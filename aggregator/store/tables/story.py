"""The tables of stories: which articles tell of one event, and by what that was found."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from aggregator.store.tables.base import Base, JsonList, Key


class StoryRow(Base):
    """A story; one that went into another stays, so that its number leads there for ever."""

    __tablename__ = "story"
    __table_args__ = (
        Index("ix_story_last_seen", "last_seen"),
        # Without the living ones: SQLite would use it to look for them, and find nearly all.
        Index(
            "ix_story_merged_into",
            "merged_into",
            sqlite_where=text("merged_into IS NOT NULL"),
            postgresql_where=text("merged_into IS NOT NULL"),
        ),
        {"comment": "stories: what articles of many outlets tell of one event"},
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True, comment="number of the story; it never changes")
    language: Mapped[str | None] = mapped_column(comment="primary language subtag of its articles")
    headline_article: Mapped[int] = mapped_column(
        Key, ForeignKey("article.id"), comment="the article whose headline stands for the story"
    )
    first_seen: Mapped[datetime] = mapped_column(comment="when its first article was published")
    last_seen: Mapped[datetime] = mapped_column(comment="when its last article was published")
    merged_into: Mapped[int | None] = mapped_column(
        Key, ForeignKey("story.id"), comment="the story that this one turned out to be; null if it lives"
    )
    round: Mapped[int] = mapped_column(comment="the rebuild that it was made or confirmed in, from 0")


class StoryArticleRow(Base):
    """An article's place in its story."""

    __tablename__ = "story_article"
    __table_args__ = ({"comment": "which story each article belongs to", "sqlite_with_rowid": False},)

    article_id: Mapped[int] = mapped_column(
        Key,
        ForeignKey("article.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        comment="the article",
    )
    story_id: Mapped[int] = mapped_column(Key, ForeignKey("story.id"), index=True, comment="its story")
    joined: Mapped[str] = mapped_column(comment="how it came there: opened, joined, copy or operator")
    score: Mapped[float | None] = mapped_column(
        comment="how well it fitted when it came, from 0 to 1; null if it opened the story"
    )
    at: Mapped[datetime] = mapped_column(comment="when it was published, or fetched if nobody says")


class StoryRulingRow(Base):
    """An operator's word: two stories are one, or some articles are a story of their own."""

    __tablename__ = "story_ruling"
    __table_args__ = ({"comment": "what operators said of stories; automatic steps respect it"},)

    id: Mapped[int] = mapped_column(Key, primary_key=True, comment="number of the ruling")
    kind: Mapped[str] = mapped_column(comment="merge or split")
    story_id: Mapped[int] = mapped_column(
        Key, ForeignKey("story.id"), index=True, comment="the story that stayed"
    )
    other_id: Mapped[int] = mapped_column(
        Key, ForeignKey("story.id"), index=True, comment="the story that went into it, or was split off"
    )
    articles: Mapped[list[int]] = mapped_column(
        JsonList, comment="the articles that changed their story, a JSON list of numbers"
    )
    ruled_at: Mapped[datetime] = mapped_column(comment="when it was said")
    undone_at: Mapped[datetime | None] = mapped_column(comment="when it was taken back; null while it stands")


class StoryVectorRow(Base):
    """What the last weeks' articles are compared by; older rows are deleted, so the table does not grow."""

    __tablename__ = "story_vector"
    __table_args__ = ({"comment": "weighted terms of the last weeks' articles, to find their stories"},)

    article_id: Mapped[int] = mapped_column(
        Key, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, comment="the article"
    )
    story_id: Mapped[int] = mapped_column(Key, index=True, comment="its story")
    period: Mapped[int] = mapped_column(index=True, comment="the article's days since 1970, divided by 7")
    at: Mapped[datetime] = mapped_column(comment="when it was published, or fetched if nobody says")
    terms: Mapped[bytes] = mapped_column(LargeBinary, comment="numbers of its terms, and their weights")


class StoryTermRow(Base):
    """The stories of a week by their heaviest terms; older rows are deleted."""

    __tablename__ = "story_term"
    __table_args__ = (
        {"comment": "the last weeks' stories by term, to find candidates", "sqlite_with_rowid": False},
    )

    period: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="an article's days since 1970, divided by 7"
    )
    term: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="29 bits of a hash of language and stem"
    )
    story_id: Mapped[int] = mapped_column(
        Key, primary_key=True, autoincrement=False, comment="a story with an article that is heavy in it"
    )


class StoryWordRow(Base):
    """How many articles hold a term: rare ones tell events apart."""

    __tablename__ = "story_word"
    __table_args__ = ({"comment": "how many articles hold each term", "sqlite_with_rowid": False},)

    term: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="29 bits of a hash of language and stem"
    )
    articles: Mapped[int] = mapped_column(comment="how many articles hold it; of a language's own, all")


class StoryProgressRow(Base):
    """How far the placing of articles has come: one row."""

    __tablename__ = "story_progress"
    __table_args__ = ({"comment": "how far the placing of articles in stories has come"},)

    id: Mapped[int] = mapped_column(Key, primary_key=True, comment="always 1")
    placed: Mapped[int] = mapped_column(Key, comment="all articles up to this number have a story")
    counted: Mapped[int] = mapped_column(Key, comment="the words of all articles up to this number count")
    round: Mapped[int] = mapped_column(comment="how many rebuilds were begun")
    rebuild_until: Mapped[int | None] = mapped_column(
        Key, comment="the last article that the rebuild under way places anew; null if none is"
    )
