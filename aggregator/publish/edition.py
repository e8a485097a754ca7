"""An edition: which of the articles that wait go out at one moment, and why the others stay."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator import wallclock
from aggregator.config import PublishSettings
from aggregator.model.decision import Because, Code, Hold, Publish, Refuse, Review
from aggregator.model.outlet import RightsMode
from aggregator.publish import ledger, slots
from aggregator.publish.candidate import Candidate
from aggregator.publish.ledger import Sent, Tally
from aggregator.publish.rights import capped, embargo


@dataclass(frozen=True, slots=True)
class Stays:
    """An article that does not go out now, and why: what its rights say, or a turn that has not come."""

    candidate: Candidate
    decision: Hold | Review


@dataclass(frozen=True, slots=True)
class Plan:
    """What happens at one moment.

    ``goes_out`` are the articles that the edition publishes or refuses, in their order, as each one's
    ``decision`` says. ``stays`` are those that were looked at and stay, ``rest`` tells why nobody was looked
    at any more; None if all were.
    """

    goes_out: tuple[Candidate, ...]
    stays: tuple[Stays, ...]
    rest: Hold | None

    def sent(self, at: datetime) -> list[Sent]:
        """What readers get, as the ledger has it."""
        return [
            Sent(at, one.outlet, one.is_text) for one in self.goes_out if isinstance(one.decision, Publish)
        ]


def plan(
    queue: Iterable[Candidate],
    rules: PublishSettings,
    sent: Sequence[Sent],
    at: datetime,
    *,
    room: int | None = None,
    is_forced: bool = False,
    is_thorough: bool = False,
) -> Plan:
    """The edition of one moment: the queue's articles in order, as far as the rules let them.

    ``sent`` is what went out before, ``room`` the greatest number (the rules' own if None). The queue is read
    only as far as it must be; if ``is_thorough``, to its end, so that each article has its own reason.
    ``is_forced`` leaves out quiet hours and the pause between editions; never what cards say, nor caps.
    """
    tally = ledger.tally(sent, ledger.minute(at), rules.timezone)
    table = _Table(rules, at, tally, rules.max_articles if room is None else room)
    rest = None if is_forced else table.closed()
    goes_out: list[Candidate] = []
    stays: list[Stays] = []
    if rest and not is_thorough:
        return Plan((), (), rest)
    for candidate in queue:
        rest = rest or table.full(len(goes_out))
        if rest and not is_thorough:
            break
        ready = table.ready(candidate)
        if isinstance(ready, Stays):
            stays.append(ready)
        elif rest:
            stays.append(Stays(candidate, rest))
        else:
            goes_out.append(ready)
            if isinstance(ready.decision, Publish):
                table.tally.add(ready.outlet, is_text=ready.is_text)
    return Plan(tuple(goes_out), tuple(stays), rest)


def next_change(plan: Plan, rules: PublishSettings, at: datetime) -> datetime | None:
    """The moment before which an edition that brought nothing at ``at`` brings nothing.

    ``plan`` was thorough and left nobody for the next edition; None if nothing that stays waits for a moment.
    """
    changes = [one.decision.until for one in plan.stays if isinstance(one.decision, Hold)]
    if rules.expire_hours is not None:
        changes += [one.candidate.since + timedelta(hours=rules.expire_hours) for one in plan.stays]
    return min((moment for moment in changes if moment is not None and moment >= at), default=None)


@dataclass(frozen=True, slots=True)
class _Table:
    """The rules of one moment; all but embargoes, which are kept to the second, count in minutes."""

    rules: PublishSettings
    at: datetime
    tally: Tally
    room: int

    def closed(self) -> Hold | None:
        """Why nothing at all goes out at this moment."""
        rules, at = self.rules, self.tally.at
        if until := wallclock.end_of_hours(rules.quiet_hours, rules.timezone, at):
            return self._until(until, Code.QUIET, f"Quiet hours, until {self._clock(until)}.")
        if until := ledger.end_of_pause(self.tally.near, at, rules.gap_minutes):
            return self._until(
                until, Code.GAP, f"Less than {rules.gap_minutes} minutes since the last edition."
            )
        return None

    def ready(self, candidate: Candidate) -> Candidate | Stays:
        """The candidate as it may go out (or be refused) now by its own rights and its card's pace."""
        if isinstance(candidate.decision, Refuse):
            return candidate
        if held := self._held(candidate):
            return Stays(candidate, held)
        if expired := self._expired(candidate):
            return replace(candidate, decision=expired)
        hold = capped(
            candidate.monthly_cap, self.tally.outlet_month[candidate.outlet], self.tally.at
        ) or self._paced(candidate)
        return Stays(candidate, hold) if hold else candidate

    def _held(self, candidate: Candidate) -> Hold | Review | None:
        if isinstance(candidate.decision, Hold):
            return candidate.decision
        if hold := embargo(candidate.published, self.at) or self._alone(candidate):
            return hold
        return candidate.decision if isinstance(candidate.decision, Review) else None

    def full(self, count: int) -> Hold | None:
        """Why no more go out behind ``count`` of this edition."""
        most = self.rules.max_per_day
        if most is not None and self.tally.today >= most:
            return self._until(self._tomorrow(), Code.DAY_FULL, f"The {most} articles of this day are out.")
        if count >= self.room:
            words = f"The edition is full with {self.room} articles; it waits for the next."
            return Hold(None, Because(Code.FULL, words))
        return None

    def _alone(self, candidate: Candidate) -> Hold | None:
        minutes = candidate.pace.embargo_minutes
        until = candidate.since + timedelta(minutes=minutes)
        if minutes == 0 or until <= self.at:
            return None
        return Hold(until, Because(Code.CARD_EMBARGO, f"The original stands alone for {minutes} minutes."))

    def _expired(self, candidate: Candidate) -> Refuse | None:
        hours = self.rules.expire_hours
        # What a person has just released is not too old.
        if hours is None or candidate.is_approved:
            return None
        if self.tally.at - candidate.since <= timedelta(hours=hours):
            return None
        words = f"It was published more than {hours:g} hours ago, and is no news any more."
        return Refuse(Because(Code.EXPIRED, words, RightsMode.NEVER))

    def _paced(self, candidate: Candidate) -> Hold | None:
        """Why an outlet's article waits for its turn by the outlet's card."""
        pace, tally, slug = candidate.pace, self.tally, candidate.outlet
        if until := wallclock.end_of_hours(pace.quiet_hours, self.rules.timezone, tally.at):
            words = f"Quiet hours of its outlet, until {self._clock(until)}."
            return self._until(until, Code.CARD_QUIET, words)
        if pace.daily_cap is not None and tally.outlet_today[slug] >= pace.daily_cap:
            words = f"The outlet's {pace.daily_cap} articles of this day are out."
            return self._until(self._tomorrow(), Code.CARD_DAY, words)
        moments = tally.outlet_near.get(slug, ())
        if until := ledger.end_of_pause(moments, tally.at, pace.drip_minutes):
            words = f"The outlet's articles go out {pace.drip_minutes} minutes apart."
            return self._until(until, Code.CARD_DRIP, words)
        if pace.drip is not None and tally.outlet_now[slug] >= pace.drip:
            return Hold(None, Because(Code.CARD_DRIP, f"The outlet has its {pace.drip} of this edition."))
        return None

    def _until(self, until: datetime, code: Code, words: str) -> Hold:
        return Hold(slots.not_before(self.rules, until), Because(code, words))

    def _tomorrow(self) -> datetime:
        return wallclock.day_of(self.rules.timezone, self.tally.at)[1]

    def _clock(self, moment: datetime) -> str:
        return f"{wallclock.shown(moment, self.rules.timezone):%H:%M}"
