"""Addresses: slugs in any script, links that lead only to the web."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from published import LIVE, publication

from aggregator.site.links import SLUG_BYTES, Links, outward, slug


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        ("The ferry stays at the pier", "the-ferry-stays-at-the-pier"),
        ("Pension: 7,5 % en plus?", "pension-7-5-en-plus"),
        ("Überschwemmung in Straßburg", "überschwemmung-in-straßburg"),
        ("العبّارة باقية في الميناء", "العبّارة-باقية-في-الميناء"),
        ("नदी का पानी बढ़ा", unicodedata.normalize("NFKC", "नदी-का-पानी-बढ़ा")),
        ("渡し船は桟橋に", "渡し船は桟橋に"),
        ("?!", ""),
        ("../../etc/passwd", "etc-passwd"),
    ],
)
def test_a_slug_keeps_letters_and_marks_of_every_script(headline: str, expected: str) -> None:
    assert slug(headline) == expected


def test_a_long_slug_ends_with_a_whole_word() -> None:
    words = [f"word{number}" for number in range(60)]
    made = slug(" ".join(words)).split("-")
    assert made == words[: len(made)]
    assert len("-".join(made)) <= SLUG_BYTES


@given(st.text())
def test_no_headline_makes_an_address_that_could_be_anything_else(headline: str) -> None:
    made = slug(headline)
    assert len(made.encode()) <= SLUG_BYTES
    address = Links("https://news.example").article(publication(headline=headline))
    assert address.isascii()
    assert set(address) & set("?#<>\"' \\") == set()


@pytest.mark.parametrize(
    "url",
    [
        *LIVE,
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "java\nscript:alert(1)",
        " https://news.example/",
        "https://news.example/\x00",
        "https://news.example\\@evil.example/",
        "data:text/html,<b>",
        "//news.example/",
        "/article/1",
        "http://",
        "",
        "https://news.example/" + "a" * 3000,
    ],
)
def test_only_a_whole_web_address_may_be_linked(url: str) -> None:
    assert outward(url) is None


def test_web_addresses_may_be_linked_as_they_are() -> None:
    for url in ("https://news.example/?a=1&b=2#c", "http://127.0.0.1:8101/é"):
        assert outward(url) == url


def test_a_site_below_a_path_keeps_the_path_in_every_address() -> None:
    links = Links("https://example.org/news/")
    assert links.front() == "/news/"
    assert links.feed("atom", outlet="harbour") == "/news/outlet/harbour/feed.atom"
    assert links.absolute(links.about()) == "https://example.org/news/about"


def test_words_of_a_search_are_quoted_in_its_address() -> None:
    assert Links("https://a.example").search("a&b=c d", page=2) == "/search?q=a%26b%3Dc+d&page=2"
