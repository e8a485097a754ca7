"""JSON-LD: read when sound, repaired when cheap, left alone when broken."""

import json
from datetime import UTC, datetime

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paced import within

from aggregator.extract.almanac import Almanac
from aggregator.extract.claims import Claims, Found
from aggregator.extract.jsonld import claims
from aggregator.model.article import Image

LATEST = datetime(2026, 3, 10, tzinfo=UTC)
ARTICLE = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Bridge &amp; harbour",
    "author": [{"@type": "Person", "name": "Jane Roe"}, {"@type": "Person", "name": "John Doe"}],
    "datePublished": "2026-03-03T08:00:00+01:00",
    "dateModified": "2026-03-04",
    "publisher": {"@type": "Organization", "name": "The Harbour"},
    "isAccessibleForFree": "False",
    "license": "https://creativecommons.org/licenses/by/4.0/",
}


def read(*blocks: str) -> Claims:
    scripts = "".join(f'<script type="application/ld+json">{block}</script>' for block in blocks)
    page = lxml.html.document_fromstring(f"<html><head>{scripts}</head><body><p>x</p></body></html>")
    return claims(page, "https://harbour.example/bridge", Almanac(LATEST))


def test_article_node_gives_its_fields() -> None:
    found = read(json.dumps(ARTICLE))
    assert found.headline is not None
    assert (found.headline.value, found.headline.source) == ("Bridge & harbour", "json-ld:headline")
    assert found.byline is not None
    assert found.byline.value == ("Jane Roe", "John Doe")
    assert found.published is not None
    assert found.published.value.at == datetime.fromisoformat("2026-03-03T08:00:00+01:00")
    assert found.site_name is not None
    assert found.site_name.value == "The Harbour"
    assert found.statement is not None
    assert found.statement.value.is_free == Found(value=False, source="json-ld:isAccessibleForFree")


@pytest.mark.parametrize(
    ("kind", "is_news"),
    [
        ("NewsArticle", True),
        ("ReportageNewsArticle", True),
        ("NewsMediaOrganization", True),
        ("Newsletter", False),
        ("Article", False),
    ],
)
def test_a_page_calls_itself_news_by_its_article_or_its_house(kind: str, *, is_news: bool) -> None:
    found = read(json.dumps({"@graph": [{"@type": "WebPage"}, {"@type": kind, "name": "The Harbour"}]}))
    assert found.statement is not None
    assert found.statement.value.is_news is is_news


def test_author_by_reference_is_followed() -> None:
    graph = [{**ARTICLE, "author": {"@id": "#jane"}}, {"@type": "Person", "@id": "#jane", "name": "Jane Roe"}]
    found = read(json.dumps({"@graph": graph}))
    assert found.byline is not None
    assert found.byline.value == ("Jane Roe",)


def test_of_several_articles_the_pages_own_counts() -> None:
    other = {**ARTICLE, "headline": "Ferry sinks", "url": "https://harbour.example/ferry"}
    own = {**ARTICLE, "mainEntityOfPage": {"@id": "http://www.harbour.example/bridge/"}}
    found = read(json.dumps(other), json.dumps(own))
    assert found.headline is not None
    assert found.headline.value == "Bridge & harbour"


def test_name_of_an_organisation_is_one_and_known_as_such() -> None:
    found = read(json.dumps({**ARTICLE, "author": {"@type": "Organization", "name": "Rope and Sail, Ltd"}}))
    assert found.byline is not None
    assert found.houses is not None
    assert found.byline.value == found.houses.value == ("Rope and Sail, Ltd",)


def test_picture_tells_caption_and_credit() -> None:
    picture = {
        "@type": "ImageObject",
        "url": "/b.jpg",
        "caption": "The bridge",
        "creator": {"name": "Jane Roe"},
    }
    found = read(json.dumps({**ARTICLE, "image": [picture, "/c.jpg"]}))
    assert found.images is not None
    assert found.images.value == (Image("/b.jpg", None, "The bridge", "Jane Roe"), Image("/c.jpg"))


@pytest.mark.parametrize(
    "block",
    [
        "<!-- " + json.dumps(ARTICLE) + " -->",
        "//<![CDATA[\n" + json.dumps(ARTICLE) + "\n//]]>",
        json.dumps(ARTICLE)[:-1] + ",}",
        json.dumps(ARTICLE) + ";",
        json.dumps(ARTICLE).replace("Bridge", "Bridge\n"),
    ],
    ids=["comment", "CDATA", "trailing comma", "semicolon", "line feed in a string"],
)
def test_common_slips_are_repaired(block: str) -> None:
    found = read(block)
    assert found.headline is not None
    assert found.headline.value == "Bridge & harbour"


@pytest.mark.parametrize(
    "block",
    [
        "",
        "null",
        "[]",
        "{",
        '{"@type": 7}',
        '{"@type": "NewsArticle", "headline": {"a": 1}, "author": 3}',
        "[" * 100_000,
    ],
)
def test_broken_block_says_nothing(block: str) -> None:
    assert read(block).headline is None


def test_sound_block_counts_beside_a_broken_one() -> None:
    assert read('{"@type": "NewsArticle", ', json.dumps(ARTICLE)).headline is not None


def test_huge_broken_block_costs_little() -> None:
    block = '{"@type": "NewsArticle", "author": "' + '"author": {"name": "a", ' * 60_000
    with within(0.5):
        read(block, block[:900_000])


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*ARTICLE, "@graph", "@id", "name", "keywords", "image", "url"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(VALUES)
def test_any_json_is_survived(value: object) -> None:
    block = json.dumps(
        [value, {"@type": "NewsArticle", "headline": "x", **(value if isinstance(value, dict) else {})}]
    )
    assert isinstance(read(block.replace("<", "\\u003c")), Claims)
