"""Licence, pictures and orders to robots."""

from dataclasses import replace
from datetime import timedelta

import lxml.html
import pytest
from handmade import make_page

from aggregator.extract import licence, metadata, pictures, robots
from aggregator.extract.claims import Found
from aggregator.extract.links import Links
from aggregator.extract.outlet_page import OutletPage
from aggregator.model.article import Image
from aggregator.model.outlet import Rules

BASE = "https://harbour.example/2026/bridge"


def tree(body: str) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(f"<html><body><p>Words.</p>{body}</body></html>")


def links_of(body: str) -> Links:
    return Links.of(tree(body))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("https://creativecommons.org/licenses/by/4.0/", "CC-BY-4.0"),
        ("http://creativecommons.org/licenses/by-nc-nd/3.0/deed.fr", "CC-BY-NC-ND-3.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        ("https://harbour.example/terms", "https://harbour.example/terms"),
        ("Free to <b>reuse</b>", "Free to reuse"),
    ],
)
def test_creative_commons_addresses_become_spdx(written: str, expected: str) -> None:
    assert licence.named(written) == expected


def test_licence_of_a_picture_is_not_the_texts() -> None:
    link = "<a rel='license' href='https://creativecommons.org/licenses/by/4.0/'>CC BY</a>"
    assert (
        licence.find(links_of(f"<figure><img src=a.jpg><figcaption>{link}</figcaption></figure>"), None)
        is None
    )
    assert licence.find(links_of(f"<footer>{link}</footer>"), None) == Found("CC-BY-4.0", "a:rel=license")


def test_licence_of_the_feed_counts_without_one_in_the_page() -> None:
    claimed = Found("https://creativecommons.org/licenses/by-sa/4.0/", "entry:licence")
    assert licence.find(links_of(""), claimed) == Found("CC-BY-SA-4.0", "entry:licence")


def test_figure_gives_caption_and_credit_to_the_claimed_picture() -> None:
    figure = (
        "<figure><img src='/b.jpg' alt='A bridge'><figcaption>The new bridge. "
        "<span class='credit'>Jane Roe</span></figcaption></figure>"
        "<aside><figure><img src='/other.jpg'><figcaption>Another story</figcaption></figure></aside>"
    )
    named = ("https://harbour.example/b.jpg", "data:image/png;base64,AA", "")
    claimed = Found(tuple(map(Image, named)), "meta:og:image")
    expected = Image("https://harbour.example/b.jpg", "A bridge", "The new bridge.", "Jane Roe")
    assert pictures.find(tree(figure), BASE, claimed, "Bridge opens") == (expected,)


def test_lead_is_one_of_its_crops_and_has_its_figures_caption() -> None:
    figure = (
        "<figure><img src='data:image/gif;base64,AA' data-src='/p/ab12cd34_w800.jpg' alt='A bridge'>"
        "<figcaption>The new bridge. Photo: Jane Roe / AP</figcaption></figure>"
    )
    crops = tuple(Image(f"https://cdn.example/p/ab12cd34_{size}.jpg") for size in ("1x1", "16x9"))
    expected = Image(crops[0].url, "A bridge", "The new bridge.", "Photo: Jane Roe / AP")
    assert pictures.find(tree(figure), BASE, Found(crops, "json-ld:image"), "Bridge opens") == (expected,)


def test_figure_of_another_picture_gives_the_lead_no_caption() -> None:
    figure = "<figure><img src='/p/ef56ab78.jpg'><figcaption>The old ferry</figcaption></figure>"
    lead = Image("https://cdn.example/p/ab12cd34.jpg")
    found = pictures.find(tree(figure), BASE, Found((lead,), "meta:og:image"), "Bridge opens")
    assert found == (lead, Image("https://harbour.example/p/ef56ab78.jpg", None, "The old ferry"))


def test_orders_to_one_crawler_are_not_ours() -> None:
    page = make_page("<p>x</p>", headers={"x-robots-tag": "googlebot: noindex"})
    assert robots.directives(page, {}) == ()


def test_orders_to_all_crawlers_are_read_from_page_and_header() -> None:
    page = make_page("<p>x</p>", headers={"x-robots-tag": "max-snippet: 20, NOARCHIVE"})
    assert robots.directives(page, {"robots": ["noindex, nofollow"]}) == (
        "noindex",
        "nofollow",
        "max-snippet: 20",
        "noarchive",
    )


def test_orders_to_robots_are_plain_words() -> None:
    page = make_page("<p>x</p>")
    assert robots.directives(page, {"robots": ["noindex,<script>x</script>,no\u202efollow"]}) == (
        "noindex",
        "nofollow",
    )


def test_a_date_of_the_feed_that_lies_ahead_is_dropped() -> None:
    page = make_page("<p>x</p>")
    ahead = replace(page, entry=replace(page.entry, published=page.fetched_at + timedelta(days=200)))
    root = tree("<h1>Bridge</h1>")
    assert metadata.read(ahead, root, {}, OutletPage(ahead, root, Rules())).claims.published is None
