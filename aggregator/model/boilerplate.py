"""Learned boilerplate: what a page teaches of its outlet, and what is known of each line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ClueKind(StrEnum):
    """What repeats: a whole line, or a line's opening before a colon whose rest changes."""

    LINE = "line"
    OPENING = "opening"


class Ruling(StrEnum):
    """An operator's word on a line: it is real text and stays, or it is boilerplate and goes."""

    KEEP = "keep"
    DROP = "drop"


class LineState(StrEnum):
    """What becomes of a line of an outlet.

    ``counted`` stands on several pages, and on too few to be cut; ``shadow`` would be cut if the outlet had
    taught enough pages; ``active`` is cut; ``kept`` and ``dropped`` are an operator's rulings.
    """

    COUNTED = "counted"
    SHADOW = "shadow"
    ACTIVE = "active"
    KEPT = "kept"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Clue:
    """A line or an opening of one page, to be counted.

    ``id`` is the same for the same line whatever its numbers, 12 hex digits; ``needs`` the share of the
    outlet's pages, from 0 to 1, on which it must stand to be boilerplate.
    """

    kind: ClueKind
    id: str
    text: str
    needs: float


@dataclass(frozen=True, slots=True)
class LearnedLine:
    """What is known of one line of an outlet; ``pages`` of the last ``of_pages`` hold it."""

    outlet: str
    id: str
    kind: ClueKind
    sample: str
    state: LineState
    pages: int
    of_pages: int
    needs: float
    first_seen: datetime
    last_seen: datetime
    ruling: Ruling | None = None
    ruled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LearnedOutlet:
    """What an outlet's pages have taught.

    ``pages`` have taught since the beginning, ``lines`` counts its lines by state, ``version`` rises with
    each page and each ruling; ``cut_chars`` of ``text_chars`` of these pages' text were cut.
    """

    outlet: str
    pages: int
    version: int
    is_shadow: bool
    text_chars: int
    cut_chars: int
    lines: Mapping[LineState, int]
    learned_at: datetime
