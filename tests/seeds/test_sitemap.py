"""Sitemaps: every shape, and what the wild does to them."""

import gzip
import re
from datetime import UTC, datetime

import pytest
from paced import within

from aggregator.errors import FeedError
from aggregator.model.outlet import Seed, SeedKind
from aggregator.seeds.sitemap import MOST_BYTES, Sitemap, parse_sitemap

SEED = Seed(SeedKind.SITEMAP, "https://news.example/sitemap.xml")
NEWS = b"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
  xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://news.example/old</loc><lastmod>2024-05-07</lastmod><news:news>
  <news:publication><news:name>News</news:name><news:language>en</news:language></news:publication>
  <news:publication_date>2024-05-05T10:00:00+02:00</news:publication_date>
  <news:title>Fish &amp; chips</news:title></news:news>
  <image:image><image:loc>https://news.example/picture.jpg</image:loc></image:image></url>
<url><loc> https://news.example/new </loc><news:news><news:publication_date>2024-05-06</news:publication_date>
  <news:title>Newer</news:title></news:news></url>
</urlset>"""


def parse(body: bytes, limit: int = 100) -> Sitemap:
    return parse_sitemap(body, SEED, limit=limit)


def urlset(*urls: str) -> bytes:
    return f"<urlset>{''.join(f'<url><loc>{url}</loc></url>' for url in urls)}</urlset>".encode()


def paths(sitemap: Sitemap) -> list[str]:
    return [entry.url.removeprefix("https://news.example") for entry in sitemap.entries]


def test_news_sitemap_gives_headline_and_dates_newest_first() -> None:
    new, old = parse(NEWS).entries
    assert (old.url, old.headline) == ("https://news.example/old", "Fish & chips")
    assert old.published == datetime(2024, 5, 5, 8, 0, tzinfo=UTC)
    assert old.updated == datetime(2024, 5, 7, tzinfo=UTC)
    assert (new.url, new.headline, new.updated) == ("https://news.example/new", "Newer", None)


def test_lastmod_is_no_date_of_publication() -> None:
    entry = parse(b"<urlset><url><loc>/a</loc><lastmod>2024-05-06</lastmod></url></urlset>").entries[0]
    assert (entry.published, entry.updated) == (None, datetime(2024, 5, 6, tzinfo=UTC))


def test_limit_keeps_the_newest_wherever_they_stand() -> None:
    dates = ["2024-01-01", "2024-03-01", "", "2024-02-01", "2024-04-01"]
    lines = (f"<url><loc>/{n}</loc><lastmod>{date}</lastmod></url>" for n, date in enumerate(dates))
    body = f"<urlset>{''.join(lines)}</urlset>".encode()
    assert paths(parse(body, limit=3)) == ["/4", "/1", "/3"]
    assert paths(parse(body)) == ["/4", "/1", "/3", "/0", "/2"]


def test_each_address_counts_once_and_only_web_addresses_do() -> None:
    body = urlset(
        "/a", "/b", "/a/", "ftp://news.example/c", "", "http://[broken", "https://www.news.example/b"
    )
    assert paths(parse(body)) == ["/a", "/b"]


def test_index_gives_children_newest_first() -> None:
    body = b"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
    <sitemap><loc>https://news.example/1.xml</loc></sitemap>
    <sitemap><loc>https://news.example/2.xml</loc><lastmod>2024-05-05</lastmod></sitemap>
    <sitemap><loc>/3.xml.gz</loc><lastmod>2024-05-06T10:00:00Z</lastmod></sitemap>
    <sitemap><loc>mailto:x@news.example</loc></sitemap></sitemapindex>"""
    children = ("https://news.example/3.xml.gz", "https://news.example/2.xml", "https://news.example/1.xml")
    assert parse(body) == Sitemap(children=children)
    assert parse(body, limit=2).children == children[:2]


@pytest.mark.parametrize(
    "body",
    [
        NEWS,
        gzip.compress(NEWS),
        b"\xef\xbb\xbf" + NEWS,
        NEWS.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        NEWS.replace(b' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"', b""),
        NEWS.replace(
            b"http://www.sitemaps.org/schemas/sitemap/0.9", b"http://www.google.com/schemas/sitemap/0.84"
        ),
        b"<!-- made by a plugin <urlset> -->\n" + NEWS.partition(b"?>")[2],
    ],
    ids=["plain", "gzip", "mark", "utf-16", "no namespace", "old namespace", "comment"],
)
def test_every_wrapping_gives_the_same(body: bytes) -> None:
    assert parse(body) == parse(NEWS)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"<urlset><url><loc>/?a=1&b=2</loc></url></urlset>", ["/?a=1&b=2"]),
        (b"<urlset><url><loc>/a</loc></url><url><loc>/b</loc></url><url><loc>/c", ["/a", "/b"]),
        (b"<urlset><url><loc>/a</loc><lastmod>never</lastmod></url></urlset>", ["/a"]),
        (b"<urlset><url><loc>/a\x00</loc></url><url><loc>/b</loc></url></urlset>", ["/a", "/b"]),
    ],
    ids=["ampersand", "cut off", "no date", "control character"],
)
def test_broken_xml_gives_what_can_be_read(body: bytes, found: list[str]) -> None:
    assert paths(parse(body)) == found


def test_gzip_that_is_cut_off_gives_what_came() -> None:
    packed = gzip.compress(urlset(*(f"https://news.example/{n}" for n in range(20_000))))
    assert len(parse(packed[: len(packed) // 2], limit=300).entries) == 300


def test_plain_text_has_an_address_on_each_line() -> None:
    assert paths(parse(b"https://news.example/a\r\nhttps://news.example/b\n\nnot an address\n")) == [
        "/a",
        "/b",
    ]


def test_feed_may_serve_as_sitemap() -> None:
    feed = b"<rss><channel><item><title>A</title><link>/a</link></item></channel></rss>"
    entry = parse(feed).entries[0]
    assert (entry.url, entry.headline) == ("https://news.example/a", "A")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "is empty"),
        (b"<!DOCTYPE html><html><body>", "is HTML, not a sitemap"),
        (b"<Error>AccessDenied</Error>", "is not a sitemap"),
        (b"Just some words.", "neither XML nor one address a line"),
        (b"\x1f\x8bnot gzip at all", "is empty"),
    ],
)
def test_what_is_no_sitemap_is_an_error_with_address_and_advice(body: bytes, words: str) -> None:
    with pytest.raises(FeedError, match=re.escape(SEED.url)) as caught:
        parse(body)
    assert words in str(caught.value)


def test_gzip_bomb_is_refused_before_it_fills_the_memory() -> None:
    bomb = gzip.compress(b"<urlset>" + b" " * (MOST_BYTES + 1))
    with pytest.raises(FeedError, match="more than 50 MB"):
        parse(bomb)


def test_entities_are_never_expanded() -> None:
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    body = f'<!DOCTYPE urlset [<!ENTITY l0 "ha">{laughs}<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    body += "<urlset><url><loc>/a&l9;</loc></url><url><loc>/b&f;</loc></url></urlset>"
    with within(1):
        assert all(len(path) < 10 for path in paths(parse(body.encode())))


def test_fifty_thousand_addresses_are_read_in_three_seconds() -> None:
    lines = (
        f"<url><loc>https://news.example/{n}</loc><lastmod>2024-05-{n % 28 + 1:02}T10:00:00Z</lastmod></url>"
        for n in range(50_000)
    )
    body = gzip.compress(f"<urlset>{''.join(lines)}</urlset>".encode())
    with within(3):
        found = parse(body, limit=200).entries
    assert len(found) == 200
    assert {entry.updated for entry in found} == {datetime(2024, 5, 28, 10, tzinfo=UTC)}
