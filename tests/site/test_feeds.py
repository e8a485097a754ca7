"""The feed writers: valid, escaped, and no text beyond the mode."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import feedparser
import pytest
from lxml import etree, html
from published import CARRIED, LIVE, PUBLISHED, publication
from store.samples import lines

from aggregator.model.article import Block, BlockKind
from aggregator.model.edition import Publication, PublicationState
from aggregator.model.outlet import RightsMode
from aggregator.model.picture import Copy, Picture
from aggregator.site import linkeddata
from aggregator.site.feeds import atom, jsonfeed, rss
from aggregator.site.feeds.feed import Feed, Ways
from aggregator.site.feeds.item import gone, items
from aggregator.site.links import Links
from aggregator.store.volumes import Volume

LINKS = Links("https://news.example")
ATOM = {"a": atom.ATOM, "at": atom.TOMBSTONES}
WRITERS: list[Callable[[Feed], bytes]] = [atom.write, rss.write, jsonfeed.write]


def feed(*publications: Publication) -> Feed:
    return Feed(
        title="News & more",
        description="All of it",
        page="https://news.example/",
        address="https://news.example/feed.atom",
        updated=CARRIED,
        items=items(publications, LINKS),
        gone=gone(Volume(publications, None, 0).withdrawn, LINKS),
        ways=Ways("https://news.example/feed.atom", "https://news.example/feed.atom"),
    )


def atom_of(*publications: Publication) -> etree._Element:
    return etree.fromstring(atom.write(feed(*publications)))


def test_atom_has_what_rfc_4287_requires_of_feed_and_entry() -> None:
    root = atom_of(publication())
    for path in ("a:id", "a:title", "a:updated", "a:link[@rel='self']"):
        assert len(root.findall(path, ATOM)) == 1, path
    entry = root.find("a:entry", ATOM)
    for path in ("a:id", "a:title", "a:updated", "a:author/a:name", "a:link[@rel='alternate']"):
        assert entry.findall(path, ATOM), path
    assert entry.findtext("a:updated", namespaces=ATOM) == "2026-03-01T09:00:00Z"


def test_atom_names_source_original_and_licence() -> None:
    entry = atom_of(publication()).find("a:entry", ATOM)
    assert entry.findtext("a:source/a:title", namespaces=ATOM) == "The Harbour"
    assert entry.findtext("a:source/a:id", namespaces=ATOM) == "https://harbour.example/"
    assert entry.find("a:link[@rel='via']", ATOM).get("href") == "https://harbour.example/2026/ferry"
    assert entry.find("a:link[@rel='license']", ATOM).get("href").endswith("/by/4.0/")
    assert entry.findtext("a:rights", namespaces=ATOM) == "Ann Ray, The Harbour · CC BY 4.0"


def test_atom_takes_the_outlet_as_author_where_nobody_is_named() -> None:
    entry = atom_of(publication(byline=())).find("a:entry", ATOM)
    assert [each.text for each in entry.findall("a:author/a:name", ATOM)] == ["The Harbour"]


def test_atom_carries_a_tombstone_for_a_withdrawn_publication_and_nothing_of_its_text() -> None:
    withdrawn = publication(
        state=PublicationState.WITHDRAWN,
        withdrawn_at=datetime(2026, 3, 2, tzinfo=UTC),
        withdrawn_reason="The outlet asked us",
    )
    root = atom_of(withdrawn)
    assert root.find("a:entry", ATOM) is None
    stone = root.find("at:deleted-entry", ATOM)
    assert stone.get("ref") == "https://news.example/article/7"
    assert stone.get("when") == "2026-03-02T00:00:00Z"
    assert stone.findtext("at:comment", namespaces=ATOM) == "The outlet asked us"
    assert b"ferry" not in atom.write(feed(withdrawn))


def test_an_item_keeps_its_id_when_its_headline_changes() -> None:
    before, after = publication(), publication(headline="The ferry sails")
    ids = {items([each], LINKS)[0].id for each in (before, after)}
    urls = {items([each], LINKS)[0].url for each in (before, after)}
    assert len(ids) == 1
    assert len(urls) == 2


def test_rss_has_guid_source_creator_and_whole_text() -> None:
    item = etree.fromstring(rss.write(feed(publication()))).find("channel/item")
    assert item.find("guid").get("isPermaLink") == "false"
    assert item.findtext("source") == "The Harbour"
    assert item.find("source").get("url") == "https://news.example/outlet/harbour/feed.rss"
    assert [each.text for each in item.findall(f"{{{rss.DUBLIN_CORE}}}creator")] == ["Ann Ray", "Bo Li"]
    assert "Nobody has seen the captain" in item.findtext(f"{{{rss.CONTENT}}}encoded")
    assert item.findtext("pubDate") == "Sun, 01 Mar 2026 08:05:00 GMT"


def test_json_feed_has_what_version_1_1_requires() -> None:
    document = json.loads(jsonfeed.write(feed(publication(), publication(id=8, mode=RightsMode.LINK))))
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert document["title"]
    full, link = document["items"]
    assert full["external_url"] == "https://harbour.example/2026/ferry"
    assert full["authors"] == [{"name": "Ann Ray"}, {"name": "Bo Li"}]
    assert full["language"] == "en"
    assert all(("content_html" in each) != ("content_text" in each) for each in (full, link))
    assert link["content_text"] == "Read at The Harbour"


@pytest.mark.parametrize("write", WRITERS)
def test_a_link_carries_no_text_even_if_the_store_gave_some(write: Callable[[Feed], bytes]) -> None:
    for mode in (RightsMode.LINK, RightsMode.NEVER):
        assert b"captain" not in write(feed(publication(mode=mode)))


@pytest.mark.parametrize("write", WRITERS)
def test_never_and_refused_are_in_no_feed(write: Callable[[Feed], bytes]) -> None:
    written = write(
        feed(publication(mode=RightsMode.NEVER), publication(id=8, state=PublicationState.REFUSED))
    )
    assert b"ferry" not in written


def test_an_excerpt_is_a_summary_and_never_content() -> None:
    shown = publication(mode=RightsMode.EXCERPT, text="The ferry waits.")
    entry = atom_of(shown).find("a:entry", ATOM)
    assert entry.findtext("a:summary", namespaces=ATOM) == "The ferry waits."
    assert entry.find("a:content", ATOM) is None
    item = etree.fromstring(rss.write(feed(shown))).find("channel/item")
    assert item.find(f"{{{rss.CONTENT}}}encoded") is None
    assert item.findtext("description") == "<p>The ferry waits.</p>"
    assert json.loads(jsonfeed.write(feed(shown)))["items"][0]["content_text"] == "The ferry waits."


def test_sub_headings_lists_and_quotes_reach_feed_readers() -> None:
    blocks = (
        *lines("The ferry waits."),
        Block(BlockKind.HEADING, "What comes next", 3),
        Block(BlockKind.LIST_ITEM, "Ropes"),
        Block(BlockKind.QUOTE, "It sails."),
    )
    written = feed(publication(blocks=blocks))
    body = (
        "<p>The ferry waits.</p><h2>What comes next</h2><ul><li>Ropes</li></ul>"
        "<blockquote><p>It sails.</p></blockquote>"
    )
    assert body in jsonfeed.write(written).decode()
    item = etree.fromstring(rss.write(written)).find("channel/item")
    assert body in item.findtext(f"{{{rss.CONTENT}}}encoded")
    entry = etree.fromstring(atom.write(written)).find("a:entry", ATOM)
    assert body in entry.findtext("a:content", namespaces=ATOM)


@pytest.mark.parametrize("live", LIVE)
def test_hostile_words_reach_feed_readers_as_words(live: str) -> None:
    hostile = publication(
        headline=live, byline=(live,), text=live, credit=live, licence=live, outlet_name=live, section=live
    )
    parsed = feedparser.parse(atom.write(feed(hostile)), sanitize_html=False)
    assert not parsed.bozo
    assert (parsed.entries[0].title, parsed.entries[0].title_detail.type) == (live, "text/plain")
    item = etree.fromstring(rss.write(feed(hostile))).find("channel/item")
    assert (item.findtext("title"), len(item.find("title"))) == (live, 0)
    document = json.loads(jsonfeed.write(feed(hostile)))["items"][0]
    body = html.fromstring(document["content_html"])
    assert {each.tag for each in body.iter()} <= {"div", "p", "a", "cite"}
    assert live in body.text_content()


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "/relative", "https://a b/", ""]
)
def test_an_address_that_is_no_web_address_is_in_no_feed(address: str) -> None:
    odd = publication(source_link=address, licence_url=address, outlet_homepage=address)
    for write in WRITERS:
        written = write(feed(odd)).decode()
        assert "javascript:" not in written
        assert "data:text" not in written
    assert atom_of(odd).find("a:entry/a:link[@rel='via']", ATOM) is None


def test_characters_that_xml_forbids_are_removed() -> None:
    dirty = publication(headline="A\x00B\x0bC\ud800D\ufffeE\x1bF", text="x\x08y\x0cz", byline=("\x01",))
    assert atom_of(dirty).findtext("a:entry/a:title", namespaces=ATOM) == "ABCDEF"
    assert (
        "xyz"
        in html.fromstring(
            etree.fromstring(rss.write(feed(dirty))).findtext(f"channel/item/{{{rss.CONTENT}}}encoded")
        ).text_content()
    )
    assert json.loads(jsonfeed.write(feed(dirty)))["items"][0]["title"] == "ABCDEF"


def test_feed_readers_find_the_same_items_in_atom_and_rss() -> None:
    shown = [publication(id=number, headline=f"Headline {number}") for number in (1, 2, 3)]
    found = [
        [(each.title, each.link, each.id) for each in feedparser.parse(write(feed(*shown))).entries]
        for write in (atom.write, rss.write)
    ]
    assert found[0] == found[1]
    assert len(found[0]) == 3


def test_times_of_other_zones_are_written_in_utc() -> None:
    zone = timezone(timedelta(hours=9))
    shown = publication(first_published=PUBLISHED.astimezone(zone), updated_at=CARRIED.astimezone(zone))
    entry = atom_of(shown).find("a:entry", ATOM)
    assert entry.findtext("a:published", namespaces=ATOM) == "2026-03-01T08:05:00Z"
    assert entry.findtext("a:updated", namespaces=ATOM) == "2026-03-01T09:00:00Z"


def test_an_arabic_text_keeps_its_language_and_direction() -> None:
    shown = publication(language="ar", headline="العبارة باقية", text="تنتظر العبارة.")
    entry = atom_of(shown).find("a:entry", ATOM)
    assert entry.get("{http://www.w3.org/XML/1998/namespace}lang") == "ar"
    body = html.fromstring(entry.findtext("a:content", namespaces=ATOM))
    assert (body.get("lang"), body.get("dir")) == ("ar", "rtl")


def test_an_empty_feed_is_still_a_feed() -> None:
    for write in (atom.write, rss.write):
        assert not feedparser.parse(write(feed())).bozo


HOSTILE = {
    "controls": "A\x00 ferry\x1b[31m \x7f\x85 sails\ufffe",
    "end of a section": "]]> and <![CDATA[ and ]]]]>>",
    "lone surrogates": "The \ud83d ferry \udc22",
    "marks of direction": "\u200f\u202eThe ferry\u202c \u2066sails\u2069",
    "400 characters": "The ferry sails at nine. " * 16,
    "entities": "&amp; &#0; &lt;b&gt; &nbsp; & <b> \"quoted\" 'twice'",
    "a script": "</title></item></script><script>alert(1)</script>",
    "other planes": "𝕿𝖍𝖊 ferry 🛳️👩‍👩‍👧 \U000e0041\U0010ffff",
    "white space": "The\r\n\tferry\u2028sails\u2029\u00a0now",
    "nothing": "\x00\x01",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_headlines_leave_feeds_well_formed_and_readable(name: str) -> None:
    words = HOSTILE[name]
    shown = publication(
        headline=words, text=words + " and more.", byline=(words + "Ann",), credit=words, section=words,
        outlet_name=words + "Post", topics=(("a", words),),
    )  # fmt: skip
    for write in (atom.write, rss.write):
        written = write(feed(shown, publication(id=8)))
        etree.fromstring(written)
        parsed = feedparser.parse(written)
        assert not parsed.bozo, name
        assert [each.id.rpartition("/")[2] for each in parsed.entries] == ["7", "8"]
    assert len(json.loads(jsonfeed.write(feed(shown)))["items"]) == 1


@pytest.mark.parametrize("write", [atom.write, rss.write])
def test_a_feed_reader_finds_source_author_and_licence_intact(write: Callable[[Feed], bytes]) -> None:
    topics = (("coast", "Coast"), ("ferries", "Ferries"))
    homes = {"outlet_feed": "https://harbour.example/feed.xml", "outlet_name": "The Harbour & Sons"}
    shown = publication(topics=topics, **homes)
    (entry,) = feedparser.parse(write(feed(shown))).entries
    assert entry.source.title == "The Harbour & Sons"
    assert "https://harbour.example/feed.xml" in str(entry.source)
    assert [each.name for each in entry.authors] == ["Ann Ray", "Bo Li"]
    licences = [each.href for each in entry.links if each.rel == "license"]
    assert licences == ["https://creativecommons.org/licenses/by/4.0/"]
    assert entry.link == "https://news.example/article/7/the-ferry-stays-at-the-pier"
    assert entry.id == "https://news.example/article/7"
    assert "The Harbour" in entry.rights
    assert [each.term for each in entry.tags] == ["Coast", "Ferries"]


def test_a_json_feed_reader_finds_source_author_and_licence_intact() -> None:
    (item,) = json.loads(jsonfeed.write(feed(publication())))["items"]
    assert item["external_url"] == "https://harbour.example/2026/ferry"
    assert [each["name"] for each in item["authors"]] == ["Ann Ray", "Bo Li"]
    assert item["_rights"] == {
        "outlet": "The Harbour",
        "mode": "full",
        "credit": "Ann Ray, The Harbour",
        "license": "CC BY 4.0",
        "license_url": "https://creativecommons.org/licenses/by/4.0/",
    }


@pytest.mark.parametrize("write", WRITERS)
def test_a_feed_names_its_hubs(write: Callable[[Feed], bytes]) -> None:
    hub = "https://hub.example/"
    written = write(replace(feed(publication()), hubs=(hub,)))
    if write is jsonfeed.write:
        assert json.loads(written)["hubs"] == [{"type": "WebSub", "url": hub}]
    else:
        links = etree.fromstring(written).iter(f"{{{atom.ATOM}}}link")
        assert [each.get("href") for each in links if each.get("rel") == "hub"] == [hub]


PICTURES = (
    Picture(Copy("a" * 32, 960, 540, has_avif=True), "a pier", "The <old> pier", "Ada Quay"),
    Picture(Copy("b" * 32, 300, 200, has_avif=False)),
)
FILES = [
    LINKS.absolute(f"/picture/{'a' * 32}-960.webp"),
    LINKS.absolute(f"/picture/{'b' * 32}-300.webp"),
]
MEDIA = {"media": "http://search.yahoo.com/mrss/"}


@pytest.mark.parametrize("write", [atom.write, rss.write])
def test_pictures_are_our_files_with_credit_and_licence(write: Callable[[Feed], bytes]) -> None:
    shown = publication(has_images=True, pictures=PICTURES)
    root = etree.fromstring(write(feed(shown)))
    pier, boat = root.findall(".//media:content", MEDIA)
    assert (pier.get("url"), pier.get("medium"), pier.get("width")) == (FILES[0], "image", "960")
    assert pier.findtext("media:description", namespaces=MEDIA) == "The <old> pier"
    assert pier.findtext("media:credit", namespaces=MEDIA) == "Ada Quay"
    assert boat.findtext("media:credit", namespaces=MEDIA) == "Ann Ray, The Harbour"
    assert pier.find("media:license", MEDIA).get("href") == shown.licence_url
    read = feedparser.parse(write(feed(shown))).entries[0]
    assert [each["url"] for each in read.media_content] == FILES
    assert "<img" not in write(feed(shown)).decode()


def test_json_feed_names_the_first_picture_and_credits_each() -> None:
    [item] = json.loads(jsonfeed.write(feed(publication(has_images=True, pictures=PICTURES))))["items"]
    assert item["image"] == FILES[0]
    assert [each["credit"] for each in item["_pictures"]] == ["Ada Quay", "Ann Ray, The Harbour"]
    bare = json.loads(jsonfeed.write(feed(publication())))["items"][0]
    assert not {"image", "_pictures"} & bare.keys()


def test_linked_data_names_pictures_and_whose_the_text_is() -> None:
    shown = publication(has_images=True, pictures=PICTURES)
    data = linkeddata.news_article(shown, LINKS, "News")
    assert [each["url"] for each in data["image"]] == FILES
    assert data["image"][0]["creditText"] == "Ada Quay"
    assert data["copyrightNotice"] == "© 2026 The Harbour, CC BY 4.0"
    free = linkeddata.news_article(publication(licence="CC0-1.0"), LINKS, "News")
    assert not {"copyrightNotice", "image", "correction"} & free.keys()
