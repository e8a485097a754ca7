"""Discovery: what a home page and robots.txt tell about an outlet, and the card drafted from it."""

import pytest

from aggregator.model.outlet import RightsMode, Seed, SeedKind
from aggregator.seeds.discover import Discovered, discover, sitemaps_of
from aggregator.seeds.draft import draft, slug_of

URL = "https://www.lephare.example/"
HOME = """<!DOCTYPE html><html lang="fr"><head><title>Actualités en direct | Le Phare</title>
<meta property="og:site_name" content="Le Phare d&#39;Armor">
<link rel="alternate" type="application/rss+xml" title="À la une" href="/rss.xml">
<link rel="alternate" type="application/atom+xml" title="Commentaires" href="/comments/feed">
<link rel="alternate" type="application/feed+json" href="https://www.lephare.example/feed.json">
<link rel="alternate" hreflang="en" href="/en/">
<link rel="alternate" type="application/rss+xml" href="mailto:x">
<link rel="sitemap" href="/sitemap.xml"></head>
<body><a rel="license" href="https://creativecommons.org/licenses/by-nc-sa/4.0/deed.fr">CC</a></body></html>"""
ROBOTS = """User-agent: *
Disallow: /search
Crawl-delay: 5
Sitemap: https://www.lephare.example/sitemap.xml
sitemap: https://www.lephare.example/news-sitemap.xml
Sitemap: nonsense:
"""
PUBLISHER = '{"@graph": [3, {"@type": "NewsMediaOrganization", "name": "Phare"}]}'
AGENT = "aggregator/0.1 (+https://aggregator.example)"


def test_home_page_tells_feeds_sitemaps_language_name_and_licence() -> None:
    assert discover(HOME.encode(), None, URL) == Discovered(
        feeds=("https://www.lephare.example/rss.xml", "https://www.lephare.example/feed.json"),
        sitemaps=("https://www.lephare.example/sitemap.xml",),
        language="fr",
        country=None,
        name="Le Phare d'Armor",
        licence="https://creativecommons.org/licenses/by-nc-sa/4.0/deed.fr",
    )


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("<title>Le Phare – L'actualité de Bretagne</title>", "Le Phare"),
        ("<title>Actualités de Bretagne | Le Phare</title>", "Le Phare"),
        (f'<script type="application/ld+json">{PUBLISHER}</script><title>x</title>', "Phare"),
        ('<script type="application/ld+json">{broken</script><title>Accueil</title>', "Accueil"),
        ("", None),
    ],
)
def test_name_comes_from_metadata_or_the_part_of_the_title_that_is_in_the_host(
    head: str, name: str | None
) -> None:
    assert discover(f"<html><head>{head}</head><body>x</body></html>".encode(), None, URL).name == name


@pytest.mark.parametrize(
    ("tag", "url", "language", "country"),
    [
        ('<html lang="pt-BR">', URL, "pt-BR", "BR"),
        ('<html lang="pt_br">', URL, "pt-BR", "BR"),
        ('<html lang="zh-Hant">', "https://news.tw/", "zh-Hant", "TW"),
        ('<html lang="en">', "https://news.co.uk/", "en", "GB"),
        ('<html lang="en-US">', "https://news.ie/", "en-US", "IE"),
        ('<html lang="nonsense">', "https://news.io/", None, None),
        ('<html><meta property="og:locale" content="de_AT">', URL, "de-AT", "AT"),
    ],
)
def test_language_and_country_are_told_by_the_page_and_its_address(
    tag: str, url: str, language: str | None, country: str | None
) -> None:
    found = discover(f"{tag}<body>x</body></html>".encode(), None, url)
    assert (found.language, found.country) == (language, country)


@pytest.mark.parametrize("body", [b"", b"   ", b"\xff\xfe", b"<!-- -->", b"%PDF-1.4"])
def test_page_that_is_none_tells_nothing(body: bytes) -> None:
    assert discover(body, None, URL).feeds == ()


def test_robots_txt_names_sitemaps_news_first() -> None:
    assert sitemaps_of(ROBOTS, URL) == (
        "https://www.lephare.example/news-sitemap.xml",
        "https://www.lephare.example/sitemap.xml",
    )


def test_draft_takes_what_answered_and_leaves_rights_to_a_person() -> None:
    tried = {
        "https://www.lephare.example/rss.xml": True,
        "https://www.lephare.example/feed.json": False,
        "https://www.lephare.example/feed": True,
        "https://www.lephare.example/news-sitemap.xml": True,
        "https://www.lephare.example/sitemap.xml": True,
    }
    made = draft(discover(HOME.encode(), None, URL), URL, ROBOTS, tried, agent=AGENT)
    outlet = made.outlet
    assert outlet.seeds == (
        Seed(SeedKind.FEED, "https://www.lephare.example/rss.xml"),
        Seed(SeedKind.SITEMAP, "https://www.lephare.example/news-sitemap.xml"),
    )
    assert (outlet.language, outlet.country, outlet.name) == ("fr", "FR", "Le Phare d'Armor")
    assert (outlet.rights.mode, outlet.rights.licence) == (RightsMode.LINK, "CC-BY-NC-SA-4.0")
    assert outlet.politeness.delay_seconds == 5
    assert any("licence" in doubt for doubt in made.doubts)


def test_draft_without_feed_and_sitemap_reads_the_home_page_as_a_section() -> None:
    made = draft(Discovered(), URL, "User-agent: *\nDisallow: /", {URL + "feed": False}, agent=AGENT)
    assert made.outlet.seeds == (Seed(SeedKind.SECTION, URL),)
    assert any("no feed and no sitemap" in doubt for doubt in made.doubts)
    assert any("robots.txt forbids" in doubt for doubt in made.doubts)


def test_draft_prefers_one_usual_place_when_the_page_names_no_feed() -> None:
    tried = {URL + "feed": True, URL + "rss": True, URL + "sitemap.xml": True}
    assert draft(Discovered(), URL, "", tried, agent=AGENT).outlet.seeds == (
        Seed(SeedKind.FEED, URL + "feed"),
    )


@pytest.mark.parametrize(
    ("url", "name", "slug"),
    [
        ("https://www.bbc.co.uk/news", "BBC", "bbc"),
        ("https://fr.euronews.com/", "Euronews", "fr-euronews"),
        ("http://127.0.0.1:8101/", "Le Phare d'Armor", "le-phare-d-armor"),
        ("http://localhost/", "日本", "outlet"),
    ],
)
def test_slug_comes_from_the_host_or_else_the_name(url: str, name: str, slug: str) -> None:
    assert slug_of(url, name) == slug
