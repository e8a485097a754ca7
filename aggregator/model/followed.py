"""A followed page: an outlet's own page of what is out here, as later looks at it found it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Sight(StrEnum):
    """What one look at a page showed; ``NOTHING`` is a look that tells nothing of the article."""

    THERE = "there"
    MISSING = "missing"
    GONE = "gone"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class FollowedPage:
    """What is known of the page of a publication that went out at ``since``.

    ``looked_at`` is the last look, None if there was none yet. ``missing_since`` is the first of the looks in
    a row that did not find it, ``gone_at`` the one that settled it; both are None while the page is there.
    """

    since: datetime
    looked_at: datetime | None = None
    missing_since: datetime | None = None
    gone_at: datetime | None = None
