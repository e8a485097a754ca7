"""What an outlet's stored articles have taught, for commands that look at a page and store nothing."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aggregator.cli.context import database
from aggregator.extract.learned import Learned

if TYPE_CHECKING:
    from aggregator.config import Settings


@dataclass(frozen=True, slots=True)
class Taught:
    """The lines to cut, and how long the outlet's articles usually are, None if that is not known."""

    learned: Learned
    usual_chars: int | None = None


def taught(settings: "Settings", outlet: str) -> Taught:
    """What crawls have learned of an outlet; nothing where there is no database yet: none is made."""
    if not is_there(settings):
        return Taught(Learned())
    from aggregator.store import boilerplate, lengths  # late: most pages are shown without a database

    with database(settings) as db:
        return Taught(boilerplate.load(db, outlet), lengths.usual_chars(db, outlet))


def is_there(settings: "Settings") -> bool:
    """Whether the settings' database was made already."""
    kind, _, path = settings.database_url.partition(":///")
    return kind != "sqlite" or Path(path).is_file()
