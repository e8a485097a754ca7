"""The headline is chosen among a page's titles; the site's name is no part of it."""

import pytest

from aggregator.extract.claims import Found
from aggregator.extract.headline import Titles, choose
from aggregator.extract.sitename import Site, without_site_name

SITE = Site.of(["The Harbour"], "www.theharbour.example")


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        ("Bridge opens - The Harbour", "Bridge opens"),
        ("Bridge opens | The Harbour", "Bridge opens"),
        ("Bridge opens – theharbour.example", "Bridge opens"),
        ("The Harbour | Bridge opens", "Bridge opens"),
        ("Bridge opens - Theharbour Politics", "Bridge opens"),
        ("Bridge opens：The Harbour", "Bridge opens"),
        ("Bridge opens--Sport--The Harbour", "Bridge opens--Sport"),
        ("Bridge: opens：late", "Bridge: opens：late"),
        ("Bridge opens - one year late", "Bridge opens - one year late"),
        ("The Harbour", "The Harbour"),
        ("Harbour - a love story", "Harbour - a love story"),
        ("", ""),
    ],
)
def test_site_name_is_cut(headline: str, expected: str) -> None:
    assert without_site_name(headline, SITE) == expected


def test_heading_ends_the_headline_where_only_a_section_follows() -> None:
    assert (
        without_site_name("Bridge opens | City", Site.of([], "a.example"), "Bridge opens") == "Bridge opens"
    )


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
    assert without_site_name(headline, Site.of(["The Post"], "post.example.org"), heading) == expected


def titles(shared: str, stated: str, shown: tuple[str, ...], window: str, listed: str = "") -> Titles:
    return Titles(
        Found(shared, "meta:og:title") if shared else None,
        Found(stated, "json-ld:headline") if stated else None,
        shown,
        window,
        Found(listed, "entry:headline") if listed else None,
    )


OPENS, LATE, SEARCHED = "Bridge opens at last", "A year late, the bridge opens", "Harbour bridge opening 2026"


@pytest.mark.parametrize(
    ("given", "expected", "source"),
    [
        # Written for other sites on purpose: it differs from what all others repeat.
        (titles(LATE, OPENS, (OPENS,), OPENS), LATE, "meta:og:title"),
        # A copy of the browser's title, and two that say otherwise.
        (titles(SEARCHED, OPENS, (OPENS,), f"{SEARCHED} | The Harbour"), OPENS, "page:h1"),
        (titles(SEARCHED, "", (OPENS,), SEARCHED, OPENS), OPENS, "page:h1"),
        # What the page shows and shares is the same: JSON-LD and the browser's title are for search.
        (titles(OPENS, SEARCHED, (OPENS,), SEARCHED), OPENS, "meta:og:title"),
        # No JSON-LD: the h1 if it speaks of the same, no site's name, section or teaser.
        (
            titles(
                "Bridge opening: what to know",
                "",
                ("Bridge opening at last",),
                "Bridge opening: what to know",
            ),
            "Bridge opening at last",
            "page:h1",
        ),
        (titles(OPENS, "", ("The Harbour", "Ferry sinks"), OPENS), OPENS, "meta:og:title"),
        # A kicker in front of it.
        (titles(OPENS, "", (f"Transport: {OPENS}",), OPENS), OPENS, "meta:og:title"),
        # The h1 is not the first.
        (titles(SEARCHED, OPENS, ("Log in", OPENS), SEARCHED), OPENS, "page:h1"),
        # Cut short.
        (titles("Bridge opens at…", "", (OPENS,), "The Harbour"), OPENS, "meta:og:title"),
        (
            titles("Mayor calls bridge", "", ('Mayor calls bridge "late"',), "x"),
            'Mayor calls bridge "late"',
            "meta:og:title",
        ),
        # Nothing but the page itself.
        (titles("", "", ("The Harbour", OPENS), f"{OPENS} - The Harbour"), OPENS, "page:h1"),
        (titles("", "", ("Menu",), f"{OPENS} - The Harbour"), OPENS, "page:title"),
        (titles("", "", (OPENS,), ""), OPENS, "page:h1"),
        (titles("", "", (), "", OPENS), OPENS, "entry:headline"),
    ],
)
def test_headline_is_chosen(given: Titles, expected: str, source: str) -> None:
    assert choose(given, SITE) == Found(expected, source)


def test_page_without_any_title_has_no_headline() -> None:
    assert choose(titles("", "", (), ""), SITE) is None
