"""A sound site has no findings; each fault that is seeded into it is found and named."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from checking.paper import (
    BASE,
    CARDS,
    NOW,
    TEXTS,
    WRITTEN,
    Change,
    checked,
    doctored,
    looked,
    print_paper,
    publication_of,
    site,
    withdraw,
)
from sqlalchemy import text

from aggregator.checking.finding import REMEDIES, Fault
from aggregator.model.outlet import Rights, RightsMode, Syndication
from aggregator.store import outlets
from aggregator.store.engine import Database

FERRY, EXCERPT, LINK = WRITTEN[0].headline, WRITTEN[3].headline, WRITTEN[4].headline


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: bytes) -> Path:
    """The file of a database with the paper in it, to copy from."""
    path = tmp_path_factory.mktemp("paper") / "paper.sqlite3"
    path.write_bytes(migrated_sqlite)
    db = Database.open(f"sqlite:///{path}")
    print_paper(db)
    db.close()
    return path


@pytest.fixture
def paper(printed: Path, tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "paper.sqlite3"
    path.write_bytes(printed.read_bytes())
    db = Database.open(f"sqlite:///{path}")
    yield db
    db.close()


def test_a_sound_site_has_no_findings(paper: Database) -> None:
    assert checked(paper) == []


@pytest.mark.postgres
def test_a_sound_site_has_no_findings_on_either_database(db: Database) -> None:
    print_paper(db)
    assert checked(db) == []


def swapped(path: str, before: str, after: str, *, status: int | None = None) -> Change:
    """Every answer at paths that match, with other words in a place."""

    def body(answer: bytes) -> bytes:
        found, count = re.subn(before, lambda _: after, answer.decode(), flags=re.DOTALL)
        return found.encode() if count else answer

    return Change(lambda each: bool(re.search(path, each)), body, status)


TEMPLATES: dict[str, tuple[dict[str, str], Fault]] = {
    "the link above the text is gone": (
        doctored("article.html", ("{{ original(read(card, true)) }}", "")),
        Fault.PAGE_SOURCE_TOP,
    ),
    "the links below the text are gone": (
        doctored(
            "article.html",
            ("{{ original(read(card, false)) }}", ""),
            ('<a class="u-url" href="{{ card.source }}"', '<a class="u-url" href="{{ card.page }}"'),
        ),
        Fault.PAGE_SOURCE_BOTTOM,
    ),
    "the links lead to the outlet's front page": (
        doctored("article.html", ('href="{{ card.source }}"', 'href="{{ article.homepage }}"')),
        Fault.PAGE_SOURCE_TOP,
    ),
    "the credit is gone": (
        doctored(
            "article.html",
            ('{% if article.credit and article.credit_position != "bottom" %}', "{% if false %}"),
        ),
        Fault.PAGE_CREDIT,
    ),
    "the credit stands below the text, where the outlet wants it above": (
        doctored(
            "article.html",
            ('article.credit_position != "bottom"', 'article.credit_position == "bottom"'),
            ('article.credit_position != "top"', 'article.credit_position == "top"'),
        ),
        Fault.PAGE_CREDIT,
    ),
    "one author of two is named": (
        doctored(
            "article.html", ("{% for name in article.authors %}", "{% for name in article.authors[:1] %}")
        ),
        Fault.PAGE_AUTHOR,
    ),
    "the licence is not linked as one": (
        doctored("article.html", ('rel="license noopener', 'rel="noopener')),
        Fault.PAGE_LICENCE_LINK,
    ),
    "the head names no licence": (
        doctored("article.html", ('<link rel="license" href="{{ article.licence_url }}">', "")),
        Fault.PAGE_LICENCE_LINK,
    ),
    "there is no canonical link": (
        doctored("article.html", ('<link rel="canonical" href="{{ article.canonical }}">', "")),
        Fault.PAGE_CANONICAL,
    ),
    "copies name themselves as canonical": (
        doctored("article.html", ("{{ article.canonical }}", "{{ article.address }}")),
        Fault.PAGE_CANONICAL,
    ),
    "full copies may be indexed": (
        doctored("article.html", ('<meta name="robots" content="noindex,follow">', "")),
        Fault.PAGE_NOINDEX,
    ),
    "excerpts may not be indexed": (
        doctored("article.html", ("{% if not article.may_index %}", "{% if true %}")),
        Fault.PAGE_HIDDEN,
    ),
    "OpenGraph names only us": (
        doctored("article.html", ('{{ card.outlet }} · {{ site.name }}">', '{{ site.name }}">')),
        Fault.PAGE_OPEN_GRAPH,
    ),
    "the original is not cited": (
        doctored("article.html", (" h-cite", "")),
        Fault.PAGE_ENTRY,
    ),
    "there is no JSON-LD": (
        doctored("article.html", ('<script type="application/ld+json">{{ linked_data }}</script>', "")),
        Fault.DATA_MISSING,
    ),
    "JSON-LD is escaped as HTML": (
        doctored("article.html", ("{{ linked_data }}", "{{ linked_data|string|forceescape }}")),
        Fault.DATA_BROKEN,
    ),
    "a page leads to the withdrawn article": (
        doctored("about.html", ("</article>", '<a href="/article/3">once here</a></article>')),
        Fault.LINK_WITHDRAWN,
    ),
    "a page of what was withdrawn may be kept": (
        doctored("gone.html", ('<meta name="robots" content="noindex">', "")),
        Fault.GONE_NOINDEX,
    ),
}

ANSWERS: dict[str, tuple[Change, Fault]] = {
    "JSON-LD has no credit": (swapped("/article/", r'"creditText": "[^"]*", ', ""), Fault.DATA_PROPERTY),
    "JSON-LD says whose it is with a path": (
        swapped("/article/", r'"isBasedOn": "https://[a-z.]+', '"isBasedOn": "'),
        Fault.DATA_TYPE,
    ),
    "JSON-LD names us as publisher": (
        swapped(
            "/article/", r'"publisher": \{[^}]*\}', '"publisher": {"@type": "Organization", "name": "Us"}'
        ),
        Fault.DATA_VALUE,
    ),
    "a date of JSON-LD has no zone": (
        swapped("/article/", r'("datePublished": "[^"]*)Z"', '"datePublished": "2026-03-01T08:00:00"'),
        Fault.DATA_TYPE,
    ),
    "a control character is in a feed": (swapped(r"\.atom$", "ferry", "fe\x0brry"), Fault.FEED_BROKEN),
    "an ampersand is bare in a feed": (swapped(r"\.rss$", "ferry", "f & rry"), Fault.FEED_BROKEN),
    "Atom has no updated": (swapped(r"\.atom$", "<updated>[^<]*</updated>", ""), Fault.FEED_ELEMENT),
    "Atom's dates are RSS's": (
        swapped(r"\.atom$", "<published>[^<]*<", "<published>Sun, 01 Mar 2026 08:05:00 GMT<"),
        Fault.FEED_DATE,
    ),
    "RSS's dates are Atom's": (
        swapped(r"\.rss$", "<pubDate>[^<]*<", "<pubDate>2026-03-01T08:05:00Z<"),
        Fault.FEED_DATE,
    ),
    "all entries have one id": (
        swapped(r"\.atom$", f"<id>{BASE}/article/1<", f"<id>{BASE}/article/2<"),
        Fault.FEED_ID,
    ),
    "Atom does not lead to the original": (
        swapped(r"\.atom$", '<link rel="via"[^>]*/>', ""),
        Fault.FEED_SOURCE,
    ),
    "Atom names no source": (swapped(r"\.atom$", "<source>.*?</source>", ""), Fault.FEED_SOURCE),
    "RSS names no source": (swapped(r"\.rss$", "<source [^>]*>[^<]*</source>", ""), Fault.FEED_SOURCE),
    "RSS names no author": (
        swapped(r"\.rss$", "<dc:creator>[^<]*</dc:creator>", ""),
        Fault.FEED_AUTHOR,
    ),
    "Atom links no licence": (swapped(r"\.atom$", '<link rel="license"[^>]*/>', ""), Fault.FEED_LICENCE),
    "RSS links no licence": (
        swapped(r"\.rss$", "<creativeCommons:license>[^<]*</creativeCommons:license>", ""),
        Fault.FEED_LICENCE,
    ),
    "RSS carries no credit": (swapped(r"\.rss$", "<dc:rights>[^<]*</dc:rights>", ""), Fault.FEED_CREDIT),
    "JSON Feed has another version": (
        swapped(r"\.json$", "https://jsonfeed.org/version/1.1", "https://jsonfeed.org/version/9"),
        Fault.FEED_VALUE,
    ),
    "an item of JSON Feed has no content": (
        swapped(r"\.json$", '"content_text"', '"content_none"'),
        Fault.FEED_ELEMENT,
    ),
    "an address of JSON Feed is a path": (
        swapped(r"\.json$", '"external_url": "https://[a-z.]+', '"external_url": "'),
        Fault.FEED_ADDRESS,
    ),
    "the sitemap lists a full copy": (
        swapped("/sitemap.xml", "</urlset>", f"<url><loc>{BASE}/article/1/x</loc></url></urlset>"),
        Fault.SITEMAP_NOINDEX,
    ),
    "the sitemap lists what was withdrawn": (
        swapped("/sitemap.xml", "</urlset>", f"<url><loc>{BASE}/article/3/x</loc></url></urlset>"),
        Fault.SITEMAP_WITHDRAWN,
    ),
    "the sitemap lists another site": (
        swapped("/sitemap.xml", "</urlset>", "<url><loc>https://else.example/</loc></url></urlset>"),
        Fault.SITEMAP_ADDRESS,
    ),
    "the sitemap is cut off": (swapped("/sitemap.xml", "</urlset>", ""), Fault.SITEMAP_BROKEN),
    "what was withdrawn is said to be there": (
        swapped("/article/3", "withdrawn", "moved", status=200),
        Fault.GONE_STATUS,
    ),
    "a word of the text is another one": (
        swapped("/article/1", "and nobody objected", "and everybody objected"),
        Fault.RIGHTS_ALTERED,
    ),
    "withheld text hides in a description": (
        swapped(
            "/article/4",
            "</head>",
            f'<meta name="dc.description" content="{TEXTS[3]}"></head>',
        ),
        Fault.RIGHTS_TEXT,
    ),
    "withheld text stands on the front page": (
        swapped("^/$", "</main>", f"<p hidden>{TEXTS[4]}</p></main>"),
        Fault.RIGHTS_TEXT,
    ),
    "a picture that no card allows": (
        swapped("/article/1", r'"isBasedOn"', '"image": "https://harbour.example/a.jpg", "isBasedOn"'),
        Fault.RIGHTS_PICTURE,
    ),
    "a picture in a feed that no card allows": (
        swapped(
            r"\.atom$",
            "</entry>",
            '<media:content xmlns:media="http://search.yahoo.com/mrss/" url="https://harbour.example/a.jpg"/></entry>',
        ),
        Fault.RIGHTS_PICTURE,
    ),
    "withheld text stands in the API": (
        swapped("/api/v1/articles", '"summary":"', f'"note":{json.dumps(TEXTS[4])},"summary":"'),
        Fault.RIGHTS_TEXT,
    ),
    "the API has other words": (
        swapped("/api/v1/articles", '"text":"', '"text":"Nobody said: '),
        Fault.RIGHTS_ALTERED,
    ),
    "the API credits nobody": (
        swapped("/api/v1/articles", '"credit":"[^"]*"', '"credit":""'),
        Fault.API_CREDIT,
    ),
    "the API lists a withdrawn article": (
        swapped("/api/v1/articles", '"number":1,"url"', '"number":3,"url"'),
        Fault.API_WITHDRAWN,
    ),
    "the API's answer is cut off": (swapped("/api/v1/articles", "null}$", ""), Fault.API_BROKEN),
    "the about page fails": (swapped("/about", "", "", status=500), Fault.STATUS),
}


def faults(found: list) -> set[Fault]:
    assert all(each.message and each.place and each.remedy for each in found), found
    return {each.fault for each in found}


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_fault_in_a_template_is_found(paper: Database, name: str) -> None:
    templates, fault = TEMPLATES[name]
    assert fault in faults(looked(paper, templates=templates))


@pytest.mark.parametrize("name", ANSWERS)
def test_a_fault_in_an_answer_is_found(paper: Database, name: str) -> None:
    change, fault = ANSWERS[name]
    assert fault in faults(looked(paper, change=change))


def test_a_page_that_leads_nowhere_is_found(paper: Database) -> None:
    link = '<a href="/imprint">imprint</a></article>'
    found = checked(paper, templates=doctored("about.html", ("</article>", link)))
    assert [(each.fault, each.url) for each in found] == [(Fault.LINK_DEAD, f"{BASE}/about")]


def test_feeds_that_forget_what_was_withdrawn_are_found(paper: Database) -> None:
    stones = r'<at:deleted-entry.*?</at:deleted-entry>|, "_deleted": \[.*\]'
    found = checked(paper, change=swapped(r"/feed\.(atom|rss|json)$", stones, ""))
    assert Fault.FEED_TOMBSTONE in faults(found)
    assert any(each.url.endswith("/article/3") for each in found)


def test_a_feed_from_before_a_takedown_is_found(paper: Database) -> None:
    with site(paper, CARDS, None, None) as (_, visitor):
        before = visitor.get(f"{BASE}/feed.atom").body
    withdraw(paper, WRITTEN[0].url, NOW)
    stale = Change(lambda path: path == "/feed.atom", lambda _: before)
    assert faults(looked(paper, change=stale)) >= {Fault.FEED_WITHDRAWN}


def change_row(db: Database, headline: str, **values: object) -> None:
    number = publication_of(db, headline)
    with db.session() as session:
        for name, value in values.items():
            statement = f"UPDATE publication SET {name} = :value WHERE id = :number"  # noqa: S608 - our own names
            session.execute(text(statement), {"value": value, "number": number})


def blocks(words: str) -> str:
    return json.dumps([["paragraph", 0, line] for line in words.split("\n")])


def test_a_row_that_shows_the_whole_text_as_an_excerpt_is_found(paper: Database) -> None:
    change_row(paper, EXCERPT, blocks=blocks(TEXTS[3]))
    found = checked(paper)
    assert faults(found) == {Fault.RIGHTS_TEXT}
    assert any("/article/4" in each.url for each in found)
    assert {each.url.rpartition(".")[2] for each in found} >= {"atom", "rss", "json"}


def test_a_row_in_a_wider_mode_is_found(paper: Database) -> None:
    change_row(paper, LINK, mode="full", blocks=blocks(TEXTS[4]))
    assert Fault.RIGHTS_TEXT in faults(checked(paper))


def test_a_row_with_words_of_ours_is_found(paper: Database) -> None:
    change_row(paper, FERRY, blocks=blocks("A summary that nobody at the outlet wrote, made of other words."))
    assert Fault.RIGHTS_ALTERED in faults(checked(paper))


def test_a_card_that_now_allows_nothing_is_found(paper: Database) -> None:
    cards = CARDS | {"harbour": replace(CARDS["harbour"], rights=Rights(RightsMode.NEVER))}
    found = checked(paper, cards=cards)
    assert Fault.RIGHTS_REFUSED in faults(found)


def test_a_card_that_now_allows_a_link_only_is_found_on_pages_and_in_feeds(paper: Database) -> None:
    cards = CARDS | {"harbour": replace(CARDS["harbour"], rights=Rights(RightsMode.LINK))}
    found = [each for each in checked(paper, cards=cards) if each.fault is Fault.RIGHTS_TEXT]
    assert {each.url.rpartition(".")[2] for each in found} >= {"atom", "rss", "json"}
    assert any("/article/1" in each.url for each in found)


def test_pages_follow_the_card_about_search_engines(paper: Database) -> None:
    open_card = replace(CARDS["harbour"], syndication=Syndication(canonical=False, noindex=False))
    outlets.sync(paper, [*(CARDS | {"harbour": open_card}).values()])
    assert checked(paper, cards=CARDS | {"harbour": open_card}) == []


@pytest.mark.parametrize("position", ["top", "bottom", "both"])
def test_the_credit_stands_where_the_card_wants_it(paper: Database, position: str) -> None:
    change_row(paper, FERRY, credit_position=position)
    assert looked(paper) == []


def test_what_an_original_reserves_is_passed_on_and_missed_where_it_is_not(paper: Database) -> None:
    change_row(paper, FERRY, is_minable=False, is_indexable=False)
    change_row(paper, LINK, is_indexable=False)
    assert looked(paper) == []
    meta = '<meta name="tdm-reservation" content="1">'
    silent = looked(paper, templates=doctored("article.html", (meta, "")))
    assert faults(silent) == {Fault.PAGE_RESERVATION}


def test_each_fault_has_a_remedy() -> None:
    assert set(REMEDIES) == set(Fault)


def test_the_faults_that_are_seeded_are_nearly_all_that_there_are() -> None:
    seeded = {fault for _, fault in [*TEMPLATES.values(), *ANSWERS.values()]}
    assert len(TEMPLATES) + len(ANSWERS) > 45
    alone = {
        Fault.PAGE_RESERVATION,
        Fault.LINK_DEAD,
        Fault.FEED_TOMBSTONE,
        Fault.FEED_WITHDRAWN,
        Fault.RIGHTS_REFUSED,
    }
    rare = {Fault.PAGE_RESERVATION, Fault.FEED_UNREAD, Fault.PAGE_OUTLET, Fault.PAGE_LICENCE}
    assert set(Fault) - seeded - alone <= rare
