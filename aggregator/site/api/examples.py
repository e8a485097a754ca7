"""Examples of the API's answers: an invented article, made as the real ones are."""

from datetime import UTC, datetime

from pydantic import BaseModel

from aggregator.model.article import Block, BlockKind, Completeness
from aggregator.model.edition import Edition, Publication, PublicationState
from aggregator.model.outlet import RightsMode
from aggregator.model.picture import Copy, Picture
from aggregator.model.story import ShownStory, Telling
from aggregator.site.api import editions, outlets, stories, topics
from aggregator.site.api.article import Article, article
from aggregator.site.api.articles import Articles, Found, Hits, Piece
from aggregator.site.links import Links
from aggregator.store.frequent_topics import TopicCount
from aggregator.store.outlets import OutletSummary
from aggregator.store.told_stories import ToldStory

_AT = datetime(2026, 3, 1, 8, 5, tzinfo=UTC)
_LICENCE, _LICENCE_URL = "CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/"
_PUBLICATION = Publication(
    id=7,
    article_id=70,
    edition_id=3,
    state=PublicationState.PUBLISHED,
    mode=RightsMode.FULL,
    outlet="harbour",
    outlet_name="The Harbour",
    outlet_homepage="https://harbour.example/",
    headline="The ferry stays at the pier",
    blocks=(
        Block(BlockKind.PARAGRAPH, "The ferry waits at the pier."),
        Block(BlockKind.PARAGRAPH, "Nobody has seen the captain since Sunday."),
    ),
    language="en",
    byline=("Ann Ray", "Bo Li"),
    source_link="https://harbour.example/2026/ferry",
    completeness=Completeness.FULL,
    licence=_LICENCE,
    licence_url=_LICENCE_URL,
    credit="Ann Ray, Bo Li, The Harbour",
    first_published=_AT,
    published_at=_AT,
    updated_at=_AT,
    section="Coast",
    topics=(("coast", "Coast"),),
    has_images=True,
    pictures=(Picture(Copy("a" * 32, 960, 640, has_avif=True), None, "The pier at low tide.", "Bo Li"),),
)
_OUTLET = OutletSummary(
    slug="harbour",
    name="The Harbour",
    homepage="https://harbour.example/",
    language="en",
    country="IE",
    licence=_LICENCE,
    licence_url=_LICENCE_URL,
    mode=RightsMode.FULL,
    is_active=True,
    published=131,
    newest_at=_AT,
    last_crawl_at=_AT,
)
_TOLD = ToldStory(12, "The ferry stays at the pier", "en", 2, 2, _AT, _AT)
_SHOWN = ShownStory(id=12, headline="The ferry stays at the pier", language="en", outlets=2, reports=())


def examples(links: Links) -> dict[str, BaseModel]:
    """An example of each address's answer, by its path."""
    whole, listed = _article(links, with_blocks=True), _article(links, with_blocks=False)
    snippet = [Piece(text="The ", is_match=False), Piece(text="ferry", is_match=True)]
    edition = editions.edition(Edition(3, _AT, 24, 0), links)
    outlet = outlets.outlet(_OUTLET, links)
    return {
        "/articles": Articles(items=[listed], next=None),
        "/articles/{number}": whole,
        "/search": Hits(total=1, items=[Found(article=listed, snippet=snippet)], next=None),
        "/stories": stories.Stories(items=[stories.head(_TOLD, links)], next=None),
        "/stories/{number}": stories.story(_SHOWN, links, [listed]),
        "/outlets": outlets.Outlets(items=[outlet]),
        "/outlets/{slug}": outlet,
        "/editions": editions.Editions(items=[edition], next=None),
        "/editions/{number}": edition,
        "/topics": topics.Topics(items=[topics.topic(TopicCount("coast", "Coast", 41), links)]),
    }


def _article(links: Links, *, with_blocks: bool) -> Article:
    return article(_PUBLICATION, links, Telling(12, 2, 2), with_blocks=with_blocks)
