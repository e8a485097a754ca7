"""A candidate: an article that waits for an edition, with all that its turn depends on."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aggregator.model.decision import Decision, Publish, Review
from aggregator.model.outlet import Pace, RightsMode
from aggregator.publish.rights import LONGEST_EMBARGO

DOUBLING = timedelta(hours=6)
"""How much fresher an article counts for each doubling of the outlets that report its story.

News is read on the day when it comes; a story that eight outlets tell stays ahead of others for that day.
"""

_TEXTS = (RightsMode.FULL, RightsMode.EXCERPT)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that waits.

    ``decision`` is what its rights say whatever the time is; a ``Hold`` there ends with a change only.
    ``published`` is the outlet's own date, ``stored_at`` when we met it first. ``reported_by`` counts the
    outlets that tell its story, itself included. ``monthly_cap`` is the one in force for its outlet.
    ``is_approved``: a person released it. ``copy_of`` is the original's number if it goes out in its place.
    """

    id: int
    revision: int
    outlet: str
    decision: Decision
    published: datetime | None
    stored_at: datetime
    reported_by: int = 1
    pace: Pace = field(default_factory=Pace)
    monthly_cap: int | None = None
    is_approved: bool = False
    copy_of: int | None = None

    @property
    def is_text(self) -> bool:
        """Whether it would bring readers text, which monthly caps count."""
        match self.decision:
            case Publish(mode=mode) | Review(proposed=Publish(mode=mode)):
                return mode in _TEXTS
        return False

    @property
    def since(self) -> datetime:
        """When it became news: the outlet's date, or when we met it if that is none, or lies behind it."""
        return self.stored_at if self.published is None else min(self.published, self.stored_at)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an article stands in the queue, known without its text."""

    id: int
    published: datetime | None
    stored_at: datetime
    reported_by: int
    priority: int


def in_order(waiting: Sequence[Standing]) -> list[int]:
    """The numbers of what waits, first to go out first.

    By the outlet's priority, then by freshness, each doubling of a story's outlets counting ``DOUBLING``; the
    older number among equals. The order does not change as time goes by.
    """
    return [one.id for one in sorted(waiting, key=_place)]


def _place(one: Standing) -> tuple[int, float, int]:
    # A template's date years ahead must not lead for years.
    latest = one.stored_at + LONGEST_EMBARGO
    dated = one.stored_at if one.published is None else min(one.published, latest)
    fresh = dated.timestamp() + DOUBLING.total_seconds() * math.log2(max(1, one.reported_by))
    return -one.priority, -fresh, one.id
