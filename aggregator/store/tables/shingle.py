"""Sampled shingles of articles: by them an article finds those that it may be a copy of."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from aggregator.store.tables.base import Base, Key


class ShingleBucketRow(Base):
    """About 25 shingles, of articles' leads and lowest; of copies only those that their original lacks.

    The period leads the number: what is read and written lies together, however many periods there are.
    Articles are never deleted, so no foreign key is checked forty times for each. A page of PostgreSQL keeps
    room for a bucket's next version, which then needs no entry in the index.
    """

    __tablename__ = "shingle_bucket"
    __table_args__ = (
        {
            "comment": "sampled shingles of articles, to find near-duplicates",
            "postgresql_with": {"fillfactor": "85"},
        },
    )

    id: Mapped[int] = mapped_column(
        Key,
        primary_key=True,
        autoincrement=False,
        comment="scheme of the sample, period (days since 1970, divided by 30) and bucket, in one number",
    )
    postings: Mapped[bytes] = mapped_column(
        LargeBinary, comment="for each shingle 40 bits of its hash and 40 of the number of an article with it"
    )


class ShingleSchemeRow(Base):
    """A scheme of the shingles that this store has used, and how far a rebuild by it has come."""

    __tablename__ = "shingle_scheme"
    __table_args__ = ({"comment": "schemes of the shingles, and how far a rebuild has come"},)

    scheme: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="the number of the scheme"
    )
    missing_to: Mapped[int] = mapped_column(
        Key, comment="articles up to this number were stored before the scheme, without shingles of it"
    )
    done_to: Mapped[int] = mapped_column(Key, comment="a rebuild has done the articles up to this number")
    through: Mapped[int | None] = mapped_column(
        Key, comment="the article with which the rebuild ends; null while shingles are missing"
    )
    finished_at: Mapped[datetime | None] = mapped_column(
        comment="when the rebuild ended, or nothing was to do"
    )
