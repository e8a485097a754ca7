"""Feeds, sitemaps and pages made to keep the seeds busy end as quickly as any others."""

import gzip
from collections.abc import Callable

import pytest
from paced import within

from aggregator.errors import FeedError
from aggregator.model.outlet import Seed, SeedKind
from aggregator.seeds.discover import sitemaps_of
from aggregator.seeds.feed import parse_feed
from aggregator.seeds.section import parse_section
from aggregator.seeds.sitemap import parse_sitemap

URL = "https://a.example/"
SEED = Seed(SeedKind.FEED, URL)
MOST_CPU_SECONDS = 5.0


def feed(text: str) -> int:
    try:
        return len(parse_feed(text.encode(), None, SEED, limit=200))
    except FeedError:
        return -1


def item(author: str, before: str = "") -> str:
    link = "<link>https://a.example/1</link>"
    return f"{before}<rss version='2.0'><channel><item>{link}<author>{author}</author></item></channel></rss>"


def section() -> int:
    link = "<a href='/2024/05/06/big-story-of-the-day'>"
    page = f"<body>{link}{'word ' * 400_000}</a>" + f"{link}x</a>" * 4000
    return len(parse_section(page.encode(), None, URL, SEED, limit=50))


def sitemap() -> int:
    return len(parse_sitemap(gzip.compress(b"https://a.example/x\n" * 2_000_000), SEED, limit=50).entries)


@pytest.mark.parametrize(
    ("work", "result"),
    [
        (lambda: feed(item("a" * 1_000_000)), 1),
        (lambda: feed(item("a" + " " * 1_000_000 + "b")), 1),
        (lambda: feed(item("a", before="<!-- x -->" * 40)), 1),
        (lambda: feed("<!DOCTYPE" + " " * 63_000), -1),
        (lambda: len(sitemaps_of("\n" * 200_000 + "x", URL)), 0),
        (section, 1),
        (sitemap, 1),
    ],
    ids=["author", "blanks", "comments", "doctype", "robots", "section", "sitemap"],
)
def test_hostile_list_takes_no_quadratic_time(work: Callable[[], int], result: int) -> None:
    with within(MOST_CPU_SECONDS):
        assert work() == result


def test_doctype_behind_letters_that_grow_in_capitals_is_found() -> None:
    assert feed(item("a", before="<?xml version='1.0'?><!-- Straße --><!DOCTYPE rss>")) == 1


def test_headline_holds_no_markup_and_nothing_unseen() -> None:
    title = "<title>A \u202ebridge\u200b &amp;lt;b&amp;gt;at&amp;lt;/b&amp;gt; last</title>"
    text = f"<rss version='2.0'><channel><item><link>{URL}1</link>{title}</item></channel></rss>"
    [entry] = parse_feed(text.encode(), None, SEED, limit=9)
    assert entry.headline == "A bridge at last"
