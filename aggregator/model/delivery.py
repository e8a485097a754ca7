"""Deliveries: what happened to a publication, on its way to somebody who wants to know."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EventKind(StrEnum):
    """What can happen to a publication."""

    PUBLISHED = "published"
    UPDATED = "updated"
    WITHDRAWN = "withdrawn"


class DeliveryState(StrEnum):
    """Where a delivery stands; ``dropped`` is what nobody wants any more, ``failed`` was tried in vain."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DROPPED = "dropped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event for one target; ``attempts`` counts this one, too."""

    target: str
    event_id: int
    kind: EventKind
    publication_id: int
    at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a target's deliveries stand, by state; ``detail`` is how the last trouble was described."""

    target: str
    counts: dict[DeliveryState, int]
    next_at: datetime | None
    detail: str | None
