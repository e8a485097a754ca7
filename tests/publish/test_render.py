"""What readers get of an article goes never beyond its mode."""

from dataclasses import replace
from datetime import UTC, datetime

from aggregator.model.article import Article, Block, BlockKind
from aggregator.model.decision import Because, Code, Publish, Refuse
from aggregator.model.edition import PublicationState, StoredArticle
from aggregator.model.outlet import Outlet, Rights, RightsMode
from aggregator.publish.render import render

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://www.example.org/a/1"
WHY = Because(Code.NOARCHIVE, "The page forbids stored copies.")
OUTLET = Outlet("example", "The Example", "https://www.example.org/", "en", "GB", seeds=())
ARTICLE = Article(
    outlet="example",
    url=URL,
    canonical_url=URL,
    source_link=URL,
    headline=" Bridge\nopens ",
    blocks=(
        Block(BlockKind.PARAGRAPH, "The bridge opened on Monday."),
        Block(BlockKind.HEADING, "Long queues", 2),
        Block(BlockKind.PARAGRAPH, "Drivers waited for hours before the first car crossed it."),
    ),
    language="en",
    fetched_at=NOW,
    dek="A dek of the article.",
    byline=("Ada Smith", "Bo Li"),
    licence="CC-BY-4.0",
)
STORED = StoredArticle(7, ARTICLE, None, 1, NOW)


def test_full_mode_gives_the_body() -> None:
    publication = render(Publish(RightsMode.FULL, 300), STORED, OUTLET)
    assert publication.blocks == ARTICLE.blocks
    assert publication.text == ARTICLE.body
    assert publication.headline == "Bridge opens"
    assert (publication.article_id, publication.state) == (7, PublicationState.PUBLISHED)


def test_excerpt_mode_gives_running_text_up_to_a_sentence_end() -> None:
    publication = render(Publish(RightsMode.EXCERPT, 60, (WHY,)), STORED, OUTLET)
    assert publication.blocks == (Block(BlockKind.PARAGRAPH, "The bridge opened on Monday."),)
    assert publication.reasons == (WHY,)


def test_excerpt_of_an_article_without_body_is_its_dek() -> None:
    stored = replace(STORED, article=replace(ARTICLE, blocks=()))
    assert render(Publish(RightsMode.EXCERPT, 300), stored, OUTLET).text == "A dek of the article."


def test_excerpt_is_paragraphs_whatever_its_blocks_were() -> None:
    body = (Block(BlockKind.QUOTE, "It opens."), Block(BlockKind.LIST_ITEM, "Two lanes."))
    stored = replace(STORED, article=replace(ARTICLE, blocks=body))
    shown = render(Publish(RightsMode.EXCERPT, 300), stored, OUTLET).blocks
    assert shown == tuple(Block(BlockKind.PARAGRAPH, block.text) for block in body)


def test_link_mode_gives_no_text() -> None:
    publication = render(Publish(RightsMode.LINK, 300), STORED, OUTLET)
    assert (publication.blocks, publication.text) == ((), "")


def test_refused_article_has_no_text_and_says_why() -> None:
    publication = render(Refuse(WHY), STORED, OUTLET)
    assert (publication.blocks, publication.reasons) == ((), (WHY,))
    assert (publication.state, publication.mode) == (PublicationState.REFUSED, RightsMode.NEVER)


def test_credit_names_the_byline_then_the_outlet() -> None:
    assert render(Publish(RightsMode.LINK, 300), STORED, OUTLET).credit == "Ada Smith, Bo Li, The Example"
    anonymous = replace(STORED, article=replace(ARTICLE, byline=()))
    assert render(Publish(RightsMode.LINK, 300), anonymous, OUTLET).credit == "The Example"


def test_credit_that_the_card_asks_for_stands_as_it_is() -> None:
    outlet = replace(OUTLET, rights=Rights(credit="From The Example, with thanks"))
    assert render(Publish(RightsMode.LINK, 300), STORED, outlet).credit == "From The Example, with thanks"


def test_licence_of_the_card_stands_before_the_pages_own_word() -> None:
    decision = Publish(RightsMode.LINK, 300)
    assert render(decision, STORED, OUTLET).licence == "CC-BY-4.0"
    outlet = replace(OUTLET, rights=Rights(licence="CC-BY-SA-4.0"))
    assert render(decision, STORED, outlet).licence == "CC-BY-SA-4.0"


def test_page_that_republishes_another_outlet_cannot_license_its_text() -> None:
    stored = replace(STORED, article=replace(ARTICLE, source_link="https://www.example.com/original"))
    outlet = replace(OUTLET, rights=Rights(licence="CC-BY-SA-4.0"))
    assert render(Publish(RightsMode.LINK, 300), stored, outlet).licence is None
