"""Takedowns: what was asked to be gone, by whom, why, and until when that can be undone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

UNDO_WITHIN: Final = timedelta(days=30)
"""How long what was taken down is kept under lock, so that a mistake can be undone; then it is erased."""


class TakedownScope(StrEnum):
    """What a takedown covers, now and for what comes later."""

    ARTICLE = "article"
    AUTHOR = "author"
    OUTLET = "outlet"


@dataclass(frozen=True, slots=True)
class Order:
    """A takedown as it is ordered.

    ``subject`` is the author's name or the outlet's slug; empty for an article. ``ordered_by`` is the person
    who carries it out, ``asked_at`` when it was asked for, if that was earlier.
    """

    scope: TakedownScope
    subject: str
    reason: str
    ordered_by: str
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Takedown:
    """A takedown in the log; ``article_ids`` are what it took, each once.

    ``erased_at`` is when the text was erased for good, None while the takedown can be undone; ``undone_at``
    when it was undone.
    """

    id: int
    order: Order
    asked_at: datetime
    done_at: datetime
    article_ids: tuple[int, ...]
    undone_at: datetime | None = None
    erased_at: datetime | None = None

    @property
    def took(self) -> timedelta:
        """From being asked to being done."""
        return self.done_at - self.asked_at

    @property
    def undo_until(self) -> datetime:
        """The last moment at which it can be undone."""
        return self.done_at + UNDO_WITHIN


class RequestState(StrEnum):
    """Where a request from the public form stands."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class NewRequest:
    """What somebody wrote into the public form; plain text of bounded length."""

    address: str
    name: str
    contact: str
    reason: str


@dataclass(frozen=True, slots=True)
class TakedownRequest:
    """A request and what became of it; ``answer`` is why it was refused, ``takedown_id`` what granted it."""

    id: int
    wish: NewRequest
    asked_at: datetime
    state: RequestState
    answered_at: datetime | None = None
    answer: str | None = None
    takedown_id: int | None = None
