"""The table of our pictures."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from aggregator.store.tables.base import Base, Key


class PictureRow(Base):
    """Our copy of a picture that an article is out with, or why there is none."""

    __tablename__ = "picture"
    __table_args__ = ({"comment": "our copies of pictures that articles are out with"},)

    article_id: Mapped[int] = mapped_column(
        Key, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, comment="the article"
    )
    url_key: Mapped[str] = mapped_column(primary_key=True, comment="hash of the URL, in hex")
    url: Mapped[str] = mapped_column(comment="URL of the picture at the outlet")
    name: Mapped[str | None] = mapped_column(
        index=True, comment="common name of our files; null if there are none"
    )
    width: Mapped[int | None] = mapped_column(comment="pixels of the widest file")
    height: Mapped[int | None] = mapped_column(comment="pixels of the same file")
    has_avif: Mapped[bool] = mapped_column(comment="whether there are AVIF files beside the WebP ones")
    reason: Mapped[str | None] = mapped_column(comment="why there is no copy: failed/http, picture/type, ...")
    detail: Mapped[str | None] = mapped_column(comment="the same in words")
    tries: Mapped[int] = mapped_column(comment="how often it was asked for")
    tried_at: Mapped[datetime] = mapped_column(comment="when it was asked for last")
    again_at: Mapped[datetime | None] = mapped_column(comment="when it is asked for again; null for never")
