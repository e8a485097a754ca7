"""A slip: a crawl that did not begin when its schedule said."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SlipKind(StrEnum):
    """Why a crawl did not begin in time."""

    MISSED = "missed"
    OVERLAPPING = "overlapping"


@dataclass(frozen=True, slots=True)
class Slip:
    """An outlet that was due and was not crawled then.

    ``missed``: no scheduler ran, or it was behind. ``overlapping``: a crawl of the outlet was under way,
    ``run`` if that is known. ``due_at`` is the first moment that was lost, ``times`` how many there were
    until ``found_at``.
    """

    outlet: str
    kind: SlipKind
    due_at: datetime
    found_at: datetime
    times: int = 1
    run: int | None = None

    @property
    def why(self) -> str:
        """What kept the crawl from beginning, in words."""
        if self.kind is SlipKind.MISSED:
            return "no scheduler ran, or it was behind"
        return f"run {self.run} was under way" if self.run else "its crawl took so long"


@dataclass(frozen=True, slots=True)
class MadeUp:
    """A slip, and the run that made up for it; None as long as there is none."""

    slip: Slip
    run: int | None
    at: datetime | None
