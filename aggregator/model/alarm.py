"""An alarm of the source watch: what is wrong at an outlet, since when, and who has seen it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AlarmKind(StrEnum):
    """What can be wrong at an outlet; of several that have one cause only the first of this list is told."""

    FAILING = "failing"
    ROBOTS = "robots"
    LICENCE = "licence"
    LAYOUT = "layout"
    LANGUAGE = "language"
    DATES = "dates"
    COVERAGE = "coverage"
    DUPLICATES = "duplicates"
    SILENT = "silent"
    THIN = "thin"


class AlarmState(StrEnum):
    """Where an alarm stands; ``acknowledged`` is seen by a person and still so."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a look at an outlet found.

    ``aspect`` tells alarms of one kind apart: the field of ``coverage``, the seed of ``failing``, the host of
    ``robots``; empty of the others. ``cause`` is one word for programs, equal where the cause is (such as
    ``failed/dns``); ``words`` one line for people. ``expected`` and ``observed`` are what was compared (see
    the kind in docs/operators.md), over ``samples`` articles, visits or hours. ``is_firm`` is false of what
    would not raise an alarm, and keeps one open: hysteresis.
    """

    outlet: str
    kind: AlarmKind
    since: datetime
    cause: str
    words: str
    aspect: str = ""
    expected: float | None = None
    observed: float | None = None
    samples: int = 0
    is_firm: bool = True

    @property
    def key(self) -> tuple[str, AlarmKind, str]:
        """What only one open alarm can be of."""
        return self.outlet, self.kind, self.aspect


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm as it stands in the store.

    ``since`` is when it began, ``raised_at`` when it was noticed, ``seen_at`` when it was found last.
    ``last_good_article`` and ``last_good_fetch`` are the newest of before ``since``. Alarms with one
    ``group`` (the number of its first alarm) came together, by one cause. ``resolved_by`` is None if it went
    by itself.
    """

    id: int
    state: AlarmState
    finding: Finding
    raised_at: datetime
    seen_at: datetime
    group: int
    last_good_article: int | None = None
    last_good_fetch: int | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    note: str | None = None
    resolved_at: datetime | None = None
    resolved_by: str | None = None
