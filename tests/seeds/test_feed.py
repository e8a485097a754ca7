"""Feeds: every family, and what the wild does to them."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paced import within
from seeds.feeds import ATOM_03, ATOM_1, JSON_1, JSON_11, RSS_090, RSS_091, RSS_1, RSS_2, SEED, URL, rss

from aggregator.errors import FeedError
from aggregator.model.page import Entry
from aggregator.seeds.feed import parse_feed

PUBLISHED = datetime(2024, 5, 6, 8, 30, tzinfo=UTC)
UPDATED = datetime(2024, 5, 6, 9, 0, tzinfo=UTC)


def parse(body: bytes | str, charset: str | None = None, limit: int = 100) -> tuple[Entry, ...]:
    return parse_feed(body.encode() if isinstance(body, str) else body, charset, SEED, limit=limit)


def test_rss_2_gives_every_field_as_plain_text() -> None:
    assert parse(RSS_2) == (
        Entry(
            url=URL,
            seed=SEED,
            guid="budget-1",
            headline="Council & mayor vote the budget",
            dek="It took six hours. Nobody left early.",
            byline=("Ada Bell", "Cem Dal"),
            published=PUBLISHED,
            licence="https://creativecommons.org/licenses/by/4.0/",
        ),
    )


def test_atom_link_is_the_html_alternate_joined_to_xml_base() -> None:
    assert parse(ATOM_1) == (
        Entry(
            url=URL,
            seed=SEED,
            guid="tag:news.example,2024:1",
            headline="Council votes",
            dek="Six hours.",
            byline=("Ada Bell", "Cem Dal"),
            published=PUBLISHED,
            updated=UPDATED,
            licence="https://creativecommons.org/licenses/by-sa/4.0/",
        ),
    )


@pytest.mark.parametrize("feed", [RSS_090, RSS_091, RSS_1, RSS_2, ATOM_03, ATOM_1, JSON_1, JSON_11])
def test_every_family_gives_the_article_once(feed: str) -> None:
    assert [entry.url for entry in parse(feed)] == [URL]


@pytest.mark.parametrize("feed", [RSS_1, RSS_2, ATOM_03, ATOM_1, JSON_1, JSON_11])
def test_dates_of_every_family_are_aware_utc(feed: str) -> None:
    assert parse(feed)[0].published == PUBLISHED


def test_named_entities_of_html_are_read_without_a_dtd() -> None:
    assert parse(RSS_091)[0].headline == "Café opens"


def test_json_feed_authors_and_update_are_read() -> None:
    entry = parse(JSON_11)[0]
    assert (entry.byline, entry.updated) == (("Ada Bell", "Cem Dal"), UPDATED)


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ("<link>/a/b</link>", "https://news.example/a/b"),
        ("<link>b</link>", "https://news.example/feeds/b"),
        ("<link>//cdn.example/a</link>", "https://cdn.example/a"),
        ("<link>\n https://news.example/a\n </link>", "https://news.example/a"),
        ("<guid>https://news.example/a</guid>", "https://news.example/a"),
        ("<link/><guid isPermaLink='true'>https://news.example/a</guid>", "https://news.example/a"),
        ("<link href='https://news.example/a'/>", "https://news.example/a"),
        (
            "<link>https://feeds.example/~r/1</link><feedburner:origLink>https://news.example/a</feedburner:origLink>",
            "https://news.example/a",
        ),
    ],
)
def test_link_of_an_item(item: str, url: str) -> None:
    assert [entry.url for entry in parse(rss(item))] == [url]


@pytest.mark.parametrize(
    "item",
    [
        "<title>No link</title>",
        "<link>mailto:desk@news.example</link>",
        "<link>javascript:alert(1)</link>",
        "<link>file:///etc/passwd</link>",
        "<link>http://[broken</link>",
        "<guid isPermaLink='false'>https://news.example/a</guid>",
        "<guid>12345</guid>",
        f"<link>https://news.example/{'a' * 3000}</link>",
    ],
)
def test_item_without_a_web_address_is_passed_over(item: str) -> None:
    assert parse(rss(item, f"<link>{URL}</link>")) == (Entry(url=URL, seed=SEED),)


def test_each_address_counts_once_in_the_order_of_the_feed() -> None:
    paths = ["/b", "/a", "/b/", "/c", "http://www.news.example/a?utm_source=rss"]
    feed = rss(*(f"<link>{path.replace('&', '&amp;')}</link>" for path in paths))
    assert [entry.url[-2:] for entry in parse(feed)] == ["/b", "/a", "/c"]
    assert [entry.url[-2:] for entry in parse(feed, limit=2)] == ["/b", "/a"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "10:30",
        "Mon, 06 May 0001 10:30:00 GMT",
        "1970-01-01T00:00:00Z",
        "2924-05-06",
        "05/06/2024",
    ],
)
def test_date_that_means_nothing_is_none(text: str) -> None:
    assert parse(rss(f"<link>/a</link><pubDate>{text}</pubDate>"))[0].published is None


@pytest.mark.parametrize(
    "text",
    [
        "Mon, 06 May 2024 08:30:00 GMT",
        "Mon, 6 May 2024 04:30:00 EDT",
        "06.05.2024 08:30",
        "Mon, 06 May 2024 10:30:00 CEST",
        "06 May 24 08:30 Z",
        "2024-05-06T08:30Z",
        "2024-05-06 08:30:00",
        "2024-05-06T10:30:00.000+0200",
        "May 6, 2024 8:30 AM",
    ],
)
def test_dates_of_the_wild_are_read(text: str) -> None:
    assert parse(rss(f"<link>/a</link><pubDate>{text}</pubDate>"))[0].published == PUBLISHED


def test_date_without_a_day_is_not_filled_with_today() -> None:
    found = parse(rss("<link>/a</link><pubDate>May 2024</pubDate>"))[0].published
    assert found == datetime(2024, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("credit", "people"),
    [
        ("desk@news.example (Ada Bell)", ("Ada Bell",)),
        ("Ada Bell &lt;ada@news.example&gt;", ("Ada Bell",)),
        ("desk@news.example", ()),
        ("By Ada Bell, Cem Dal &amp; Eva Fox", ("Ada Bell", "Cem Dal", "Eva Fox")),
        ("José Ortega y Gasset", ("José Ortega y Gasset",)),
        ("Reuters, Berlin", ("Reuters, Berlin",)),
        ("https://news.example/ada", ()),
    ],
)
def test_author_field_becomes_names(credit: str, people: tuple[str, ...]) -> None:
    assert parse(rss(f"<link>/a</link><author>{credit}</author>"))[0].byline == people


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("A &lt;script&gt;alert(1)&lt;/script&gt; B", "A B"),
        ("&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two&lt;/p&gt;", "One Two"),
        ("W&lt;sup&gt;2&lt;/sup&gt; &lt; List&lt;String&gt;", "W2 < List<String>"),
        ("AT&amp;amp;amp;T &amp;#8211; results", "AT&T – results"),
        ("<b>Bold</b> and plain", "Bold and plain"),
        ("&lt;img src=x onerror=alert(1)&gt;", None),
    ],
)
def test_title_becomes_plain_text(title: str, headline: str | None) -> None:
    assert parse(rss(f"<link>/a</link><title>{title}</title>"))[0].headline == headline


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        (b'<?xml version="1.0" encoding="windows-1251"?>' + "{}".encode("cp1251"), None),
        (b'<?xml version="1.0" encoding="windows-1251"?>' + "{}".encode("cp1251"), "utf-8"),
        (b"{}", "windows-1251"),
        (b'<?xml version="1.0" encoding="koi8-r"?>' + b"{koi}", None),
    ],
    ids=["declared", "declared, header lies", "header", "koi8-r"],
)
def test_encoding_is_found_by_declaration_or_header(body: bytes, charset: str | None) -> None:
    feed = "<rss><channel><item><link>/a</link><title>Новости дня</title></item></channel></rss>"
    filled = body.replace(b"{}", feed.encode("cp1251")).replace(b"{koi}", feed.encode("koi8-r"))
    assert parse(filled, charset)[0].headline == "Новости дня"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_text_that_is_valid_unicode_is_read_whatever_is_declared(codec: str) -> None:
    feed = (
        '<?xml version="1.0" encoding="iso-8859-1"?>'
        + rss("<link>/a</link><title>日本語 é</title>").decode()[21:]
    )
    assert parse(feed.encode(codec), "iso-8859-1")[0].headline == "日本語 é"


def test_single_broken_byte_does_not_turn_utf_8_into_something_else() -> None:
    feed = rss("<link>/a</link><title>Été à Orléans X déçu</title>").replace(b"X", b"\xff")
    assert parse(feed)[0].headline == "Été à Orléans \ufffd déçu"


@pytest.mark.parametrize(
    "fault",
    [
        "<title>Fish & chips</title>",
        "<title>Caf&eacute;&nbsp;&unknown; R&D</title>",
        "<title>Bell \x07</title>",
        "<description>one<br>two</description>",
        "<dc:creator>Ada Bell</dc:creator>",
        "<description>open <b>bold</description>",
        "<title a=b>Title</title>",
    ],
)
def test_broken_xml_loses_no_item(fault: str) -> None:
    feed = rss("<link>/a</link>" + fault, "<link>/b</link>", "<link>/c</link>")
    assert [entry.url[-2:] for entry in parse(feed)] == ["/a", "/b", "/c"]


def test_feed_that_is_cut_off_gives_what_came() -> None:
    feed = rss("<link>/a</link><title>A</title>", "<link>/b</link><title>B</title>", "<link>/c</link>")
    assert [entry.url[-2:] for entry in parse(feed[: feed.index(b"/c") + 1])] == ["/a", "/b"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "is empty"),
        (" \n\ufeff", "is empty"),
        ("<!DOCTYPE html><html><body>Hello</body></html>", "is HTML, not a feed"),
        ("<!-- x --><html><body><br>", "is HTML, not a feed"),
        ('<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>', "is HTML, not a feed"),
        ("<urlset><url><loc>https://news.example/a</loc></url></urlset>", 'kind = "sitemap"'),
        ("<opml><body/></opml>", "list of feeds"),
        ("<Error>AccessDenied</Error>", "is not a feed"),
        ("Just some words.", "is not a feed"),
        ('{"error": "not found"}', "without the items of a JSON Feed"),
        ('{"items": [', "is broken JSON"),
        ("[" * 200_000, "JSON"),
    ],
)
def test_what_is_no_feed_is_an_error_with_address_and_advice(body: str, words: str) -> None:
    with pytest.raises(FeedError, match=re.escape(SEED.url)) as caught:
        parse(body)
    assert words in str(caught.value)


def test_feed_without_items_is_no_error() -> None:
    assert parse("<rss version='2.0'><channel><title>News</title></channel></rss>") == ()


LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))


@pytest.mark.parametrize(
    "subset",
    [
        f'<!ENTITY l0 "ha">{LAUGHS}',
        '<!ENTITY l9 SYSTEM "file:///etc/passwd">',
        '<!ENTITY l9 PUBLIC "x" "http://127.0.0.1/">',
    ],
    ids=["laughs", "file", "address"],
)
def test_entity_bombs_are_refused_at_once(subset: str) -> None:
    feed = f"<!DOCTYPE rss [{subset}]><rss><channel><item><title>&l9;</title></item></channel></rss>"
    with within(0.5), pytest.raises(FeedError, match="DOCTYPE declares entities"):
        parse(feed)


def test_harmless_entities_of_a_doctype_are_never_expanded() -> None:
    feed = (
        '<!DOCTYPE rss [<!ENTITY us "Example News">]>'
        + rss("<link>/a</link><title>&us;</title>").decode()[21:]
    )
    assert parse(feed)[0].headline == "&us;"


def test_ten_megabytes_of_feed_are_read_in_two_seconds() -> None:
    full = "&lt;p&gt;A long text of the article.&lt;/p&gt;" * 110
    items = (
        f"<link>/{n}</link><title>A &amp; B</title><content:encoded>{full}</content:encoded>"
        for n in range(2100)
    )
    feed = rss(*items)
    assert len(feed) > 10_000_000
    for body in (feed, feed.replace(b"A &amp; B", b"A & B"), feed[:-40]):
        with within(2):
            assert len(parse(body, limit=200)) == 200


@pytest.mark.parametrize(
    "piece", ["<", "&", "<a b=", "<item>", "<item><title>", "<!--", "<![CDATA[", "<!", "\x00"]
)
def test_ten_megabytes_of_nonsense_end_soon(piece: str) -> None:
    body = b"<rss><channel>" + piece.encode() * (10_000_000 // len(piece))
    with within(5):
        assert parse(body) == ()


@given(
    st.binary(max_size=300), st.sampled_from([b"<rss><channel><item>", b"<feed><entry>", b'{"items":[', b""])
)
def test_any_bytes_give_entries_or_a_feed_error(noise: bytes, start: bytes) -> None:
    try:
        entries = parse(start + noise)
    except FeedError:
        return
    assert all(entry.url.startswith(("http://", "https://")) for entry in entries)


def test_an_id_that_several_items_share_is_none() -> None:
    items = [f"<link>{URL}-{n}</link><guid isPermaLink='false'>{guid}</guid>" for n, guid in enumerate("aab")]
    assert [entry.guid for entry in parse(rss(*items))] == [None, None, "b"]


def test_an_id_too_long_to_be_kept_whole_is_none() -> None:
    item = f"<link>{URL}</link><guid isPermaLink='false'>{'x' * 10_000}</guid>"
    assert parse(rss(item)) == (Entry(url=URL, seed=SEED),)
