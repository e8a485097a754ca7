"""The desk: an edition in the making, and what came of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from aggregator.model.decision import Because, Code, Decision, Hold, Publish, Refuse, Review
from aggregator.model.edition import Edition, NewPublication, PublicationState, StoredArticle
from aggregator.model.outlet import Outlet
from aggregator.publish.candidate import Candidate
from aggregator.publish.render import render
from aggregator.publish.rights import decide
from aggregator.store import articles, decisions
from aggregator.store.circumstances import Surroundings
from aggregator.store.decisions import Decided, Standing
from aggregator.store.engine import Database
from aggregator.store.queue import NO_CARD

IN_TURN = frozenset({Standing.QUEUED, Standing.SCHEDULED})
"""What may go out, and waits for its turn."""


@dataclass(frozen=True, slots=True)
class PublishReport:
    """What one edition did; ``edition`` is its id, or None if there was nothing to write.

    ``published`` and ``updated`` count what readers can now see, ``refused`` what they never will,
    ``held`` what its rights keep back until a moment or a change, ``in_review`` what waits for a person,
    ``queued`` what may go out and whose turn has not come. ``reasons`` counts the sentences of all decisions.
    ``more`` tells that the edition was full and others wait.
    """

    edition: int | None
    published: int
    updated: int
    refused: int
    held: int
    reasons: Mapping[str, int] = field(default_factory=dict)
    more: bool = False
    in_review: int = 0
    queued: int = 0


@dataclass(slots=True)
class Desk:
    """The edition in the making."""

    db: Database
    cards: Mapping[str, Outlet]
    now: datetime
    around: Surroundings
    publications: list[NewPublication] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    standings: Counter[Standing] = field(default_factory=Counter)
    waiting: list[Decided] = field(default_factory=list)
    more: bool = False
    left: int = 0

    def publish(self, going: Sequence[Candidate], texts: Mapping[int, StoredArticle]) -> None:
        """Make publications of what goes out."""
        for one in going:
            if isinstance(one.decision, Publish | Refuse):
                self._publish(one.decision, texts[one.id], one.copy_of)

    def revise(self, most: int) -> None:
        """Take up to ``most`` new revisions of what is out, oldest first.

        They are bound to no slot, hour or cap: readers should not go on reading what its outlet has
        corrected. Those that are held stay in the queue, so the look goes on behind them.
        """
        last = 0
        while (room := most - len(self.publications)) > 0:
            waiting = articles.revised(self.db, room, after=last)
            self.around.take(self.db, waiting)
            for stored in waiting:
                self._revise(stored)
            if len(waiting) < room:
                return
            last = waiting[-1].id
        self.more = True

    def _revise(self, stored: StoredArticle) -> None:
        outlet = self.cards.get(stored.article.outlet)
        decision: Decision = Hold(None, Because(Code.CARD_GONE, NO_CARD))
        if outlet is not None:
            around = self.around.of(stored, outlet, is_out=True)
            decision = decide(stored, outlet.rights, self.now, around)
        match decision:
            case Hold() | Review():
                self.stay(stored.id, stored.revision, decision, self.around.decided)
            case Publish() | Refuse():
                self._publish(decision, stored)

    def _publish(self, decision: Publish | Refuse, stored: StoredArticle, copy_of: int | None = None) -> None:
        publication = render(decision, stored, self.cards[stored.article.outlet])
        publication = replace(publication, copy_of=copy_of)
        self.reasons.update(reason.words for reason in publication.reasons)
        self.publications.append(publication)

    def stay(self, number: int, revision: int, decision: Hold | Review, known: Mapping[int, Decided]) -> None:
        """Count an article that stays, and have it noted if that is news."""
        decided = decisions.standing_of(number, revision, decision, self.now)
        self.standings[decided.standing] += 1
        self.reasons[decision.reason.words] += 1
        before = known.get(number)
        if before is None or replace(decided, decided_at=before.decided_at) != before:
            self.waiting.append(decided)

    def count(self, state: PublicationState) -> int:
        """How many of the edition's publications stand in this state."""
        return sum(publication.state is state for publication in self.publications)

    def leave(self, rest: Hold, count: int) -> None:
        """Count those that nobody looked at any more, and why."""
        if count:
            self.left += count
            self.reasons[rest.reason.words] += count

    def report(self, written: Edition | None, fresh: int) -> PublishReport:
        """What came of it; ``fresh`` of the publications were never out before."""
        return PublishReport(
            edition=written.id if written else None,
            published=fresh,
            updated=self.count(PublicationState.PUBLISHED) - fresh,
            refused=self.count(PublicationState.REFUSED),
            held=self.standings[Standing.HELD],
            reasons=dict(self.reasons),
            more=self.more,
            in_review=self.standings[Standing.IN_REVIEW],
            queued=sum(self.standings[one] for one in IN_TURN) + self.left,
        )
