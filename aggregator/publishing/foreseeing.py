"""Foreseeing: the editions of the coming days as they will be if nothing else happens; nothing is written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from aggregator.config import PublishSettings, Settings
from aggregator.model.decision import Because, Code, Hold
from aggregator.model.outlet import Outlet
from aggregator.publish import slots
from aggregator.publish.candidate import Candidate
from aggregator.publish.edition import Plan, Stays, next_change, plan
from aggregator.publish.ledger import Sent
from aggregator.store import ledger, slot
from aggregator.store.circumstances import Surroundings
from aggregator.store.engine import Database
from aggregator.store.queue import Named, Queue


@dataclass(frozen=True, slots=True)
class Coming:
    """An edition to come: what it publishes, and what it refuses."""

    at: datetime
    goes_out: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The editions up to a moment, and what stays behind them with the reason; ``named`` tells who is who."""

    editions: tuple[Coming, ...]
    stays: tuple[Stays, ...]
    named: Mapping[int, Named]


def foresee(
    db: Database, cards: Mapping[str, Outlet], settings: Settings, now: datetime, until: datetime
) -> Foreseen:
    """The editions from ``now`` to ``until``, by the same plan that closes them.

    It is as true as the cards and the store stay the same: nothing new comes, nobody releases anything.
    """
    rules = settings.publish
    is_commercial = settings.site.commercial
    around = Surroundings.read(db, cards, now, is_commercial=is_commercial, counts_months=False)
    queue = Queue.read(db, cards, around, keeps_texts=False)
    waiting = list(queue.candidates())
    with db.reading() as session:
        sent = ledger.read(session, cards, rules, now)
        last = slot.read(session)
    forecast = _Forecast(rules, waiting, sent, _first(rules, last, now))
    editions = tuple(forecast.editions(until))
    return Foreseen(editions, tuple(forecast.stays()), queue.named)


def _first(rules: PublishSettings, last: datetime | None, now: datetime) -> datetime:
    """When the next edition closes: at once if slots were missed, or if editions follow no slots."""
    if not rules.slots:
        return now
    return max(now, slots.following(rules, slots.remembered(last, now)))


@dataclass(slots=True)
class _Forecast:
    """What waits and what is out, as editions go by: the ``next``, and what was drawn up for the ``last``."""

    rules: PublishSettings
    waiting: list[Candidate]
    sent: list[Sent]
    next: datetime
    last: Plan | None = None

    def editions(self, until: datetime) -> Iterator[Coming]:
        """The editions that bring or refuse something."""
        while self.waiting and self.next <= until:
            drawn = plan(self.waiting, self.rules, self.sent, self.next, is_thorough=True)
            self.last = drawn
            if drawn.goes_out:
                yield Coming(self.next, drawn.goes_out)
                self.sent += drawn.sent(self.next)
                gone = {one.id for one in drawn.goes_out}
                self.waiting = [one for one in self.waiting if one.id not in gone]
            following = self._after(drawn, self.next)
            if following is None:
                return
            self.next = following

    def _after(self, drawn: Plan, at: datetime) -> datetime | None:
        if drawn.goes_out:
            # Without slots, editions follow one another until nothing waits.
            is_full = drawn.rest is not None and drawn.rest.reason.code is Code.FULL
            return at if is_full and not self.rules.slots else slots.following(self.rules, at)
        if any(isinstance(one.decision, Hold) and _is_for_the_next(one.decision) for one in drawn.stays):
            return slots.following(self.rules, at)
        change = next_change(drawn, self.rules, at)
        return None if change is None else slots.stepping(self.rules, at, change)

    def stays(self) -> Iterator[Stays]:
        """Why each of the others stays: as the last edition had it, or for its slot if there was none."""
        if self.last is not None:
            yield from self.last.stays
            return
        drawn = plan(self.waiting, self.rules, self.sent, self.next, is_thorough=True)
        because = Because(Code.SLOT, "It goes out with the next edition.")
        for one in drawn.goes_out:
            yield Stays(one, Hold(self.next, because))
        yield from drawn.stays


def _is_for_the_next(hold: Hold) -> bool:
    return hold.until is None and hold.reason.code in {Code.FULL, Code.CARD_DRIP}
