"""What every answer owes: headers, validators, HEAD, and a page for anything odd."""

import gzip
import json
import socket
import time
from datetime import timedelta
from pathlib import Path

import feedparser
import pytest
from lxml import etree, html
from published import CARDS, START, article, publish
from reading import Reader, site_over
from starlette.requests import Request
from starlette.responses import Response

from aggregator.model.outlet import RightsMode
from aggregator.site.caching import settled
from aggregator.store import outlets
from aggregator.store.engine import Database

PAGES = ["/", "/outlets", "/outlet/harbour", "/search", "/search?q=ferry", "/about"]
FEEDS = ["/feed.atom", "/feed.rss", "/feed.json", "/outlet/mina/feed.atom", "/outlet/mina/feed.rss"]
MACHINES = ["/sitemap.xml", "/robots.txt", "/opml.xml", "/healthz", "/static/site.css", "/static/icon.svg"]
ODD = {
    "/nothing": 404,
    "/article/0": 404,
    "/article/-1": 404,
    "/article/99999999999999999999": 404,
    "/article/999999999999999999": 404,
    "/article/1e3": 404,
    "/article/%D9%A1": 404,
    "/article/%00": 404,
    "/article/%ff%fe": 404,
    "/language/und": 404,
    "/language/und-ar": 404,
    "/outlet/": 404,
    "/outlet/nobody": 404,
    "/outlet/%00": 404,
    "/outlet/..%2f..%2fetc": 404,
    "/outlet/nobody/feed.atom": 404,
    "/feed.exe": 404,
    "/?before=%00": 404,
    "/?before=%ed%a0%80": 404,
    "/?before=" + "a" * 5000: 404,
    "/?before=nonsense": 404,
    "/outlet/harbour?before=1_2_3": 404,
    "/?language=%3Cb%3E": 400,
    "/language/%3Cb%3E": 400,
    "/language/qqq": 404,
    "/language/": 404,
    "/language/ar?before=nonsense": 404,
    "/search?q=" + "a" * 201: 400,
    "/search?q=a&outlet=%27": 400,
    "/search?q=a&page=0": 404,
    "/search?q=a&page=51": 404,
    "/search?q=a&page=x": 404,
    "/static/../app.py": 404,
    "/static/%2e%2e/app.py": 404,
    "/static/nothing.css": 404,
}
HARMLESS = [
    "/search?q=%00",
    "/search?q=%ff%fe",
    "/search?q=%ed%a0%80",
    "/search?q=%22AND%20OR%20NEAR(%28*%3A%5E",
    "/search?q=%27%3B%20DROP%20TABLE%20publication%3B--",
    "/search?q=" + "%F0%9F%A6%AD" * 200,
    "/search?q=a&q=b&page=1",
    "/search?q=%25_%5C",
    "/?before=",
]


@pytest.mark.parametrize("path", [*PAGES, *FEEDS, *MACHINES, "/nothing", "/search?page=0", "/?before=%00"])
def test_every_answer_forbids_foreign_scripts_and_sniffing(news: Reader, path: str) -> None:
    headers = news.get(path).headers
    policy = headers["content-security-policy"]
    for rule in ("default-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"):
        assert rule in policy
    assert "unsafe" not in policy
    assert "script-src 'self';" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"]
    assert headers["permissions-policy"]
    assert "cache-control" in headers


@pytest.mark.parametrize("path", ["/", "/outlets", "/search?q=ferry", "/opml.xml", "/feed.atom"])
def test_what_changes_with_the_news_is_kept_for_a_minute(news: Reader, path: str) -> None:
    assert news.get(path).headers["cache-control"] == "public, max-age=60"


def test_a_style_sheet_is_kept_for_good_under_its_release_alone(news: Reader) -> None:
    address = html.fromstring(news.get("/").text).xpath("//link[@rel='stylesheet']/@href")[0]
    named = news.get(address, accept_encoding="gzip")
    assert named.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (named.headers["content-encoding"], named.headers["vary"]) == ("gzip", "Accept-Encoding")
    assert named.headers["content-type"] == "text/css; charset=utf-8"
    plain = news.get("/static/site.css")
    assert plain.headers["cache-control"] == "public, max-age=60"
    assert plain.body.decode().startswith("/*")
    assert news.get("/static/site.css?0123456789ab").headers["cache-control"] == "public, max-age=60"
    assert news.get(address, if_none_match=named.headers["etag"]).status == 304
    head = news.get(address, "HEAD")
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", str(len(plain.body)))


@pytest.mark.parametrize(("path", "status"), ODD.items())
def test_an_odd_request_gets_a_page_that_says_so(news: Reader, path: str, status: int) -> None:
    answer = news.get(path)
    assert answer.status == status
    page = html.fromstring(answer.text)
    assert page.cssselect(".code")[0].text_content() == str(status)
    assert page.cssselect("nav a")


@pytest.mark.parametrize("path", HARMLESS)
def test_a_strange_search_is_only_a_search(news: Reader, path: str) -> None:
    assert news.get(path).status == 200


@pytest.mark.parametrize(
    "line", [b"GET /\xff\xfe HTTP/1.1", b"GET /search?q=\xff\x00 HTTP/1.1", b"GET /article/\x80 HTTP/1.1"]
)
def test_raw_bytes_in_an_address_are_no_fault_of_ours(news: Reader, line: bytes) -> None:
    with socket.create_connection(("127.0.0.1", news.port), timeout=20) as connection:
        connection.sendall(line + b"\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert connection.recv(64)[9:10] in {b"2", b"4"}


@pytest.mark.parametrize("path", ["/about/", "/search/?q=a", "/feed.rss/", "/static", "/article"])
def test_no_answer_leads_to_the_host_that_a_request_names(news: Reader, path: str) -> None:
    answer = news.get(path, Host="evil.example")
    assert "location" not in answer.headers
    assert "evil.example" not in answer.text


def test_nothing_can_be_written(news: Reader) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        answer = news.get("/", method)
        assert answer.status == 405
        assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize("path", [*PAGES, *FEEDS, *MACHINES])
def test_head_answers_as_get_without_a_body(news: Reader, path: str) -> None:
    whole, head = news.get(path), news.get(path, "HEAD")
    assert (head.status, head.body) == (whole.status, b"")
    for name in ("content-type", "content-length", "etag"):
        assert head.headers.get(name) == whole.headers.get(name)


@pytest.mark.parametrize(
    "path", ["/", "/outlet/harbour", "/feed.atom", "/outlet/mina/feed.rss", "/sitemap.xml"]
)
def test_an_unchanged_page_is_answered_by_304(news: Reader, path: str) -> None:
    first = news.get(path)
    tag = first.headers["etag"]
    for held in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        again = news.get(path, If_None_Match=held)
        assert (again.status, again.body) == (304, b"")
        assert again.headers["etag"] == tag
        assert "content-security-policy" in again.headers
    assert news.get(path, If_None_Match='"other"').status == 200


def test_validators_belong_to_one_page(news: Reader) -> None:
    tags = {news.get(path).headers["etag"] for path in ("/", "/feed.atom", "/feed.rss", "/language/ar")}
    assert len(tags) == 4


def test_a_change_ends_what_readers_hold(own: Reader) -> None:
    outlets.sync(own.db, CARDS)
    publish(own.db, RightsMode.FULL, article("harbour", 1, "The ferry stays"))
    tag = own.get("/").headers["etag"]
    publish(own.db, RightsMode.FULL, article("harbour", 2, "The ferry sails"), at=START + timedelta(hours=1))
    again = own.get("/", If_None_Match=tag)
    assert again.status == 200
    assert "The ferry sails" in again.text


def test_a_change_has_a_date_once_its_second_is_over() -> None:
    change = START.replace(microsecond=600_000)
    assert settled(change, change + timedelta(seconds=1)) is None
    assert settled(change, change + timedelta(seconds=3)) == START
    assert settled(None, START) is None


def test_dates_are_validators_too(news: Reader) -> None:
    deadline = time.monotonic() + 20
    while (date := news.get("/").headers.get("last-modified")) is None:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    for held, status in ((date, 304), ("Sun, 01 Mar 1970 08:00:00 GMT", 200), ("yesterday", 200), ("", 200)):
        assert news.get("/", If_Modified_Since=held).status == status
    assert news.get("/", If_Modified_Since=date, If_None_Match='"other"').status == 200


def test_a_fault_of_ours_is_a_page_with_all_headers_and_without_the_fault(
    tmp_path: Path, migrated_sqlite: bytes
) -> None:
    path = tmp_path / "fault.sqlite3"
    path.write_bytes(migrated_sqlite)
    db = Database.open(f"sqlite:///{path}")

    def fault(_request: Request) -> Response:
        raise RuntimeError("the secret of the house")

    with site_over(db, routes={"/fault": fault}) as reader:
        answer = reader.get("/fault")
    db.close()
    assert answer.status == 500
    assert "Something broke on our side" in answer.text
    assert "secret" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


def test_a_page_goes_out_gzipped_to_those_who_take_it(news: Reader) -> None:
    for path in ("/", "/search?q=ferry", "/feed.atom"):  # kept in either form, and made anew
        packed, plain = news.get(path, Accept_Encoding="gzip"), news.get(path)
        assert packed.headers["content-encoding"] == "gzip", path
        assert "content-encoding" not in plain.headers, path
        assert gzip.decompress(packed.body) == plain.body, path
        assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Language, Cookie, Accept-Encoding"
        head = news.get(path, "HEAD", Accept_Encoding="gzip")
        assert (head.body, head.headers["content-length"]) == (b"", str(len(packed.body))), path


def test_every_feed_is_understood_by_a_feed_reader(news: Reader) -> None:
    for path in ("/feed.atom", "/feed.rss", "/outlet/mina/feed.atom", "/outlet/mina/feed.rss"):
        parsed = feedparser.parse(news.get(path).body)
        assert not parsed.bozo, path
        assert parsed.entries, path
        assert all(each.link.startswith(news.base) for each in parsed.entries)
    document = json.loads(news.get("/feed.json").body)
    assert len(document["items"]) == len({each["id"] for each in document["items"]}) > 40


def test_an_outlets_feed_has_only_its_own(news: Reader) -> None:
    document = json.loads(news.get("/outlet/mina/feed.json").body)
    assert [each["language"] for each in document["items"]] == ["ar"]
    assert "الميناء" in document["title"]


def test_feeds_keep_to_the_mode(news: Reader) -> None:
    for kind in ("atom", "rss", "json"):
        assert "Nobody has seen" not in news.get(f"/outlet/kurier/feed.{kind}").text
        assert "ferry waits" not in news.get(f"/outlet/synopsis/feed.{kind}").text


def test_the_sitemap_offers_no_full_copy(news: Reader) -> None:
    root = etree.fromstring(news.get("/sitemap.xml").body)
    places = [each.text for each in root.iter("{*}loc")]
    assert all(each.startswith(news.base) for each in places)
    assert any("/die-f" in each for each in places)
    assert not any("ferry-stays" in each for each in places)


def test_robots_txt_names_the_sitemap(news: Reader) -> None:
    assert f"Sitemap: {news.base}/sitemap.xml" in news.get("/robots.txt").text.splitlines()


def test_opml_lists_our_feed_of_each_outlet(news: Reader) -> None:
    root = etree.fromstring(news.get("/opml.xml").body)
    places = {each.get("xmlUrl") for each in root.iter("outline")}
    assert places == {f"{news.base}/outlet/{card.slug}/feed.rss" for card in CARDS}


def test_health_says_ok_with_the_newest_publication(news: Reader, own: Reader) -> None:
    answer = news.get("/healthz")
    facts = json.loads(answer.body)
    assert (facts["status"], facts["database"]) == ("ok", "sqlite")
    assert facts["newest_publication"] == "2026-03-01T08:00:00Z"
    assert answer.headers["cache-control"] == "no-store"
    assert json.loads(own.get("/healthz").body)["newest_publication"] is None


def test_a_store_that_is_gone_is_said_and_not_kept(own: Reader) -> None:
    with own.db.session() as session:
        session.connection().exec_driver_sql("ALTER TABLE publication RENAME TO elsewhere")
    for path, status in (("/", 503), ("/feed.atom", 503), ("/healthz", 503), ("/about", 200)):
        answer = own.get(path)
        assert answer.status == status, path
        assert "content-security-policy" in answer.headers
        assert "elsewhere" not in answer.text
        assert "SELECT" not in answer.text
    assert own.get("/").headers["cache-control"] == "no-store"
