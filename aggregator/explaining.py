"""Explaining: how much of one article may go out, with everything that the decision stands on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from aggregator import withdrawing
from aggregator.config import Settings
from aggregator.errors import UnknownArticleError
from aggregator.model.decision import Because, Circumstances, Code, Decision, Hold
from aggregator.model.edition import Publication, StoredArticle
from aggregator.model.licence_page import LicencePage
from aggregator.model.outlet import Outlet
from aggregator.publish.rights import decide
from aggregator.store import articles, decisions, editions, licence_pages
from aggregator.store.circumstances import Surroundings
from aggregator.store.decisions import Decided
from aggregator.store.engine import Database
from aggregator.store.queue import NO_CARD


@dataclass(frozen=True, slots=True)
class Explained:
    """What is decided about an article today, by what, and what was decided before.

    ``outlet`` is None if its card is gone; ``publication`` and ``decided`` are what the store holds.
    """

    stored: StoredArticle
    outlet: Outlet | None
    around: Circumstances
    licence_page: LicencePage | None
    decision: Decision
    publication: Publication | None
    decided: Decided | None


def explain(
    db: Database, cards: Mapping[str, Outlet], settings: Settings, url_or_id: str, now: datetime
) -> Explained:
    """The decision about an article as it falls at ``now``; nothing is written.

    Raises:
        UnknownArticleError: nothing in the store has this id or URL.
    """
    stored = articles.get(db, withdrawing.article_of(db, settings, url_or_id))
    if stored is None:
        raise UnknownArticleError(f"{url_or_id}: its article is gone from the store")
    return explain_stored(db, cards, settings, stored, now)


def explain_stored(
    db: Database, cards: Mapping[str, Outlet], settings: Settings, stored: StoredArticle, now: datetime
) -> Explained:
    """The same of an article that is at hand; of a copy its own decision, not its original's."""
    outlet = cards.get(stored.article.outlet)
    # Counting a month's publications is worth it only where a card bounds them.
    is_capped = any(card.rights.monthly_cap is not None for card in cards.values())
    around = Surroundings.read(
        db, cards, now, is_commercial=settings.site.commercial, counts_months=is_capped
    )
    around.take(db, [stored])
    publication = editions.by_article(db, stored.id)
    circumstances = Circumstances()
    decision: Decision = Hold(None, Because(Code.CARD_GONE, NO_CARD))
    if outlet is not None:
        circumstances = around.of(stored, outlet, is_out=publication is not None)
        decision = decide(stored, outlet.rights, now, circumstances)
    return Explained(
        stored,
        outlet,
        circumstances,
        licence_pages.of(db, [stored.article.outlet]).get(stored.article.outlet),
        decision,
        publication,
        decisions.of(db, [stored.id]).get(stored.id),
    )
