"""A picture of ours: what an outlet shows with an article, in sizes that we made and keep ourselves."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

WIDTHS: Final = (480, 960, 1440)
"""Widths in pixels that readers' browsers choose from: a phone, a column or a sharp phone, a sharp column."""

MOST: Final = 4
"""Pictures of one article: a lead and a few more; who wants a whole series finds it at the outlet."""


class PictureFault(StrEnum):
    """Why a picture that was fetched is none that we can show."""

    TYPE = "picture/type"
    PIXELS = "picture/pixels"
    SMALL = "picture/small"
    BROKEN = "picture/broken"
    CRASH = "picture/crash"
    DISK = "picture/disk"


@dataclass(frozen=True, slots=True)
class Copy:
    """Our files of a picture: their common name, and the largest one's width and height in pixels."""

    name: str
    width: int
    height: int
    has_avif: bool

    @property
    def widths(self) -> tuple[int, ...]:
        """The widths in pixels that there are, rising."""
        return widths(self.width)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that readers may be shown with its article, and our copy of it."""

    copy: Copy
    alt: str | None = None
    caption: str | None = None
    credit: str | None = None


@dataclass(frozen=True, slots=True)
class WantedPicture:
    """A picture at its outlet that readers may be shown and of which we have no copy."""

    article_id: int
    outlet: str
    url: str
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Missed:
    """A picture that did not come, or is none; ``again_at`` is when it is tried again, None for never."""

    reason: str
    detail: str
    at: datetime
    again_at: datetime | None = None


def widths(original: int) -> tuple[int, ...]:
    """The widths that a picture of so many pixels is kept in: never wider than it is."""
    return tuple(width for width in WIDTHS if width <= original) or (original,)
