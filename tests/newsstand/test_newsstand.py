"""The newsstand over HTTP, with a clock that the tests turn."""

import gzip
import html
import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import feedparser
import pytest
from newsstand.client import ask
from PIL import Image

from aggregator import newsstand, outlets, project
from aggregator.errors import ConfigError, PortBusyError
from aggregator.newsstand import content
from aggregator.newsstand.addresses import FEEDS
from aggregator.newsstand.newsroom import Shown

DEMO = content.read(project.demo_data())
SLUGS = sorted(DEMO.outlets)
FREE = dict.fromkeys(SLUGS, 0)
FIRST_START = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
CORRECTED, WITHDRAWN, PAYWALLED = "channel-deepening-vote", "whale-in-the-marina", "library-of-knots"


class Clock:
    """A clock that stands still until it is turned."""

    def __init__(self) -> None:
        self.moment = FIRST_START

    def __call__(self) -> datetime:
        return self.moment

    def turn(self, minutes: float) -> None:
        self.moment = FIRST_START + timedelta(minutes=minutes)


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def running(clock: Clock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[newsstand.Newsstand]:
    with newsstand.start(tmp_path_factory.mktemp("state"), ports=FREE, clock=clock) as stand:
        yield stand


@pytest.fixture
def stand(running: newsstand.Newsstand, clock: Clock) -> newsstand.Newsstand:
    clock.turn(0)
    return running


def address(stand: newsstand.Newsstand, outlet: str, article: str) -> str:
    url = stand.newsroom.url(outlet, article)
    assert url is not None
    return url


def feed_url(stand: newsstand.Newsstand, slug: str) -> str:
    return stand.urls[slug].rstrip("/") + FEEDS[DEMO.outlets[slug].feed]


def listed(stand: newsstand.Newsstand, slug: str) -> list[str]:
    """The addresses in an outlet's feed without tracking parameters."""
    body = ask(feed_url(stand, slug)).body
    if DEMO.outlets[slug].feed == "json":
        return [item["url"] for item in json.loads(body)["items"]]
    parsed = feedparser.parse(body)
    assert not parsed.bozo
    return [entry.link.partition("?")[0] for entry in parsed.entries]


@pytest.mark.parametrize("slug", SLUGS)
def test_home_page_links_to_the_feed_and_to_articles(stand: newsstand.Newsstand, slug: str) -> None:
    home = ask(stand.urls[slug])
    assert home.status == 200
    assert f'href="{FEEDS[DEMO.outlets[slug].feed]}"' in home.text
    assert sum(url.removeprefix(stand.urls[slug]) in home.text for url in listed(stand, slug)) >= 9


@pytest.mark.parametrize("slug", SLUGS)
def test_feed_lists_every_article_newest_first_and_each_is_served(
    stand: newsstand.Newsstand, slug: str
) -> None:
    urls = listed(stand, slug)
    ages = sorted((article.age_hours, name) for name, article in DEMO.articles[slug].items())
    assert urls == [address(stand, slug, name) for _, name in ages]
    for url in urls:
        page = ask(url)
        assert page.status == 200
        assert int(page.headers["content-length"]) == len(page.body)


@pytest.mark.parametrize("slug", SLUGS)
def test_page_shows_headline_and_all_paragraphs(stand: newsstand.Newsstand, slug: str) -> None:
    for url in listed(stand, slug):
        path = url.removeprefix(stand.urls[slug].rstrip("/"))
        shown = stand.newsroom.find(slug, path, FIRST_START)
        assert isinstance(shown, Shown)
        text = html.unescape(ask(url).text)
        assert shown.headline in text
        assert all(line in text for part in shown.parts for line in part.lines)


def test_news_sitemap_is_found_through_the_index(stand: newsstand.Newsstand) -> None:
    index = ET.fromstring(ask(stand.urls["harbour-post"] + "sitemap.xml").body)  # noqa: S314 - our own server
    child = index.findtext(".//{*}loc")
    assert child is not None
    urls = ET.fromstring(ask(child).body).findall("{*}url/{*}loc")  # noqa: S314 - our own server
    assert address(stand, "harbour-post", CORRECTED) in [element.text for element in urls]


def test_section_pages_exist_in_every_script(stand: newsstand.Newsstand) -> None:
    for slug in SLUGS:
        site = stand.newsroom.front(slug, FIRST_START)
        home = ask(stand.urls[slug]).text
        links = {part.split('"')[0] for part in home.split('href="/section/')[1:]}
        assert len(links) == len({article.section for article in site if not article.private})
        assert all(ask(f"{stand.urls[slug]}section/{link}").status == 200 for link in links)


def test_validators_give_304_until_the_page_changes(stand: newsstand.Newsstand, clock: Clock) -> None:
    url = address(stand, "harbour-post", CORRECTED)
    first = ask(url)
    etag, since = first.headers["etag"], first.headers["last-modified"]
    assert ask(url, {"If-None-Match": etag}).status == 304
    assert ask(url, {"If-Modified-Since": since}).status == 304
    assert ask(url, {"If-None-Match": '"other"', "If-Modified-Since": since}).status == 200
    assert ask(url, {"If-Modified-Since": "yesterday"}).status == 200
    clock.turn(1)
    assert ask(url, {"If-None-Match": etag}).status == 200
    assert ask(url, {"If-Modified-Since": since}).status == 200


def test_gzip_is_sent_to_those_who_take_it(stand: newsstand.Newsstand) -> None:
    url = stand.urls["al-mina"]
    plain, packed = ask(url), ask(url, {"Accept-Encoding": "br, gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert "content-encoding" not in ask(url, {"Accept-Encoding": "gzip;q=0"}).headers


def test_correction_changes_text_note_and_feed_after_its_minute(
    stand: newsstand.Newsstand, clock: Clock
) -> None:
    url = address(stand, "harbour-post", CORRECTED)
    before = ask(url).text
    clock.turn(1)
    after = ask(url).text
    assert ("£14 million" in before, "£41 million" in before) == (True, False)
    assert "Correction:" in after
    assert "£41 million" in after
    entry = next(
        e for e in feedparser.parse(ask(feed_url(stand, "harbour-post")).body).entries if e.link == url
    )
    assert entry.published == (FIRST_START - timedelta(hours=0.5)).isoformat()
    assert entry.updated == (FIRST_START + timedelta(minutes=1)).isoformat()


def test_withdrawn_article_is_410_and_gone_from_every_list(stand: newsstand.Newsstand, clock: Clock) -> None:
    url = address(stand, "harbour-post", WITHDRAWN)
    assert ask(url).status == 200
    clock.turn(2)
    assert ask(url).status == 410
    for path in ("", "atom.xml", "news-sitemap.xml", "latest/", "section/harbour/"):
        assert WITHDRAWN not in ask(stand.urls["harbour-post"] + path).text


def test_paywalled_page_holds_only_its_opening_and_says_so(stand: newsstand.Newsstand) -> None:
    page = ask(address(stand, "harbour-post", PAYWALLED)).text
    assert '"isAccessibleForFree": false' in page
    assert "This article is for subscribers" in page
    assert "They hang on wooden pegs" in page
    assert "half a century" not in page


def test_robots_forbids_the_private_page_that_the_feed_lists(stand: newsstand.Newsstand) -> None:
    private = [url for url in listed(stand, "harbour-post") if "/private/" in url]
    assert len(private) == 1
    assert "Disallow: /private/" in ask(stand.urls["harbour-post"] + "robots.txt").text
    assert "/private/" not in ask(stand.urls["harbour-post"]).text


def test_republished_page_names_its_source_in_a_foreign_theme(stand: newsstand.Newsstand) -> None:
    page = ask(address(stand, "synopsis24", "pont-tournant-ferme")).text
    original = address(stand, "phare-armor", "pont-tournant-ferme")
    assert '<html lang="en-US"' in page
    assert f'<a href="{original}">Source link </a>' in page
    assert "You may also like" in page
    assert DEMO.articles["phare-armor"]["pont-tournant-ferme"].headline in page


def test_agency_text_is_the_same_at_three_outlets(stand: newsstand.Newsstand) -> None:
    carriers = [slug for slug in SLUGS if "coastal-ferries-deal" in DEMO.articles[slug]]
    assert carriers == ["harbour-post", "minato-shinpo", "synopsis24"]
    for slug in carriers:
        page = ask(address(stand, slug, "coastal-ferries-deal")).text
        assert "SUNDHAVN (Nordwind) – Three rival ferry companies" in page


def test_pictures_are_small_and_unknown_addresses_are_404(stand: newsstand.Newsstand) -> None:
    picture = ask(stand.urls["phare-armor"] + "media/pont-tournant-ferme.jpg")
    assert picture.headers["content-type"].startswith("image/jpeg")
    assert Image.open(BytesIO(picture.body)).size == (960, 540)
    assert len(picture.body) < 60_000
    for path in ("media/nothing.jpg", "nothing.html", "section/nothing/", "../../etc/passwd"):
        assert ask(stand.urls["phare-armor"] + path).status == 404


def test_head_and_post(stand: newsstand.Newsstand) -> None:
    head = ask(stand.urls["phare-armor"], method="HEAD")
    assert (head.status, head.body) == (200, b"")
    assert int(head.headers["content-length"]) > 1000
    assert ask(stand.urls["phare-armor"], method="POST").status == 405


def test_cards_lead_to_the_ports_in_use_and_agree_with_the_outlets(
    stand: newsstand.Newsstand, tmp_path: Path
) -> None:
    cards = stand.cards()
    assert [card.slug for card in cards] == SLUGS
    for card in cards:
        outlet = DEMO.outlets[card.slug]
        assert (card.name, card.language, card.country) == (outlet.name, outlet.language, outlet.country)
        assert card.homepage == stand.urls[card.slug]
        assert all(ask(seed.url).status == 200 for seed in card.seeds)
    stand.write_cards(tmp_path)
    assert outlets.load(tmp_path) == {card.slug: card for card in cards}


def test_second_start_keeps_the_dates_of_the_first(tmp_path: Path, clock: Clock) -> None:
    clock.turn(0)
    with newsstand.start(tmp_path, ports=FREE, clock=clock) as stand:
        first = stand.newsroom.first_start
    clock.turn(90)
    with newsstand.start(tmp_path, ports=FREE, clock=clock) as stand:
        assert stand.newsroom.first_start == first
        assert ask(address(stand, "harbour-post", WITHDRAWN)).status == 410


def test_stopping_frees_the_ports(tmp_path: Path) -> None:
    stand = newsstand.start(tmp_path, ports=FREE)
    ports = {slug: int(url.rstrip("/").rpartition(":")[2]) for slug, url in stand.urls.items()}
    ask(stand.urls["al-mina"])
    stand.stop()
    with newsstand.start(tmp_path, ports=ports) as again:
        assert again.urls == stand.urls


def test_busy_port_is_named_with_its_outlet(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortBusyError, match=rf"127\.0\.0\.1:{port} \(demo outlet harbour-post\)"):
            newsstand.start(tmp_path, ports={**FREE, "harbour-post": port})


def test_damaged_memory_of_the_first_start_is_named(tmp_path: Path) -> None:
    (tmp_path / "newsstand.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"newsstand\.json: .* delete it to start the demo anew"):
        newsstand.start(tmp_path, ports=FREE)
