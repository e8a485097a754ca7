"""The whole recipe, on pages made for it."""

from datetime import UTC, datetime

import pytest
from handmade import article_html, make_page

from aggregator.errors import CardError
from aggregator.extract.errors import NotArticleError, NoTextError, NotHtmlError
from aggregator.extract.page import extract
from aggregator.model.article import BlockKind
from aggregator.model.outlet import Rules, Seed, SeedKind
from aggregator.model.page import Entry
from aggregator.urls import canonical_url

NO_RULES = Rules()
HEAD = """
<link rel=canonical href='/2026/03/bridge-opens?utm_source=x'>
<meta property='og:site_name' content='The Harbour'>
<meta property='og:title' content='Bridge opens | The Harbour'>
<meta property='article:published_time' content='2026-03-03T08:00:00+01:00'>
<meta name='author' content='By Jane Roe'>
<meta name='robots' content='NoArchive, max-snippet:50'>
<meta property='og:image' content='/bridge.jpg'>
<link rel='license' href='https://creativecommons.org/licenses/by-sa/4.0/'>
"""
AFTER = """
<h2>What comes next</h2>
<ul><li>A pier on the eastern side of the harbour, says the council of the town.</li></ul>
<blockquote><p>“I have waited for this day for six years,” said the ferryman’s daughter.</p></blockquote>
<p><a href='https://other.example/2026/bridge'>Source link</a></p>
<h4>You may also like</h4><p><a href='/a'>The old bridge comes down next week</a></p>
"""
BEFORE = """
<div class=kicker>Harbour news of the day</div><p class=who>Max Poe</p>
<time class=t datetime='2026-03-02T10:00Z'></time>
"""


def test_article_has_its_fields_and_their_origins() -> None:
    page = make_page(article_html(HEAD), headers={"x-robots-tag": "noindex", "content-type": "text/html"})
    article = extract(page, NO_RULES)
    assert article.headline == "Bridge opens"
    assert article.byline == ("Jane Roe",)
    assert article.published == datetime.fromisoformat("2026-03-03T08:00:00+01:00")
    assert article.canonical_url == canonical_url(page.url) == article.source_link
    assert (article.site_name, article.language, article.licence) == ("The Harbour", "en", "CC-BY-SA-4.0")
    assert article.robots == ("noarchive", "max-snippet:50", "noindex")
    assert article.images[0].url == "https://harbour.example/bridge.jpg"
    origins = {origin.field: origin.source for origin in article.origins}
    assert origins["headline"] == "meta:og:title"
    assert origins["published"] == "meta:article:published_time"
    assert origins["language"] == "py3langid+html:lang"
    assert origins["licence"] == "link:rel=license"


def test_what_the_page_says_wrongly_of_itself_is_kept() -> None:
    head = HEAD.replace(
        "<link rel=canonical",
        "<meta property='og:url' content='https://harbour.example/'><link rel=canonical",
    )
    article = extract(make_page(article_html(head, lang="fr")), NO_RULES)
    told = {(loser.field, loser.source): loser.value for loser in article.losers}
    assert told["canonical_url", "meta:og:url"] == "https://harbour.example/"
    assert told["language", "html:lang"] == "fr"


def test_body_is_blocks_without_headline_and_furniture() -> None:
    html = article_html(HEAD, AFTER)
    article = extract(make_page(html), NO_RULES)
    kinds = [block.kind for block in article.blocks]
    assert kinds == [BlockKind.PARAGRAPH] * 4 + [BlockKind.HEADING, BlockKind.LIST_ITEM, BlockKind.QUOTE]
    assert article.blocks[4].level == 2
    assert not {"Bridge opens", "Source link", "You may also like", "The old bridge"} & set(
        article.body.split("\n")
    )
    assert article.source_link == "https://other.example/2026/bridge"
    assert {cut.rule for cut in article.cuts} == {"headline"}


def test_feed_is_the_last_resort() -> None:
    at = datetime(2026, 3, 3, 7, tzinfo=UTC)
    seed = Seed(SeedKind.FEED, "https://harbour.example/feed")
    entry = Entry(
        "https://harbour.example/b", seed, headline="Feed's title", byline=("Jane Roe",), published=at
    )
    article = extract(make_page(article_html(), entry=entry), NO_RULES)
    origins = {origin.field: origin.source for origin in article.origins}
    assert article.headline == "Bridge opens"
    assert (article.byline, origins["byline"]) == (("Jane Roe",), "entry:byline")
    assert (article.published, origins["published"]) == (at, "entry:published")


def test_cards_selectors_come_first() -> None:
    html = article_html(HEAD, before=BEFORE)
    rules = Rules(
        headline=("h1",), byline=(".who",), published=("time.t",), body=("article",), cuts=(".kicker", ".who")
    )
    article = extract(make_page(html), rules)
    origins = {origin.field: origin.source for origin in article.origins}
    assert (article.byline, origins["byline"]) == (("Max Poe",), "card:byline")
    assert (article.published, origins["published"]) == (
        datetime(2026, 3, 2, 10, tzinfo=UTC),
        "card:published",
    )
    assert "Harbour news" not in article.body
    assert {cut.rule for cut in article.cuts} >= {"card/.kicker", "card/.who"}
    assert origins["blocks"] == "card:body"


def test_wrong_selector_is_the_cards_error() -> None:
    with pytest.raises(CardError, match="p\\[\\["):
        extract(make_page(article_html()), Rules(cuts=("p[[",)))


def test_date_alone_yields_to_a_time_of_the_same_day() -> None:
    data = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2026-03-03"}</script>'
    )
    article = extract(make_page(article_html(data + HEAD)), NO_RULES)
    assert article.published == datetime.fromisoformat("2026-03-03T08:00:00+01:00")


def test_markup_in_metadata_does_not_survive() -> None:
    head = (
        "<meta property='og:title' content='&lt;img src=x onerror=alert(1)&gt;Bridge &amp;lt;b&amp;gt;opens'>"
    )
    article = extract(make_page(article_html(head)), NO_RULES)
    assert article.headline == "Bridge opens"


@pytest.mark.parametrize(
    "url", ["https://harbour.example/", "https://www.harbour.example", "http://harbour.example/index.html"]
)
def test_home_page_is_no_article(url: str) -> None:
    with pytest.raises(NotArticleError):
        extract(make_page(article_html(HEAD), url=url), NO_RULES, homepage="https://harbour.example/")


@pytest.mark.parametrize(
    ("html", "error"),
    [
        ("", NoTextError),
        ("<html><head><title>Bridge</title></head><body></body></html>", NoTextError),
        (
            "<html><head></head><body><p>Some words without any headline at all, anywhere.</p></body></html>",
            NotArticleError,
        ),
        ("<rss><channel></channel></rss>", NotHtmlError),
    ],
)
def test_page_without_article_ends_with_a_reason(html: str, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        extract(make_page(html), NO_RULES)
    assert caught.value.reason.value.startswith("dropped/")
