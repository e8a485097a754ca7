"""Publishing: what waits in the store is decided, and goes out as one edition."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from aggregator import outlets
from aggregator.config import Settings
from aggregator.errors import UnknownArticleError
from aggregator.model.edition import (
    Decision,
    Hold,
    NewPublication,
    PublicationState,
    Publish,
    Refuse,
    StoredArticle,
)
from aggregator.model.outlet import Outlet
from aggregator.publish.render import render
from aggregator.publish.rights import decide
from aggregator.store import articles, editions, search
from aggregator.store.engine import Database

_LONGEST_NUMBER = 18  # digits of what the databases take for a number
_NO_CARD = "The outlet has no card any more, so its rights are unknown."


@dataclass(frozen=True, slots=True)
class PublishReport:
    """What one edition did; ``edition`` is its id, or None if there was nothing to write.

    ``published`` and ``updated`` count what readers can now see, ``refused`` what they never will,
    ``held`` what still waits. ``reasons`` counts the sentences of all decisions. ``more`` tells that the
    edition was full and others wait.
    """

    edition: int | None
    published: int
    updated: int
    refused: int
    held: int
    reasons: Mapping[str, int] = field(default_factory=dict)
    more: bool = False


@dataclass(slots=True)
class _Desk:
    """The edition in the making."""

    cards: Mapping[str, Outlet]
    now: datetime
    publications: list[NewPublication] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    held: int = 0

    def take(self, stored: StoredArticle) -> None:
        """Decide about one article and remember what comes of it."""
        outlet = self.cards.get(stored.article.outlet)
        decision: Decision = Hold(self.now, _NO_CARD)
        if outlet is not None:
            decision = decide(stored, outlet.rights, self.now)
        match decision:
            case Hold(_, reason):
                self.held += 1
                self.reasons[reason] += 1
            case Publish() | Refuse() if outlet is not None:
                publication = render(decision, stored, outlet)
                self.reasons.update(publication.reasons)
                self.publications.append(publication)

    def count(self, state: PublicationState) -> int:
        """How many of the edition's publications stand in this state."""
        return sum(publication.state is state for publication in self.publications)


def publish(db: Database, cards: Mapping[str, Outlet], settings: Settings, now: datetime) -> PublishReport:
    """Close one edition of at most ``settings.publish.max_articles``, in one transaction.

    New articles come first, oldest first, then new revisions of what is out. Nothing doubles when this
    runs twice or is killed at any point: the store keeps one publication for each article, and the search
    index catches up from what it has not yet seen.
    """
    size = settings.publish.max_articles
    desk = _Desk(cards, now)
    more = _fill(desk, size, partial(articles.unpublished, db))
    fresh = desk.count(PublicationState.PUBLISHED)
    more = _fill(desk, size, partial(articles.revised, db)) or more
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


def _fill(desk: _Desk, size: int, queue: Callable[..., list[StoredArticle]]) -> bool:
    """Take articles from a queue until the edition is full; true if others may wait behind it.

    Held articles stay in the queue, so the look goes on behind them.
    """
    last = 0
    while (room := size - len(desk.publications)) > 0:
        waiting = queue(room, after=last)
        for stored in waiting:
            desk.take(stored)
        if len(waiting) < room:
            return False
        last = waiting[-1].id
    return True


def withdraw(db: Database, settings: Settings, url_or_id: str, reason: str, now: datetime) -> int:
    """Take an article down: its page answers 410 and it never comes back; the publication's id.

    ``url_or_id`` is a publication's id, its address on our site, or the article's own URL. An article that
    is stored and not yet out is withdrawn before it goes out; of a copy, the publication of the text it
    copies is withdrawn.

    Raises:
        UnknownArticleError: nothing in the store has this id or URL.
    """
    publication_id = _publication_of(db, settings, url_or_id)
    if publication_id is None:
        publication_id = _publish_for_withdrawal(db, settings, _stored(db, url_or_id), now)
    editions.withdraw(db, publication_id, reason, now)
    while search.index_pending(db):
        pass
    return publication_id


def restore(db: Database, settings: Settings, url_or_id: str) -> int:
    """Undo a takedown; the publication's id. What the rights refuse is refused then, and no more.

    Raises:
        UnknownArticleError: nothing that was published or withdrawn has this id or URL.
    """
    publication_id = _publication_of(db, settings, url_or_id)
    if publication_id is None:
        raise UnknownArticleError(f"{url_or_id}: this article was never taken down; nothing to undo")
    publication = editions.publication(db, publication_id)
    if publication is None or publication.state is PublicationState.REFUSED:
        raise UnknownArticleError(f"{url_or_id}: the card's rights refused this article; nothing to undo")
    editions.restore(db, publication_id)
    while search.index_pending(db):
        pass
    return publication_id


def _publish_for_withdrawal(db: Database, settings: Settings, stored: StoredArticle, now: datetime) -> int:
    """Give an article that is not out yet a withdrawn publication, so that no edition takes it again."""
    slug = stored.article.outlet
    folder = settings.path(settings.outlets)
    # A takedown must not wait until somebody has corrected another outlet's card.
    cards = outlets.load_good(folder)[0] if folder.is_dir() else {}
    outlet = cards.get(slug) or Outlet(
        slug, stored.article.site_name or slug, stored.article.source_link, "und", "", seeds=()
    )
    decision = decide(stored, outlet.rights, now)
    if isinstance(decision, Hold):
        decision = decide(stored, outlet.rights, decision.until)
    if isinstance(decision, Hold):
        decision = Refuse(decision.reason)
    publication = replace(render(decision, stored, outlet), state=PublicationState.WITHDRAWN)
    editions.publish(db, [publication], now)
    written = editions.by_article(db, stored.id)
    if written is None:
        raise UnknownArticleError(
            f"{stored.article.url}: it became the copy of another article just now; try again"
        )
    return written.id


def _publication_of(db: Database, settings: Settings, url_or_id: str) -> int | None:
    """The id of the publication that an id or URL means; None for a stored article that is not out."""
    number = url_or_id
    site = settings.site.base_url.rstrip("/") + "/article/"
    if url_or_id.startswith(site):
        number = re.split("[/?#]", url_or_id.removeprefix(site))[0]
    if number.isdecimal():
        if len(number) > _LONGEST_NUMBER or editions.publication(db, int(number)) is None:
            raise UnknownArticleError(
                f"{url_or_id}: no publication has this id; give the id or the address of its page"
            )
        return int(number)
    publication = editions.by_article(db, _stored(db, url_or_id).id)
    return publication.id if publication else None


def _stored(db: Database, url: str) -> StoredArticle:
    stored = articles.find(db, url)
    if stored is not None and stored.copy_of is not None:
        stored = articles.get(db, stored.copy_of) or stored
    if stored is None:
        raise UnknownArticleError(f"{url}: no article with this URL is stored; give its URL or its id here")
    return stored
