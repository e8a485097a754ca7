"""The cascade: which source's value is taken, and what is kept of the others."""

from dataclasses import replace
from datetime import datetime, timedelta

import lxml.html
import pytest
from handmade import make_page

from aggregator.extract import losers, metadata, metatags
from aggregator.extract.claims import Claims, Found, Moment
from aggregator.extract.metadata import Metadata
from aggregator.extract.outlet_page import OutletPage
from aggregator.model.article import FieldLoser
from aggregator.model.outlet import Rules

HEAD = "<meta property='og:title' content='Bridge opens at last'>"
BODY = f"<p>{'The council met on Monday and talked about the bridge for long hours. ' * 4}</p>"


def read(head: str, body: str, *, lang: str = "en-GB") -> Metadata:
    text = f"<html lang='{lang}'><head>{HEAD}{head}</head><body>{body}{BODY * 2}</body></html>"
    page = make_page(text)
    page = replace(
        page, url="https://harbour.example/bridge", fetched_at=page.fetched_at + timedelta(days=9000)
    )
    tree = lxml.html.document_fromstring(text)
    return metadata.read(page, tree, metatags.tags(tree), OutletPage(page, tree, Rules()))


def published(found: Metadata) -> tuple[str, str] | None:
    one = found.claims.published
    return (one.value.at.isoformat(), one.source) if one else None


def test_visible_date_counts_where_metadata_has_none() -> None:
    found = read("", "<h1>Bridge opens at last</h1><p>Posted 06/05/2024, 7:08am</p>")
    assert published(found) == ("2024-05-06T07:08:00+00:00", "page:text")


def test_visible_time_refines_a_day_of_metadata() -> None:
    meta = "<meta name='date' content='2024-05-06'>"
    found = read(meta, "<h1>Bridge opens at last</h1><time datetime='2024-05-06T09:00+02:00'>9:00</time>")
    assert published(found) == ("2024-05-06T09:00:00+02:00", "page:time")


@pytest.mark.parametrize(
    "beside",
    [
        "<p>Updated: 7 May 2024</p>",
        "<figure><figcaption>The bridge, 7 May 2024</figcaption></figure>",
        "<p>On 7 May 2024 the mayor and all of his men walked over the bridge</p>",
        "<aside>7 May 2024</aside>",
    ],
)
def test_date_of_something_else_is_not_the_articles(beside: str) -> None:
    found = read("", f"<h1>Bridge opens at last</h1>{beside}<span>6 May 2024</span>")
    assert published(found) == ("2024-05-06T00:00:00+00:00", "page:text")


def test_time_without_offset_is_read_in_the_pages_other_ones() -> None:
    meta = (
        "<meta property='article:published_time' content='2024-05-06T09:00'>"
        "<meta property='article:modified_time' content='2024-05-08T11:00:00+02:00'>"
    )
    assert published(read(meta, "")) == ("2024-05-06T09:00:00+02:00", "meta:article:published_time")


def test_change_before_publication_is_none() -> None:
    meta = (
        "<meta property='article:published_time' content='2024-05-06T09:00:00Z'>"
        "<meta property='article:modified_time' content='2024-04-06T09:00:00Z'>"
    )
    found = read(meta, "")
    assert found.claims.modified is None
    assert FieldLoser("modified", "meta:article:modified_time", "2024-04-06T09:00:00+00:00") in found.losers


def test_name_of_a_meta_tag_counts_however_it_is_punctuated() -> None:
    found = read("<meta name='article:published:time' content='2024-05-06T09:00:00Z'>", "")
    assert published(found) == ("2024-05-06T09:00:00+00:00", "meta:article:published:time")


@pytest.mark.parametrize(
    ("beside", "expected", "source"),
    [
        (
            "<a rel='author' href='/jane'>Jane Roe</a> <a rel='author' href='/m'>Max Poe</a>",
            "Jane Roe, Max Poe",
            "page:author-link",
        ),
        ("<a href='/authors/jane-roe'>Jane Roe</a>", "Jane Roe", "page:author-link"),
        ("<div class='byline'><span>By</span><span>Jane Roe</span></div>", "Jane Roe", "page:author-mark"),
        ("<p>Von: Jane Roe</p>", "Jane Roe", "page:by"),
        ("<p class='author-box'>See more</p>", "The Harbour", "meta:author"),
    ],
)
def test_person_shown_goes_before_the_site_named(beside: str, expected: str, source: str) -> None:
    meta = "<meta name='author' content='The Harbour'><meta property='og:site_name' content='The Harbour'>"
    found = read(meta, f"<h1>Bridge opens at last</h1>{beside}").claims.byline
    assert found is not None
    assert (", ".join(found.value), found.source) == (expected, source)


def test_agency_of_metadata_stays_where_the_page_shows_nobody() -> None:
    found = read("<meta name='author' content='dpa'>", "<h1>Bridge opens at last</h1>").claims.byline
    assert found == Found(("dpa",), "meta:author")


def test_what_was_not_taken_is_kept_with_its_source() -> None:
    head = (
        "<title>Harbour bridge 2026 | News</title><meta name='twitter:title' content='Bridge!'>"
        "<meta name='author' content='Jane Roe'><meta name='dc.creator' content='Max Poe'>"
    )
    found = read(head, "<h1>BRIDGE opens, at last</h1><h1>Elsewhere</h1>")
    assert found.losers == (
        FieldLoser("headline", "meta:twitter:title", "Bridge!"),
        FieldLoser("headline", "page:h1", "Elsewhere"),
        FieldLoser("headline", "page:title", "Harbour bridge 2026 | News"),
        FieldLoser("byline", "meta:dc.creator", "Max Poe"),
    )


def test_losers_are_few_and_short_and_each_once() -> None:
    sources = [Claims(dek=Found(f"{number} {'x' * 999}", "a")) for number in (1, 1, 2, 3, 4, 5, 6)]
    found = losers.of(Claims(dek=Found("taken", "b")), sources)
    assert [loser.value[0] for loser in found] == ["1", "2", "3", "4"]
    assert {len(loser.value) for loser in found} == {losers.LONGEST_CHARS}


def test_one_moment_in_two_zones_is_no_loser() -> None:
    here, there = (datetime.fromisoformat(f"2024-05-06T{text}") for text in ("09:00+02:00", "07:00:10+00:00"))
    taken = Claims(published=Found(Moment(here, 2), "a"))
    assert losers.of(taken, [Claims(published=Found(Moment(there, 2), "b"))]) == ()


@pytest.mark.parametrize(
    ("shared", "stated", "expected"),
    [
        ("The Harbour", "Harbour Media Ltd", "The Harbour"),
        ("harbour.example", "The Harbour", "The Harbour"),
        ("harbour", "Ropes and Sails", "harbour"),
        ("", "Harbour Media Ltd", "Harbour Media Ltd"),
    ],
)
def test_site_is_called_as_it_calls_itself(shared: str, stated: str, expected: str) -> None:
    meta = (
        f"<meta property='og:site_name' content='{shared}'><meta name='twitter:site' content='@harbour'>"
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "x", '
        f'"publisher": {{"name": "{stated}"}}}}</script>'
    )
    found = read(meta, "").claims.site_name
    assert found is not None
    assert found.value == expected
