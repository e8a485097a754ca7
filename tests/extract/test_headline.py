"""The site's name is no part of the headline."""

import pytest

from aggregator.extract.headline import without_site_name


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        ("Bridge opens - The Harbour", "Bridge opens"),
        ("Bridge opens | The Harbour", "Bridge opens"),
        ("Bridge opens – theharbour.example", "Bridge opens"),
        ("The Harbour | Bridge opens", "Bridge opens"),
        ("Bridge opens - one year late", "Bridge opens - one year late"),
        ("The Harbour", "The Harbour"),
        ("Harbour - a love story", "Harbour - a love story"),
        ("", ""),
    ],
)
def test_site_name_is_cut(headline: str, expected: str) -> None:
    assert without_site_name(headline, ["The Harbour"], "www.theharbour.example") == expected


def test_heading_ends_the_headline_where_only_a_section_follows() -> None:
    assert without_site_name("Bridge opens | City", [], "a.example", "Bridge opens") == "Bridge opens"


@pytest.mark.parametrize(
    ("headline", "heading", "expected"),
    [
        ("Live - Floods hit the south", "Live", "Live - Floods hit the south"),
        ("The Post | Floods hit the south", "The Post", "Floods hit the south"),
        ("A flood - The Daily Example of the South", "A flood", "A flood"),
        ("Floods hit south - Politics and more of it", "Floods hit south", "Floods hit south"),
    ],
)
def test_a_kicker_or_a_site_in_the_heading_is_no_headline(headline: str, heading: str, expected: str) -> None:
    assert without_site_name(headline, ["The Post"], "post.example.org", heading) == expected
