"""A complaint: what is wrong with an installation, where, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How bad it is: work fails, or will fail or goes on worse than it should."""

    ERROR = "error"
    WARNING = "warning"


class Ailment(StrEnum):
    """What can be wrong; the value is the name that people and programs see."""

    SETTINGS_WRONG = "settings/wrong"
    SETTINGS_OPEN = "settings/readable"
    LIBRARY_WRONG = "program/library"
    PROJECT_MISSING = "program/project"
    LOCALE_MISSING = "program/catalogs"
    NO_FTS5 = "program/no-fts5"
    PLACE_UNWRITABLE = "place/unwritable"
    DISK_LOW = "disk/low"
    DATABASE_NONE = "database/none"
    DATABASE_UNREACHABLE = "database/unreachable"
    DATABASE_BEHIND = "database/behind"
    DATABASE_AHEAD = "database/ahead"
    DATABASE_DAMAGED = "database/damaged"
    DATABASE_REBUILD = "database/rebuild"
    CLOCK_FUTURE = "clock/future"
    CLOCK_SKEWED = "clock/skewed"
    CARDS_NONE = "card/none"
    CARD_WRONG = "card/wrong"
    CARD_TWIN = "card/twin"
    ROBOTS_REFUSE = "robots/refuse"
    SCHEDULER_NONE = "schedule/none-runs"
    SCHEDULER_STUCK = "schedule/stuck"
    RUN_DEAD = "schedule/dead-run"
    ALARMS = "watch/alarms"
    ADDRESS_LOCAL = "site/local-address"
    ADDRESS_PLAIN = "site/plain-http"
    PORT_TAKEN = "site/port-taken"
    HOST_UNKNOWN = "network/no-name"
    HOST_SILENT = "network/silent"
    MAIL_SILENT = "network/mail"


_WARNINGS = frozenset(
    {
        Ailment.SETTINGS_OPEN,
        Ailment.LOCALE_MISSING,
        Ailment.DATABASE_NONE,
        Ailment.DATABASE_BEHIND,
        Ailment.DATABASE_REBUILD,
        Ailment.CARDS_NONE,
        Ailment.ROBOTS_REFUSE,
        Ailment.SCHEDULER_NONE,
        Ailment.RUN_DEAD,
        Ailment.ALARMS,
        Ailment.ADDRESS_LOCAL,
        Ailment.ADDRESS_PLAIN,
        Ailment.HOST_UNKNOWN,
        Ailment.HOST_SILENT,
    }
)


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is wrong: ``where`` it is, ``what`` was found, ``remedy`` what to do."""

    ailment: Ailment
    where: str
    what: str
    remedy: str

    @property
    def grade(self) -> Grade:
        """How bad it is."""
        return Grade.WARNING if self.ailment in _WARNINGS else Grade.ERROR
