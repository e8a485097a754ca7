"""Where the reader is sent."""

import lxml.html
import pytest

from aggregator.extract.claims import Found
from aggregator.extract.links import Links
from aggregator.extract.source import canonical, original
from aggregator.urls import is_same_domain

URL = "https://digest.example/2026/03/bridge-opens-after-six-years"
HEADLINE = "Bridge opens after six years"
ORIGINAL = "https://harbour.example/2026/03/bridge-opens-after-six-years"


def links(body: str = "", head: str = "") -> Links:
    page = lxml.html.document_fromstring(f"<html><head>{head}</head><body><p>Words.</p>{body}</body></html>")
    return Links.of(page)


@pytest.mark.parametrize(
    "body",
    [
        f"<a href='{ORIGINAL}'>Source link </a>",
        f"<p>Originally there: <a href='{ORIGINAL}'>Read the original article</a>.</p>",
        f"<p><a href='{ORIGINAL}'><b>Lire l’article original</b></a></p>",
        f"<p><a href='{ORIGINAL}'>Quelle</a></p>",
        f"<p><a href='{ORIGINAL}'>Zum Originalartikel</a></p>",
        f"<p><a href='{ORIGINAL}'>阅读原文</a></p>",
        f"<p><a href='{ORIGINAL}'>رابط المصدر</a></p>",
        f"<p>The post <a href='{ORIGINAL}'>Bridge opens</a> appeared first on <a href='https://harbour.example/'>H</a>.",
        f"<a href='{ORIGINAL}'>Source link</a><a href='{ORIGINAL}'>Source link</a>",
        f"<p>This article was first published by <a href='{ORIGINAL}'>The Harbour</a> last week.</p>",
        f"<p><em>First published in <u><a href='{ORIGINAL}'>The Harbour</a></u>.</em></p>",
        f"<p><span>“Dieser Artikel erschien zuerst bei </span><a href='{ORIGINAL}'>Der Hafen</a>.</p>",
    ],
)
def test_link_that_calls_itself_source_is_the_original(body: str) -> None:
    found = original(links(body), URL, URL, None)
    assert found is not None
    assert found.value == ORIGINAL
    assert found.source.startswith("a:")


@pytest.mark.parametrize(
    "body",
    [
        f"<p>According to a <a href='{ORIGINAL}'>source</a> in the town hall the bridge is late.</p>",
        "<a href='/other'>Source link</a>",
        "<a href='https://www.digest.example/other'>Source link</a>",
        "<a href='https://harbour.example/'>Source link</a>",
        "<a href='javascript:void(0)'>Source link</a>",
        f"<a href='{ORIGINAL}'>The Harbour reports</a>",
        f"<a href='{ORIGINAL}'>Source link</a><a href='https://other.example/b'>Source link</a>",
    ],
    ids=["cited in a sentence", "own page", "own site", "home page", "script", "other text", "two originals"],
)
def test_other_links_are_not_the_original(body: str) -> None:
    assert original(links(body), URL, URL, None) is None


def test_metadata_names_the_original() -> None:
    found = original(links(), URL, URL, Found(ORIGINAL, "json-ld:isBasedOn"))
    assert found == Found(ORIGINAL, "json-ld:isBasedOn")


def test_canonical_on_another_site_about_the_same_story_is_the_original() -> None:
    page = links(head=f"<link rel=canonical href='{ORIGINAL}'>")
    claimed = canonical(page, {}, URL, HEADLINE)
    assert claimed.value == ORIGINAL
    assert original(page, URL, claimed.value, None) == Found(ORIGINAL, "link:canonical")


@pytest.mark.parametrize(
    "href",
    [
        "https://digest.example/",
        "https://harbour.example/",
        "/en/",
        "/index.php",
        "https://digest.example/home",
        "https://harbour.example/2025/weather-for-the-weekend",
        "javascript:alert(1)",
        "http://[broken",
        "",
    ],
)
def test_canonical_to_elsewhere_is_ignored(href: str) -> None:
    assert canonical(links(head=f"<link rel=canonical href='{href}'>"), {}, URL, HEADLINE) == Found(
        URL, "url"
    )


def test_relative_canonical_becomes_absolute() -> None:
    page = links(head="<link rel=canonical href='/2026/03/bridge'>")
    assert canonical(page, {}, URL, HEADLINE).value == "https://digest.example/2026/03/bridge"


def test_og_url_stands_in_for_a_missing_canonical() -> None:
    found = canonical(links(), {"og:url": ["https://digest.example/bridge?utm_source=x"]}, URL, HEADLINE)
    assert found == Found("https://digest.example/bridge", "meta:og:url")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://amp.news.example/a", "https://news.example/b", True),
        ("https://news.co.uk/a", "https://other.co.uk/a", False),
        ("http://127.0.0.1:8101/a", "http://127.0.0.1:8102/a", False),
        ("http://127.0.0.1:8101/a", "http://127.0.0.1:8101/b", True),
        ("http://localhost:1/a", "http://localhost:2/a", False),
    ],
)
def test_site_is_the_registrable_domain_or_host_and_port(one: str, other: str, *, same: bool) -> None:
    assert is_same_domain(one, other) is same


@pytest.mark.parametrize(
    ("claimed", "og"),
    [
        ("/2026/03", None),
        ("/2026/03/harvest-fails-after-storms", None),
        ("/2026/03/harvest-fails-after-storms", URL),
    ],
    ids=["its folder", "another article", "another article, og:url is its own"],
)
def test_canonical_to_another_page_of_the_site_is_ignored(claimed: str, og: str | None) -> None:
    page = links(head=f"<link rel=canonical href='{claimed}'>")
    assert canonical(page, {"og:url": [og]} if og else {}, URL, HEADLINE).value == URL


@pytest.mark.parametrize("claimed", ["/node/88999", "/a/182014527", "/bridge/opens-after-six-years-update"])
def test_canonical_that_says_nothing_or_the_same_stands(claimed: str) -> None:
    page = links(head=f"<link rel=canonical href='{claimed}'>")
    assert canonical(page, {}, URL, HEADLINE).value == f"https://digest.example{claimed}"


def test_an_amp_link_of_its_own_stands_for_the_pages_address() -> None:
    url = "https://digest.example/a/182014527"
    head = f"<link rel=canonical href='/a/harvest-fails-after-storms'><link rel=amphtml href='{url}?amp=1'>"
    assert canonical(links(head=head), {}, url, HEADLINE).value == url
    alone = links(head="<link rel=canonical href='/a/harvest-fails-after-storms'>")
    assert canonical(alone, {}, url, HEADLINE).value == "https://digest.example/a/harvest-fails-after-storms"
