"""Publishing: what waits in the store is decided, and goes out as one edition."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from aggregator.config import Settings
from aggregator.model.decision import Because, Code, Decision, Hold, Publish, Refuse, Review
from aggregator.model.edition import NewPublication, PublicationState, StoredArticle
from aggregator.model.outlet import Outlet
from aggregator.publish.render import render
from aggregator.publish.rights import decide
from aggregator.store import articles, decisions, editions, outbox, search
from aggregator.store.circumstances import Surroundings
from aggregator.store.decisions import Decided
from aggregator.store.engine import Database

NO_CARD = "The outlet has no card any more, so its rights are unknown."


@dataclass(frozen=True, slots=True)
class PublishReport:
    """What one edition did; ``edition`` is its id, or None if there was nothing to write.

    ``published`` and ``updated`` count what readers can now see, ``refused`` what they never will,
    ``held`` what waits for a moment or a card, ``in_review`` what waits for a person. ``reasons`` counts the
    sentences of all decisions. ``more`` tells that the edition was full and others wait.
    """

    edition: int | None
    published: int
    updated: int
    refused: int
    held: int
    reasons: Mapping[str, int] = field(default_factory=dict)
    more: bool = False
    in_review: int = 0


@dataclass(slots=True)
class _Desk:
    """The edition in the making; ``is_out``: it takes new revisions of what is out."""

    cards: Mapping[str, Outlet]
    now: datetime
    around: Surroundings
    publications: list[NewPublication] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    held: int = 0
    in_review: int = 0
    waiting: list[Decided] = field(default_factory=list)
    is_out: bool = False

    def take(self, stored: StoredArticle) -> None:
        """Decide about one article and remember what comes of it."""
        outlet = self.cards.get(stored.article.outlet)
        decision: Decision = Hold(None, Because(Code.CARD_GONE, NO_CARD))
        if outlet is not None:
            decision = decide(
                stored, outlet.rights, self.now, self.around.of(stored, outlet, is_out=self.is_out)
            )
        match decision:
            case Hold(_, reason) | Review(reason, _):
                self.held += isinstance(decision, Hold)
                self.in_review += isinstance(decision, Review)
                self.reasons[reason.words] += 1
                self._wait(stored, decision)
            case Publish() | Refuse() if outlet is not None:
                publication = render(decision, stored, outlet)
                self.reasons.update(reason.words for reason in publication.reasons)
                self.publications.append(publication)
                if isinstance(decision, Publish) and not self.is_out:
                    self.around.went_out(outlet, decision)

    def _wait(self, stored: StoredArticle, decision: Hold | Review) -> None:
        decided = decisions.standing_of(stored.id, stored.revision, decision, self.now)
        known = self.around.decided.get(stored.id)
        if known is None or replace(decided, decided_at=known.decided_at) != known:
            self.waiting.append(decided)

    def count(self, state: PublicationState) -> int:
        """How many of the edition's publications stand in this state."""
        return sum(publication.state is state for publication in self.publications)


def publish(db: Database, cards: Mapping[str, Outlet], settings: Settings, now: datetime) -> PublishReport:
    """Close one edition of at most ``settings.publish.max_articles``, in one transaction.

    New articles come first, oldest first, then new revisions of what is out. Nothing doubles when this
    runs twice or is killed at any point: the store keeps one publication for each article, and the search
    index catches up from what it has not yet seen.
    """
    # Whoever is told of editions is told of this one, even if nothing has been delivered yet.
    outbox.register(db, [*settings.webhooks, *settings.websub.hubs])
    size = settings.publish.max_articles
    desk = _Desk(cards, now, Surroundings.read(db, cards, now, is_commercial=settings.site.commercial))
    more = _fill(db, desk, size, partial(articles.unpublished, db))
    fresh = desk.count(PublicationState.PUBLISHED)
    desk.is_out = True
    more = _fill(db, desk, size, partial(articles.revised, db)) or more
    decisions.keep(db, desk.waiting)
    edition = editions.publish(db, desk.publications, now) if desk.publications else None
    while search.index_pending(db):
        pass
    return PublishReport(
        edition=edition.id if edition else None,
        published=fresh,
        updated=desk.count(PublicationState.PUBLISHED) - fresh,
        refused=desk.count(PublicationState.REFUSED),
        held=desk.held,
        reasons=dict(desk.reasons),
        more=more,
        in_review=desk.in_review,
    )


def publish_all(
    db: Database, cards: Mapping[str, Outlet], settings: Settings, now: datetime
) -> Iterator[PublishReport]:
    """Close editions until nothing waits; at least one report comes."""
    while True:
        report = publish(db, cards, settings, now)
        yield report
        if not (report.more and report.edition is not None):
            return


def _fill(db: Database, desk: _Desk, size: int, queue: Callable[..., list[StoredArticle]]) -> bool:
    """Take articles from a queue until the edition is full; true if others may wait behind it.

    Held articles stay in the queue, so the look goes on behind them.
    """
    last = 0
    while (room := size - len(desk.publications)) > 0:
        waiting = queue(room, after=last)
        desk.around.take(db, waiting)
        for stored in waiting:
            desk.take(stored)
        if len(waiting) < room:
            return False
        last = waiting[-1].id
    return True
