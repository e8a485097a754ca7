"""A card: one publication as lists show it (front page, outlet, search)."""

from dataclasses import dataclass
from zlib import crc32

from aggregator.model.edition import Publication
from aggregator.model.outlet import RightsMode
from aggregator.site import dates, language, prose, wording
from aggregator.site.figure import Figure, figure
from aggregator.site.links import Links, outward
from aggregator.urls import is_same_site, site

TINTS = 8  # colours of the style sheet that tell outlets apart; by slug, so that each keeps its own
TEASER_COLUMNS = 240
LEAD_COLUMNS = 860


@dataclass(frozen=True, slots=True)
class StoryLine:
    """The story of a card: the page of all of it, how much that is, and some of the other reports."""

    href: str
    reports: int
    outlets: int
    others: tuple["Mention", ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """Another report of a story, in a line: cleaned words and addresses as a card has them."""

    href: str
    is_outward: bool
    headline: str
    outlet: str
    outlet_href: str
    lang: str
    direction: str


@dataclass(frozen=True, slots=True)
class Card:
    """What a list shows of a publication; all text is cleaned, all addresses may stand in links.

    ``href`` is where the headline leads: our page, or straight to the source if all we have is a link
    (``is_outward``). ``source`` is None if the source's address is no web address;
    ``source_name`` is where it leads. ``picture`` is the first that
    we may show. ``story`` is None if nobody else tells it, or the list does not say.
    """

    href: str
    is_outward: bool
    page: str
    source: str | None
    headline: str
    teaser: str
    byline: str
    source_name: str
    outlet: str
    outlet_href: str
    lang: str
    direction: str
    tint: int
    mode: RightsMode
    moment: dates.Moment
    picture: Figure | None = None
    story: StoryLine | None = None

    @property
    def side(self) -> str:
        """The side our own few words on the card start from: the headline's, ``ltr`` if unknown."""
        return "rtl" if self.direction == "rtl" else "ltr"

    @property
    def is_full(self) -> bool:
        """Whether our page has the whole text."""
        return self.mode is RightsMode.FULL


def card(publication: Publication, links: Links, columns: int = TEASER_COLUMNS) -> Card:
    """The card of a publication, with a teaser of at most so many columns (none beyond its mode)."""
    source = outward(publication.source_link)
    href, is_outward = _way(publication, links)
    return Card(
        href=href,
        is_outward=is_outward,
        page=links.article(publication),
        source=source,
        headline=prose.glued(headline(publication)),
        teaser=prose.teaser(publication, columns),
        byline=", ".join(map(prose.line, publication.byline)),
        source_name=source_name(publication),
        outlet=prose.line(publication.outlet_name),
        outlet_href=links.outlet(publication.outlet),
        lang=language.tag(publication.language),
        direction=language.direction(publication.language),
        tint=tint(publication.outlet),
        mode=publication.mode,
        moment=dates.words(publication.first_published or publication.published_at),
        picture=figure(publication.pictures[0], publication, links) if publication.pictures else None,
    )


def mention(publication: Publication, links: Links) -> Mention:
    """A publication as the line about its story names it."""
    href, is_outward = _way(publication, links)
    return Mention(
        href=href,
        is_outward=is_outward,
        headline=prose.glued(headline(publication)),
        outlet=prose.line(publication.outlet_name),
        outlet_href=links.outlet(publication.outlet),
        lang=language.tag(publication.language),
        direction=language.direction(publication.language),
    )


def _way(publication: Publication, links: Links) -> tuple[str, bool]:
    """Where the headline leads, and whether that is the source: all that we have is a link."""
    source = outward(publication.source_link) if publication.mode is RightsMode.LINK else None
    return source or links.article(publication), source is not None


def headline(publication: Publication) -> str:
    """The headline on one line; words of ours if cleaning left nothing of it."""
    return prose.line(publication.headline) or wording.say("(no headline)")


def source_name(publication: Publication) -> str:
    """Who has the original: the outlet, or the one that the source link leads to (its site if unknown).

    An outlet that republishes others must not be named where the reader will not arrive.
    """
    source = outward(publication.source_link)
    if source is None or is_same_site(source, publication.outlet_homepage):
        return prose.line(publication.outlet_name)
    return prose.line(publication.source_outlet or site(source))


def tint(outlet: str) -> int:
    """The outlet's colour, from 0 to ``TINTS`` - 1."""
    return crc32(outlet.encode("utf-8", "replace")) % TINTS
