"""Whose a page is, by its address alone."""

from dataclasses import replace

import pytest
from store.samples import outlet

from aggregator.outlets.hosts import Hosts

CARDS = [
    replace(outlet(slug), homepage=homepage, paused=slug.startswith("paused"))
    for slug, homepage in (
        ("harbour", "https://www.harbour.example/"),
        ("sport", "https://sport.harbour.example/today"),
        ("bay-en", "https://bay.example/en/"),
        ("bay-fr", "https://bay.example/fr/accueil"),
        ("quay", "https://quay.example/"),
        ("quay-fr", "https://quay.example/fr/"),
        ("paused-tide", "https://tide.example/"),
        ("tide", "http://www.tide.example/"),
        ("tide-twin", "https://tide.example/"),
    )
]


@pytest.mark.parametrize(
    ("url", "slug"),
    [
        ("https://harbour.example/a/b", "harbour"),
        ("http://m.harbour.example/a", "harbour"),
        ("https://news.harbour.example/a", "harbour"),
        ("https://sport.harbour.example/a", "sport"),
        ("https://myharbour.example/a", None),
        ("https://harbour.example.evil.example/a", None),
        ("https://bay.example/en/a", "bay-en"),
        ("https://bay.example/fr/b", "bay-fr"),
        ("https://bay.example/de/b", None),
        ("https://quay.example/fr/a", "quay-fr"),
        ("https://quay.example/a", "quay"),
        # Of two cards for one outlet, the first by name that is not paused.
        ("https://tide.example/a", "tide"),
        ("ftp://harbour.example/a", None),
        ("https://[::1/a", None),
        ("", None),
    ],
)
def test_a_page_is_of_the_outlet_whose_host_it_has(url: str, slug: str | None) -> None:
    found = Hosts(CARDS).outlet_of(url)
    assert (found.slug if found else None) == slug
