"""A card's rules on pages: XPath, where the body lies, rules that lose the text, layouts by day."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from handmade import SENTENCES, article_html, make_page
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.errors import CardError
from aggregator.extract.errors import ExtractTimeoutError
from aggregator.extract.page import extract
from aggregator.extract.pool import ExtractorPool
from aggregator.model.article import Article
from aggregator.model.outlet import Layout, Rules

BOX = (
    "<section class='promo'><p>Our newsletter tells you each morning what the harbour talks about, and it"
    " costs nothing but a minute of your time at breakfast.</p></section>"
)
DATED = "<meta property='article:published_time' content='{}'>"


def origins(article: Article) -> dict[str, str]:
    return {origin.field: origin.source for origin in article.origins}


def test_xpath_gives_fields_and_texts() -> None:
    html = article_html(
        before="<p class='by'>On Monday, written by: Jane Roe</p><p class='d'>3 March 2026</p>"
    )
    rules = Rules(
        headline=("xpath://h2", "xpath:substring-before(//title, ' - ')"),
        byline=("xpath:substring-after(//p[@class='by'], 'by: ')",),
        published=("xpath://p[@class='d']/text()",),
    )
    article = extract(make_page(html), rules)
    assert (article.headline, article.byline) == ("Bridge opens", ("Jane Roe",))
    assert article.published == datetime(2026, 3, 3, tzinfo=UTC)
    assert origins(article)["headline"] == "card:headline"


def test_body_is_looked_for_within_an_element() -> None:
    html = article_html(after=BOX).replace("<article>", "<article><div class='text'>")
    html = html.replace("<section", "</div><section")
    assert "newsletter" in extract(make_page(html), Rules()).body
    article = extract(make_page(html), Rules(within=("xpath://div[@class='text']",)))
    assert article.body.split("\n") == list(SENTENCES)
    assert origins(article)["blocks"] == "trafilatura in card:within"


def test_elements_inside_one_another_give_their_text_once() -> None:
    article = extract(make_page(article_html()), Rules(body=("main, article, p",)))
    assert article.body.split("\n") == list(SENTENCES)


@pytest.mark.parametrize(
    ("rules", "names"),
    [
        (Rules(body=("nav",)), "body"),
        (Rules(within=("h1",)), "within"),
        (Rules(cuts=("xpath://article/p",)), "cuts"),
        (Rules(cuts=("[class*='a'], p",), within=("main",)), "within+cuts"),
    ],
)
def test_rules_that_lose_the_text_are_not_followed(rules: Rules, names: str) -> None:
    article = extract(make_page(article_html()), rules)
    assert article.body.split("\n") == list(SENTENCES)
    assert origins(article)["blocks"].startswith(f"trafilatura (not followed: card:{names} leaves ")
    assert not [cut for cut in article.cuts if cut.rule.startswith("card/")]


def test_least_share_of_zero_follows_rules_whatever_they_leave() -> None:
    rules = Rules(body=("article p:nth-of-type(2)",))
    assert extract(make_page(article_html()), rules).body.split("\n") == list(SENTENCES)
    article = extract(make_page(article_html()), replace(rules, least_share=0))
    assert article.body == SENTENCES[1]


def test_cuts_leave_the_pages_frame() -> None:
    html = article_html().replace("<body>", "<body class='advert page'>")
    article = extract(make_page(html), Rules(cuts=("[class*='advert']",), least_share=0))
    assert article.body.split("\n") == list(SENTENCES)


@pytest.mark.parametrize(
    ("published", "byline"),
    [
        ("2019-05-01T23:00:00+02:00", "Old Layout"),
        ("2019-05-02T00:30:00+02:00", "Middle Layout"),
        ("2022-01-01", "Middle Layout"),
        ("2022-01-02", "New Layout"),
        (None, "New Layout"),
    ],
)
def test_layout_is_that_of_the_day_of_publication(published: str | None, byline: str) -> None:
    names = ("New", "Middle", "Old")
    before = "".join(f"<p class='{name.lower()}'>{name} Layout</p>" for name in names)
    head = DATED.format(published) if published else ""
    rules = Rules(
        byline=(".new",),
        layouts=(
            Layout(date(2022, 1, 1), Rules(byline=(".middle",))),
            Layout(date(2019, 5, 1), Rules(byline=(".old",))),
        ),
    )
    assert extract(make_page(article_html(head, before=before)), rules).byline == (byline,)


def test_expression_that_only_a_page_shows_to_be_wrong_is_the_cards_error() -> None:
    with pytest.raises(CardError, match="re:test"):
        extract(make_page(article_html()), Rules(headline=("xpath://p[re:test(., 'x')]",)))


def test_expression_that_takes_too_long_ends_with_its_page() -> None:
    slow = "xpath://*[count(//*[count(//*[count(//*) > 3]) > 2]) > 1]"
    html = article_html(after="<i></i>" * 3000)
    with ExtractorPool(1, page_seconds=1.0) as pool:
        with pytest.raises(ExtractTimeoutError):
            pool.submit(make_page(html), Rules(cuts=(slow,))).result(timeout=60)
        assert pool.submit(make_page(article_html()), Rules()).result(timeout=60).headline == "Bridge opens"


@settings(deadline=None)
@given(st.text(max_size=30))
def test_wild_selectors_give_an_article_or_the_cards_error(text: str) -> None:
    for selector in (text, f"xpath:{text}", f"xpath://p[{text}]"):
        try:
            article = extract(make_page(article_html()), Rules(within=(selector,), headline=(selector,)))
        except CardError:
            continue
        assert sum(sentence in article.body for sentence in SENTENCES) >= len(SENTENCES) - 1
