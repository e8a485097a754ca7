"""The ledger: what went out when, as far as caps and pauses count it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aggregator import wallclock
from aggregator.publish.rights import month_of


@dataclass(frozen=True, slots=True)
class Sent:
    """One article that went out; ``is_text`` if readers got text of it."""

    at: datetime
    outlet: str
    is_text: bool


@dataclass(slots=True)
class Tally:
    """How much counts in one minute, for all and by outlet; ``add`` keeps it true as an edition fills.

    ``outlet_now`` counts what went out in this very minute, in editions before this one. ``near`` holds the
    moments from which pauses are counted, of all and of each outlet: the latest that does not lie ahead, and
    any that do, as a clock that was put back leaves them.
    """

    at: datetime
    today: int = 0
    outlet_today: Counter[str] = field(default_factory=Counter)
    outlet_month: Counter[str] = field(default_factory=Counter)
    outlet_now: Counter[str] = field(default_factory=Counter)
    near: list[datetime] = field(default_factory=list)
    outlet_near: dict[str, list[datetime]] = field(default_factory=dict)

    def add(self, outlet: str, *, is_text: bool) -> None:
        """Count one more that goes out in this minute."""
        self.today += 1
        self.outlet_today[outlet] += 1
        self.outlet_now[outlet] += 1
        self.outlet_month[outlet] += is_text
        self.outlet_near.setdefault(outlet, []).append(self.at)


def minute(moment: datetime) -> datetime:
    """The minute of a moment. Caps and pauses count in minutes, so that an edition a second late is not."""
    return moment.replace(second=0, microsecond=0)


def tally(sent: Sequence[Sent], at: datetime, timezone: str) -> Tally:
    """What counts in the minute ``at``: the day is that of the time zone, the month that of UTC."""
    day, month = wallclock.day_of(timezone, at), month_of(at)
    found = Tally(at)
    latest: dict[str, datetime] = {}
    for one in sent:
        then = minute(one.at)
        if day[0] <= then < day[1]:
            found.today += 1
            found.outlet_today[one.outlet] += 1
        found.outlet_month[one.outlet] += one.is_text and month[0] <= then < month[1]
        found.outlet_now[one.outlet] += then == at
        if then <= at:
            latest[one.outlet] = max(then, latest.get(one.outlet, then))
        else:
            found.outlet_near.setdefault(one.outlet, []).append(then)
            found.near.append(then)
    for outlet, moment in latest.items():
        found.outlet_near.setdefault(outlet, []).append(moment)
    if latest:
        found.near.append(max(latest.values()))
    return found


def end_of_pause(moments: Sequence[datetime], at: datetime, minutes: int) -> datetime | None:
    """When a pause of so many minutes around ``moments`` is over; None if ``at`` lies in none.

    A moment that lies ahead (the clock was put back) counts as far as the pause reaches, and no further.
    """
    pause = timedelta(minutes=minutes)
    return max((one + pause for one in moments if abs(one - at) < pause), default=None)


def since(at: datetime, timezone: str, longest_pause_minutes: int) -> datetime:
    """From when on all that went out must be known to count at ``at``, months aside."""
    day, _ = wallclock.day_of(timezone, at)
    return min(day, at - timedelta(minutes=longest_pause_minutes + 1))
