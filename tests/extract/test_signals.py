"""What a page and its host say of their use is read, with where it stands."""

import json

import pytest
from handmade import SENTENCES, article_html, make_page

from aggregator.extract import tdmrep
from aggregator.extract.page import extract
from aggregator.model.article import Article, FieldLoser, FieldOrigin
from aggregator.model.outlet import Rules, Seed, SeedKind
from aggregator.model.page import Entry, Reservation
from aggregator.seeds.feed import parse_feed

URL = "https://harbour.example/2026/03/bridge-opens"
SEED = Seed(SeedKind.FEED, "https://harbour.example/feed")


def read(html: str, headers: dict[str, str] | None = None, entry: Entry | None = None) -> Article:
    return extract(make_page(html, headers=headers, entry=entry), Rules())


def origin(article: Article, field: str) -> str | None:
    return next((one.source for one in article.origins if one.field == field), None)


def test_a_reservation_in_a_header_is_read_with_its_policy() -> None:
    headers = {"tdm-reservation": "1", "tdm-policy": "/policy.json"}
    article = read(article_html(), headers)
    assert (article.tdm_reserved, article.tdm_policy) == (True, "https://harbour.example/policy.json")
    assert origin(article, "tdm_reserved") == "header:tdm-reservation"


def test_a_reservation_in_a_meta_tag_is_read() -> None:
    article = read(article_html('<meta name="tdm-reservation" content="1">'))
    assert article.tdm_reserved
    assert origin(article, "tdm_reserved") == "meta:tdm-reservation"


@pytest.mark.parametrize("value", ["0", "", "2", "yes"])
def test_no_reservation_is_made_up(value: str) -> None:
    article = read(
        article_html(f'<meta name="tdm-reservation" content="{value}">'), {"tdm-reservation": value}
    )
    assert not article.tdm_reserved
    assert origin(article, "tdm_reserved") is None


def file_of(*entries: object) -> tuple[tdmrep.TdmRule, ...]:
    return tdmrep.rules(json.dumps(entries).encode())


@pytest.mark.parametrize(
    ("location", "reserved"),
    [
        ("/", True),
        ("/2026/", True),
        ("/*/03/", True),
        ("*opens$", True),
        ("/2025/", False),
        ("/2026$", False),
        ("/*/*opens$", True),
        ("/*-$", False),
        ("/*o*s$", True),
        ("*", True),
    ],
)
def test_the_hosts_file_speaks_of_the_paths_that_it_names(location: str, *, reserved: bool) -> None:
    rules = file_of({"location": location, "tdm-reservation": 1, "tdm-policy": "https://harbour.example/p"})
    found = tdmrep.reservation(rules, URL)
    wanted = Reservation("file:/.well-known/tdmrep.json", "https://harbour.example/p")
    assert found == (wanted if reserved else None)


def test_of_several_rules_the_first_or_the_longest_may_reserve() -> None:
    everything = {"location": "/", "tdm-reservation": 1}
    free = {"location": "/2026/03/", "tdm-reservation": 0}
    assert tdmrep.reservation(file_of(everything, free), URL) is not None
    assert tdmrep.reservation(file_of({**free, "location": "/"}, {**everything, "location": "/2026/"}), URL)
    assert tdmrep.reservation(file_of(free, {**everything, "location": "/20"}), URL) is None


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html>not found</html>", b"null", b"[1, 2]", b'[{"location": 1, "tdm-reservation": 1}]',
        b"[" * 9999, b"[]" + b" " * 300_000, b'[{"location": "/", "tdm-reservation": "maybe"}]',
    ],
)  # fmt: skip
def test_a_file_that_is_none_reserves_nothing(body: bytes) -> None:
    assert tdmrep.reservation(tdmrep.rules(body), URL) is None


def test_many_wildcards_take_no_time() -> None:
    (rule,) = file_of({"location": "/" + "*a" * 8 + "$", "tdm-reservation": 1})
    assert not rule.matches("/" + "a" * 2000 + "b")


def test_paragraphs_kept_out_of_excerpts_are_not_quotable() -> None:
    html = article_html(
        before="<section data-nosnippet><p>Members met before the doors were opened to all the others.</p>"
        "<p>They were shown the pier, the crane and the first of the two new cafés.</p></section>",
        after="<p>A last word: <span data-nosnippet>the bar stays closed until the end of June</span>, said"
        " the mayor of the town on Tuesday evening.</p>",
    )
    article = read(html)
    hidden = [block.text for block in article.blocks if not block.is_quotable]
    assert [text.split()[0] for text in hidden] == ["Members", "They", "A"]
    assert [block.text for block in article.blocks if block.is_quotable] == list(SENTENCES)


def test_all_blocks_are_quotable_where_nothing_is_marked() -> None:
    assert all(block.is_quotable for block in read(article_html()).blocks)


def test_directives_for_us_by_name_count_and_those_for_others_do_not() -> None:
    head = '<meta name="aggregator" content="noarchive"><meta name="otherbot" content="nosnippet">'
    article = read(article_html(head), {"x-robots-tag": "otherbot: noindex"})
    assert article.robots == ("noarchive",)
    assert read(article_html(), {"x-robots-tag": "aggregator: max-snippet:50"}).robots == ("max-snippet:50",)


def test_every_licence_that_is_stated_is_kept() -> None:
    head = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Bridge opens",'
        ' "license": "https://creativecommons.org/licenses/by-nd/4.0/"}</script>'
        '<link rel="license" href="https://creativecommons.org/licenses/by/4.0/">'
    )
    entry = Entry(
        URL, SEED, licence="https://creativecommons.org/licenses/by-nc/4.0/", rights="All rights reserved"
    )
    article = read(article_html(head), entry=entry)
    assert article.licence == "CC-BY-4.0"
    assert FieldOrigin("licence", "link:rel=license") in article.origins
    assert [one for one in article.losers if one.field == "licence"] == [
        FieldLoser("licence", "json-ld:license", "CC-BY-ND-4.0"),
        FieldLoser("licence", "entry:licence", "CC-BY-NC-4.0"),
        FieldLoser("licence", "entry:rights", "All rights reserved"),
    ]


def test_a_feeds_words_that_tell_no_terms_are_no_licence() -> None:
    article = read(article_html(), entry=Entry(URL, SEED, rights="Copyright 2026 The Harbour"))
    assert article.licence is None


RSS = """<rss version="2.0" xmlns:creativeCommons="http://backend.userland.com/creativeCommonsRssModule"
 xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>T</title>{channel}<item><title>A</title><link>https://harbour.example/a</link>{item}</item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>{channel}<entry><title>A</title>
<link href="https://harbour.example/a"/>{item}</entry></feed>"""
BY = "https://creativecommons.org/licenses/by/4.0/"


@pytest.mark.parametrize(
    ("feed", "licence", "rights"),
    [
        (RSS.format(channel="", item=f"<creativeCommons:license>{BY}</creativeCommons:license>"), BY, None),
        (RSS.format(channel=f"<creativeCommons:license>{BY}</creativeCommons:license>", item=""), BY, None),
        (RSS.format(channel="", item=f'<media:license href="{BY}">CC BY</media:license>'), BY, None),
        (RSS.format(channel="<copyright>© T. No copies</copyright>", item=""), None, "© T. No copies"),
        (RSS.format(channel="<copyright>© T</copyright>", item="<dc:rights>© A</dc:rights>"), None, "© A"),
        (ATOM.format(channel="", item=f'<link rel="license" href="{BY}"/>'), BY, None),
        (ATOM.format(channel=f'<link rel="license" href="{BY}"/>', item=""), BY, None),
        (ATOM.format(channel="<rights>© T</rights>", item=""), None, "© T"),
        (ATOM.format(channel="", item="<rights>CC BY-ND 4.0</rights>"), None, "CC BY-ND 4.0"),
        (RSS.format(channel="<copyright>© T</copyright>", item="&").replace("</rss>", ""), None, "© T"),
    ],
)  # fmt: skip
def test_licences_and_rights_of_feeds_are_read(feed: str, licence: str | None, rights: str | None) -> None:
    (entry,) = parse_feed(feed.encode(), "utf-8", SEED, limit=5)
    assert (entry.licence, entry.rights) == (licence, rights)


def test_a_line_that_calls_itself_the_source_link_and_leads_nowhere_is_told() -> None:
    lost = read(article_html(after="<p>Source link</p>"))
    assert origin(lost, "source_link") == "stripped:Source link"
    assert lost.source_link == URL


def test_a_line_that_credits_another_outlet_without_a_link_is_told() -> None:
    line = "This article was first published by The Tide Review."
    lost = read(article_html(after=f"<p>{line}</p>"))
    assert origin(lost, "source_link") == f"stripped:{line}"
    assert lost.source_link == URL


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ('<p><a href="https://elsewhere.example/a/1">Source link</a></p>', "a:Source link"),
        ('<p><a href="/2026/03/first-report">Source link</a></p>', "url"),
        ("<p>The mayor gave no source for the link between both, he said on Tuesday.</p>", "url"),
    ],
)
def test_a_source_link_that_leads_somewhere_is_not_lost(line: str, source: str) -> None:
    assert origin(read(article_html(after=line)), "source_link") == source
