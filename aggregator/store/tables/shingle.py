"""Sampled shingles of articles: by them an article finds those that it may be a copy of."""

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from aggregator.store.tables.base import Base, Key


class ShingleRow(Base):
    """A shingle of an article's lead, or one of its lowest; of copies only those that their original lacks.

    The period leads the key: what is read and written lies together, however many periods there are. Articles
    are never deleted, so no foreign key is checked forty times for each.
    """

    __tablename__ = "shingle"
    __table_args__ = (
        {"comment": "sampled shingles of articles, to find near-duplicates", "sqlite_with_rowid": False},
    )

    period: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="the article's days since 1970, divided by 30"
    )
    hash: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, comment="47 bits of the shingle's hash"
    )
    article_id: Mapped[int] = mapped_column(
        Key, primary_key=True, autoincrement=False, comment="an article that holds it, one for each original"
    )
