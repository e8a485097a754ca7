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
