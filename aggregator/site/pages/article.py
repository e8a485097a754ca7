"""The page of one publication: its text as far as its mode goes, and everything that its source is owed."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from aggregator.model.article import Completeness
from aggregator.model.decision import Code
from aggregator.model.edition import Publication, PublicationState, WithdrawnBy
from aggregator.model.outlet import RightsMode
from aggregator.model.revision import Revised
from aggregator.site import dates, linkeddata, markup, prose, syndication
from aggregator.site.ask import NotFoundError, publication_id
from aggregator.site.card import Card, StoryLine, card
from aggregator.site.context import Site
from aggregator.site.figure import Figure, figure
from aggregator.site.links import Links, outward, slug
from aggregator.site.routes import read
from aggregator.site.telling import OTHERS, line
from aggregator.site.updates import Update, updates
from aggregator.site.wording import later, say
from aggregator.store import editions
from aggregator.store.history import history
from aggregator.store.neighbours import newest, story_of

MORE = 4  # others of the same outlet, below the text
_PARTLY = {
    Completeness.FULL: "",
    Completeness.PAYWALLED: later("Not the whole article: the outlet keeps it for subscribers or members."),
    Completeness.TEASER: later(
        "Not the whole article: the outlet’s own page showed only a part when we read it."
    ),
    Completeness.GALLERY: later(
        "A series of pictures: they stand with the outlet; here is the text beside them."
    ),
    Completeness.VIDEO: later("A film: it stands with the outlet, here are only words about it."),
    Completeness.LIVE: later(
        "A running report, as far as it was when we read it: it goes on with the outlet."
    ),
}


_GONE_BY = {
    WithdrawnBy.GONE: later("The outlet removed the original, and our copy went with it."),
    WithdrawnBy.RETRACTED: later("The outlet withdrew what it had reported, and our copy went with it."),
    WithdrawnBy.PAYWALLED: later("The outlet sells the original now, and our copy went with it."),
    WithdrawnBy.RIGHTS: later("The outlet’s terms do not let us show it any more."),
}
_NARROWED_BY = {
    Code.ORIGINAL_GONE.value: later("The outlet has removed the original."),
    Code.ORIGINAL_RETRACTED.value: later("The outlet has withdrawn what it reported here."),
}


@dataclass(frozen=True, slots=True)
class TopicLink:
    """A section or tag as the outlet writes it, and the page of it."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """What the page shows besides its card: cleaned text, addresses that may stand in links.

    ``body`` is the text as HTML, empty if readers get none; ``pictures`` are ours, the lead first.
    ``partly`` says what the page is instead of a whole text, empty if it is one. ``narrowed`` is what befell
    the original, where we show less for it.
    ``credit_position`` is where the outlet wants its credit: top, bottom or both; ``takedown`` is the form.
    ``updates`` are the outlet's changes, ``agency`` the agencies credited with the text.
    ``published`` and ``modified`` are the outlet's own dates, ``carried`` is ours; ``revised`` is None unless
    the text changed after we first carried it. ``canonical`` is the address that counts.
    """

    card: Card
    body: Markup
    pictures: tuple[Figure, ...]
    homepage: str | None
    section: str
    topics: tuple[TopicLink, ...]
    authors: tuple[str, ...]
    published: dates.Moment | None
    modified: dates.Moment | None
    carried: dates.Moment
    revised: dates.Moment | None
    updates: tuple[Update, ...]
    agency: str
    partly: str
    narrowed: str
    credit_position: str
    takedown: str
    licence: str
    licence_url: str | None
    credit: str
    also_in: tuple[tuple[str, str | None], ...]
    canonical: str
    address: str
    poster: str
    may_index: bool
    is_minable: bool


def routes(site: Site) -> list[Route]:
    """The routes of articles, with and without their slug."""

    def article(request: Request, number: str, words: str = "") -> Response:
        wanted = publication_id(number)
        return site.cached(request, lambda: _article(site, wanted, words))

    return [read("/article/{number}", article), read("/article/{number}/{words:path}", article)]


def _article(site: Site, wanted: int, words: str) -> Response:
    publication = editions.publication(site.db, wanted)
    if publication is None or publication.mode is RightsMode.NEVER:
        raise NotFoundError
    match publication.state:
        case PublicationState.WITHDRAWN:
            return _gone(site, publication)
        case PublicationState.REFUSED:
            raise NotFoundError
        case PublicationState.PUBLISHED if words != slug(publication.headline):
            return RedirectResponse(site.links.article(publication), status_code=301)
        case PublicationState.PUBLISHED:
            return _page(site, publication)


def _page(site: Site, publication: Publication) -> Response:
    versions = _versions(site, publication)
    answer = site.page(
        "article.html",
        article=view(publication, site.links, versions),
        story=_story(site, publication),
        more=_more(site, publication),
        linked_data=linkeddata.embedded(publication, site.links, site.settings.site.name, versions),
    )
    if not publication.is_minable:
        answer.headers["tdm-reservation"] = "1"  # TDMRep: what the original reserves, its copy does, too
    return answer


def _story(site: Site, publication: Publication) -> StoryLine | None:
    """The story that others tell, too, with their newest reports."""
    story = story_of(site.db, publication, OTHERS)
    return line(*story, site.links) if story else None


def _more(site: Site, publication: Publication) -> list[Markup]:
    """The cards of the newest others of the outlet: on its next article's page they are the same."""

    def cards() -> list[tuple[int, Markup]]:
        found = newest(site.db, publication.outlet, MORE + 1)
        return [(each.id, site.macro("full", card(each, site.links), is_named=False)) for each in found]

    made = site.alike(("more", publication.outlet), cards)
    return [markup for number, markup in made if number != publication.id][:MORE]


def _versions(site: Site, publication: Publication) -> list[Revised]:
    """The article's versions, if it has several."""
    return history(site.db, publication.article_id) if publication.revision > 1 else []


def _gone(site: Site, publication: Publication) -> Response:
    return site.page(
        "gone.html",
        410,
        outlet=prose.line(publication.outlet_name),
        withdrawn=dates.words(publication.withdrawn_at) if publication.withdrawn_at else None,
        reason=_why_gone(publication),
    )


def _why_gone(publication: Publication) -> str:
    """Why it is withdrawn: what befell the original, in the reader's language, or a person's own words."""
    if publication.withdrawn_by is not None:
        return say(_GONE_BY[publication.withdrawn_by])
    return prose.line(publication.withdrawn_reason or "")


def _narrowed(publication: Publication) -> str:
    """What befell the original that our copy was narrowed for; empty if nothing did."""
    return next((say(words) for code, words in _NARROWED_BY.items() if code in publication.reason_codes), "")


def view(publication: Publication, links: Links, versions: Sequence[Revised] = ()) -> ArticlePage:
    """The page's facts of a publication, with what changed between its versions."""
    address = links.absolute(links.article(publication))
    first, moved = publication.first_published, publication.updated_at > publication.published_at
    return ArticlePage(
        card=card(publication, links),
        body=markup.body(prose.blocks(publication)),
        pictures=tuple(figure(each, publication, links) for each in publication.pictures),
        homepage=outward(publication.outlet_homepage),
        section=prose.line(publication.section or ""),
        topics=_topics(publication, links),
        authors=tuple(filter(None, map(prose.line, publication.byline))),
        published=dates.words(first) if first else None,
        modified=dates.words(publication.modified) if publication.modified else None,
        carried=dates.words(publication.published_at),
        revised=dates.words(publication.updated_at) if moved else None,
        updates=updates(publication, versions),
        agency=prose.line(", ".join(publication.agency)),
        partly=partly(publication.completeness),
        narrowed=_narrowed(publication),
        credit_position=publication.credit_position.value,
        takedown=links.takedown(about=address),
        licence=prose.line(publication.licence or ""),
        licence_url=outward(publication.licence_url or ""),
        credit=prose.line(publication.credit),
        also_in=tuple((prose.line(name), outward(url)) for name, url in publication.also_in),
        canonical=syndication.canonical(publication, links),
        address=address,
        poster=links.absolute(links.poster(publication.id)),
        may_index=syndication.may_index(publication),
        is_minable=publication.is_minable,
    )


def partly(completeness: Completeness) -> str:
    """What the page is instead of a whole text, in words; empty if it is one."""
    words = _PARTLY[completeness]
    return say(words) if words else ""


def _topics(publication: Publication, links: Links) -> tuple[TopicLink, ...]:
    labelled = ((prose.line(label), links.topic(key)) for key, label in publication.topics)
    return tuple(TopicLink(label, href) for label, href in labelled if label)
