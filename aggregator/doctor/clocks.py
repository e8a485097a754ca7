"""The clock: against what is stored, and against what servers said when their pages came."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from statistics import median
from typing import Final

from aggregator import archive
from aggregator.clock import to_utc
from aggregator.doctor.complaint import Ailment, Complaint
from aggregator.errors import ArchiveError
from aggregator.store import kept, moments
from aggregator.store.engine import Database

MOST_AHEAD: Final = timedelta(minutes=2)
"""So far a row of another machine may lie ahead of this one's clock."""

MOST_SKEWED: Final = timedelta(minutes=5)
"""A page's own Date is rounded, and stamped some time before the page has come; never so much."""

LEAST_OUTLETS: Final = 3
"""One server's clock may be wrong; the median of three is not."""

LEAST_AGE: Final = timedelta(days=2)
"""Pages that came earlier say nothing of the clock as it is now."""

_SET = "set the clock, and keep it by NTP (`timedatectl set-ntp true`)"


def future(db: Database, now: datetime) -> Iterator[Complaint]:
    """Whether rows were stored later than it is: then the clock is, or was, wrong."""
    for table, newest in moments.newest(db).items():
        if newest is not None and newest - now > MOST_AHEAD:
            told = f"the newest {table} is of {newest:%Y-%m-%d %H:%M} UTC, and now it is {now:%Y-%m-%d %H:%M}"
            remedy = f"{_SET}; what was stored ahead of time is out of turn until then"
            yield Complaint(Ailment.CLOCK_FUTURE, db.where, told, remedy)
            return


def skew(db: Database, pages: Path, outlets: Iterable[str], now: datetime) -> Iterator[Complaint]:
    """Whether our clock differs from those of the servers whose pages came last."""
    found = [each for slug in outlets if (each := _difference(db, pages, slug, now)) is not None]
    if len(found) < LEAST_OUTLETS:
        return
    seconds = median(found)
    if abs(seconds) > MOST_SKEWED.total_seconds():
        side = "ahead of" if seconds > 0 else "behind"
        told = f"{abs(seconds) / 60:.0f} minutes {side} the servers of {len(found)} outlets"
        yield Complaint(Ailment.CLOCK_SKEWED, "this machine's clock", told, _SET)


def _difference(db: Database, pages: Path, outlet: str, now: datetime) -> float | None:
    """By how many seconds our clock was ahead when an outlet's last page came; None if nobody can tell."""
    for page in kept.last_kept(db, outlet, 1):
        if now - page.at > LEAST_AGE:
            return None
        try:
            headers = dict(archive.read(pages, page.archived)[2])
            # A cache hands on the date of when the page was made, and says how long it has had it.
            made = to_utc(parsedate_to_datetime(headers["date"])) + timedelta(
                seconds=int(headers.get("age", "0"))
            )
        except (ArchiveError, KeyError, ValueError, TypeError, OverflowError):
            return None
        return (page.at - made).total_seconds()
    return None
