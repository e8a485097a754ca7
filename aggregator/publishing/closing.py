"""Closing an edition: what waits in the store is decided, and goes out together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto
from typing import TYPE_CHECKING

from aggregator.config import Settings
from aggregator.model.decision import Code, Hold, Review
from aggregator.model.edition import Edition, PublicationState
from aggregator.model.outlet import Outlet
from aggregator.publish import slots
from aggregator.publish.candidate import Candidate
from aggregator.publish.edition import Plan, plan
from aggregator.publish.rights import embargo
from aggregator.publishing.desk import IN_TURN, Desk, PublishReport
from aggregator.store import decisions, editions, ledger, outbox, search, slot
from aggregator.store.circumstances import Surroundings
from aggregator.store.engine import Database
from aggregator.store.queue import Queue
from aggregator.store.statements import be_only_writer

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class Wanted(Enum):
    """What an edition is closed for."""

    ALL = auto()
    SLOT = auto()
    UPDATES = auto()


_NOTHING = PublishReport(None, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class _Publisher:
    """Closes editions at one moment; ``is_forced`` as in ``edition.plan``."""

    db: Database
    cards: Mapping[str, Outlet]
    settings: Settings
    now: datetime
    is_forced: bool = False

    def close(self, wanted: Wanted = Wanted.ALL) -> "_Closed | None":
        """One edition; None if it was wanted for a slot, and that is closed by now.

        It is drafted beside the store's writers, then drawn up anew as the only one of them: of what the
        draft read, by what is out by then. So several publishers keep the rules together, and one that is
        killed leaves all of an edition or nothing.
        """
        # Whoever is told of editions is told of this one, even if nothing has been delivered yet.
        outbox.register(self.db, [*self.settings.webhooks, *self.settings.websub.hubs])
        is_commercial = self.settings.site.commercial
        around = Surroundings.read(
            self.db, self.cards, self.now, is_commercial=is_commercial, counts_months=False
        )
        desk = Desk(self.db, self.cards, self.now, around)
        queue = Queue.read(self.db, self.cards, around)
        draft = None if wanted is Wanted.UPDATES else self._draft(queue)
        desk.revise(self.settings.publish.max_articles - (len(draft.goes_out) if draft else 0))
        written = self._write(desk, queue, wanted)
        while search.index_pending(self.db):
            pass
        if written is None:
            return None
        rest = draft.rest if draft else None
        desk.more |= rest is not None and rest.reason.code is Code.FULL
        if rest is not None:
            desk.leave(rest, len(queue) - len(queue.seen))
        return _Closed(desk.report(*written), queue, rest)

    def _draft(self, queue: Queue) -> Plan:
        with self.db.reading() as session:
            sent = ledger.read(session, self.cards, self.settings.publish, self.now)
        return plan(queue.candidates(), self.settings.publish, sent, self.now, is_forced=self.is_forced)

    def _write(self, desk: Desk, queue: Queue, wanted: Wanted) -> tuple[Edition | None, int] | None:
        """Write the edition and all that goes with it, in one transaction; how many were never out before."""
        rules, revised = self.settings.publish, list(desk.publications)
        with self.db.session() as session:
            be_only_writer(session)
            if wanted is Wanted.SLOT and not self._take_slot(session):
                return None
            sent = ledger.read(session, self.cards, rules, self.now)
            final = plan(
                queue.still_waiting(session) if queue.seen else (),
                rules,
                sent,
                self.now,
                room=rules.max_articles - len(revised),
                is_forced=self.is_forced,
                is_thorough=True,
            )
            desk.publications.clear()
            desk.publish(final.goes_out, queue.texts)
            fresh = desk.count(PublicationState.PUBLISHED)
            desk.publications += revised
            for one in final.stays:
                desk.stay(one.candidate.id, one.candidate.revision, one.decision, queue.known)
            decisions.write(session, desk.waiting)
            return editions.write(session, desk.publications, self.now), fresh

    def _take_slot(self, session: "Session") -> bool:
        """Whether a slot is due that nobody has closed; it is then."""
        last = slot.read(session)
        counted = slots.remembered(last, self.now)
        is_due = slots.is_due(self.settings.publish, counted, self.now)
        if is_due or counted != last:
            slot.close(session, self.now if is_due else counted)
        return is_due

    def note(self, closed: "_Closed") -> None:
        """Note about those behind a full or closed edition where they stand; new ones are decided about.

        Who waits for a person must be on the list of review, however long the queue is.
        """
        unseen = closed.queue.unseen()
        if closed.rest is None or not unseen:
            return
        known = decisions.of(self.db, unseen)
        new = {number for number in unseen if number not in known or known[number].revision != unseen[number]}
        noted = [
            decisions.standing_of(one.id, one.revision, self._why(one, closed.rest), self.now)
            for one in closed.queue.of(new)
        ]
        for number, before in known.items():
            if number in new or before.standing not in IN_TURN:
                continue
            decided = decisions.standing_of(number, unseen[number], closed.rest, self.now)
            if replace(decided, decided_at=before.decided_at) != before:
                noted.append(decided)
        decisions.keep(self.db, noted)

    def _why(self, candidate: Candidate, rest: Hold) -> Hold | Review:
        decision = candidate.decision
        if isinstance(decision, Hold | Review):
            return embargo(candidate.published, self.now) or decision
        return embargo(candidate.published, self.now) or rest


@dataclass(frozen=True, slots=True)
class _Closed:
    """A closed edition, and why those behind it stay, if any do."""

    report: PublishReport
    queue: Queue
    rest: Hold | None


def publish(
    db: Database,
    cards: Mapping[str, Outlet],
    settings: Settings,
    now: datetime,
    *,
    is_forced: bool = False,
) -> PublishReport:
    """Close one edition of at most ``settings.publish.max_articles``, in one transaction.

    New articles come first, in the order of the queue and as far as the rules of ``[publish]`` and of the
    cards let them, then new revisions of what is out. Nothing doubles when this runs twice or is killed at
    any point: the store keeps one publication for each article, and the search index catches up from what it
    has not yet seen. ``is_forced`` leaves out quiet hours and the pause between editions.
    """
    return _close(_Publisher(db, cards, settings, now, is_forced), Wanted.ALL) or _NOTHING


def publish_slot(
    db: Database, cards: Mapping[str, Outlet], settings: Settings, now: datetime
) -> PublishReport | None:
    """Close the edition of the slot that is due; None if none is. Slots that were missed are one.

    That a slot was closed is written with its edition, so a kill cannot lose it or have it come twice.
    """
    last = slot.last(db)
    is_known = last is not None and slots.remembered(last, now) == last
    if last is not None and is_known and not slots.is_due(settings.publish, last, now):
        return None
    return _close(_Publisher(db, cards, settings, now), Wanted.SLOT)


def publish_updates(
    db: Database, cards: Mapping[str, Outlet], settings: Settings, now: datetime
) -> PublishReport:
    """Bring out new revisions of what is out, and nothing new."""
    return _close(_Publisher(db, cards, settings, now), Wanted.UPDATES) or _NOTHING


def publish_all(
    db: Database,
    cards: Mapping[str, Outlet],
    settings: Settings,
    now: datetime,
    *,
    is_forced: bool = False,
) -> Iterator[PublishReport]:
    """Close editions until nothing waits, or the rules let no more out; at least one report comes."""
    publisher = _Publisher(db, cards, settings, now, is_forced)
    while (closed := publisher.close()) is not None:
        yield closed.report
        if not (closed.report.more and closed.report.edition is not None):
            publisher.note(closed)
            return


def _close(publisher: _Publisher, wanted: Wanted) -> PublishReport | None:
    closed = publisher.close(wanted)
    if closed is None:
        return None
    publisher.note(closed)
    return closed.report
