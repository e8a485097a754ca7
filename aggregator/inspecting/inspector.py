"""The inspector: what each publication owes by today's cards, whatever any page says of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from aggregator.checking.owed import Owed, Register
from aggregator.config import Settings
from aggregator.model.article import Article, plain_text
from aggregator.model.decision import Circumstances, Publish, Review
from aggregator.model.edition import Publication, PublicationState, StoredArticle
from aggregator.model.outlet import Outlet, Rights, RightsMode
from aggregator.publish import follow
from aggregator.publish.render import blocks_in_mode
from aggregator.publish.rights import decide
from aggregator.site import prose, syndication
from aggregator.site.card import headline
from aggregator.site.links import Links, outward
from aggregator.store import articles, editions, shown
from aggregator.store.circumstances import Surroundings
from aggregator.store.engine import Database


@dataclass(slots=True)
class Inspector:
    """Looks publications up, each once, and asks the rights gate about them as of ``now``."""

    db: Database
    cards: Mapping[str, Outlet]
    links: Links
    now: datetime
    settings: Settings
    _known: dict[int, Owed | None] = field(default_factory=dict)
    _around: Surroundings | None = None

    def register(self) -> Register:
        """The register that the checks look publications up in."""
        return Register(self.links.base_url, self.owed)

    def owed(self, number: int) -> Owed | None:
        """What the publication of this number owes; None if there is none."""
        if number not in self._known:
            found = editions.publication(self.db, number)
            self._known[number] = None if found is None else self._owed(found)
        return self._known[number]

    def _owed(self, publication: Publication) -> Owed:
        stored = articles.get(self.db, publication.article_id)
        mode, allowed, refusal, article = RightsMode.NEVER, "", "", None
        if stored is not None:
            article = shown.in_revision(self.db, stored.article, publication.id)
            mode, allowed, refusal = self._allowed(publication, stored, article)
        is_out = publication.state is PublicationState.PUBLISHED and publication.mode is not RightsMode.NEVER
        return Owed(
            id=publication.id,
            address=self.links.absolute(self.links.article(publication)),
            permanent=self.links.absolute(self.links.permanent(publication.id)),
            is_out=is_out,
            is_withdrawn=publication.state is PublicationState.WITHDRAWN,
            mode=mode,
            headline=headline(publication),
            outlet=prose.line(publication.outlet_name),
            authors=tuple(filter(None, map(prose.line, publication.byline))),
            source=outward(publication.source_link),
            licence=prose.line(publication.licence or ""),
            licence_url=outward(publication.licence_url or ""),
            credit=prose.line(publication.credit),
            canonical=syndication.canonical(publication, self.links),
            may_index=syndication.may_index(publication),
            is_reserved=not publication.is_minable,
            has_pictures=publication.has_images,
            credit_position=publication.credit_position,
            allowed=allowed if is_out else "",
            withheld=_withheld(article, allowed if is_out else ""),
            refusal=refusal,
        )

    def _allowed(
        self, publication: Publication, stored: StoredArticle, article: Article
    ) -> tuple[RightsMode, str, str]:
        """What the gate lets readers have now: the mode, the text, and why nothing (empty if something)."""
        card = self.cards.get(publication.outlet)
        # Without a card nobody grants more than what went out under the last one.
        rights = card.rights if card is not None else Rights(publication.mode)
        as_out = replace(stored, article=follow.as_out(stored.article, publication, rights))
        match decide(as_out, rights, self.now, self._circumstances(stored, card)):
            # What is out of an outlet by hand, a person has released; its next revision may wait.
            case Publish() as granted:
                pass
            case Review(_, granted):
                pass
            case decision:
                return RightsMode.NEVER, "", decision.reason.words
        return granted.mode, plain_text(blocks_in_mode(article, granted)), ""

    def _circumstances(self, stored: StoredArticle, card: Outlet | None) -> Circumstances:
        if card is None:
            return Circumstances(is_commercial=self.settings.site.commercial)
        if self._around is None:
            is_commercial = self.settings.site.commercial
            self._around = Surroundings.read(self.db, self.cards, self.now, is_commercial=is_commercial)
        self._around.take(self.db, [stored])
        return self._around.of(stored, card, is_out=True)


def _withheld(article: Article | None, allowed: str) -> str:
    """What we hold of the text and may not show; nothing if all of it may be shown."""
    return "" if article is None or article.body == allowed else article.body
