"""The pages, read over HTTP from a site with articles in every mode."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import html
from published import CARDS, CC0, LIVE, START, TEXT, article, fill, publish
from reading import Reader, site_over
from sqlalchemy import text

from aggregator.clock import now
from aggregator.model.article import Block, BlockKind, Completeness
from aggregator.model.edition import WithdrawnBy
from aggregator.model.outlet import RightsMode
from aggregator.store import editions, outlets, search
from aggregator.store.engine import Database


def tree(text: str) -> html.HtmlElement:
    return html.fromstring(text)


def test_the_front_page_shows_every_outlet_with_date_and_source_link(news: Reader) -> None:
    page = tree(news.get("/").text)
    named = {each.text_content() for each in page.cssselect(".kicker bdi, .column-name bdi")}
    assert named >= {"The Harbour", "الميناء", "Der Kurier", "Synopsis"}
    for each in page.cssselect("article.card"):
        assert each.cssselect("time[datetime]")
        assert each.cssselect(".source")


def test_a_headline_carries_its_language_and_direction(news: Reader) -> None:
    page = tree(news.get("/language/ar").text)
    headline = page.cssselect(".headline")[0]
    assert (headline.get("lang"), headline.get("dir")) == ("ar", "rtl")
    assert {each.get("lang") for each in page.cssselect(".headline")} == {"ar"}


def test_a_language_has_a_page_of_its_own_named_in_the_readers(news: Reader) -> None:
    page = tree(news.get("/language/ar", accept_language="de").text)
    assert page.cssselect("h1")[0].text_content() == "Arabisch"
    assert page.cssselect("title")[0].text_content().startswith("Arabisch · ")
    assert page.cssselect("link[rel=canonical]")[0].get("href") == f"{news.base}/language/ar"
    assert page.cssselect(".languages [aria-current]")[0].get("hreflang") == "ar"
    assert f"{news.base}/language/ar<" in news.get("/sitemap.xml").text


def test_a_language_without_articles_says_so(news: Reader) -> None:
    page = tree(news.get("/language/sv").text)
    assert page.cssselect("h1")[0].text_content() == "Swedish"
    assert "No articles yet" in page.cssselect(".empty")[0].text_content()
    assert page.cssselect("meta[name=robots]")[0].get("content").startswith("noindex")
    assert not page.cssselect("link[rel=canonical]")


def test_the_old_address_of_a_language_leads_to_its_page(news: Reader) -> None:
    moved = news.get("/?language=ar")
    assert (moved.status, moved.headers["location"]) == (301, "/language/ar")


@pytest.mark.parametrize(
    ("path", "direction"),
    [("/", "ltr"), ("/language/ar", "rtl"), ("/outlet/mina", "rtl"), ("/outlet/harbour", None)],
)
def test_cards_in_one_language_follow_one_another_in_its_direction(
    news: Reader, path: str, direction: str | None
) -> None:
    page = tree(news.get(path).text)
    assert page.cssselect(".grid, .top")[0].get("dir") == direction


def test_a_link_leads_to_the_outlet_and_says_so(news: Reader) -> None:
    card = tree(news.get("/outlet/synopsis").text).cssselect("article.card")[0]
    link = card.cssselect(".headline a")[0]
    assert link.get("href") == "https://synopsis.example/4"
    assert set(link.get("rel").split()) == {"noopener", "nofollow", "external"}
    assert "Read at Synopsis" in card.text_content()


def test_our_page_links_the_source_above_and_below_the_text(news: Reader) -> None:
    text = news.page("The ferry stays at the pier").text
    start, end = text.index('<div class="text'), text.index("<p>Report number 1 of")
    link = 'href="https://harbour.example/1" rel="noopener nofollow external"'
    assert link in text[:start]
    assert link in text[end:]


def test_our_page_says_who_when_and_under_which_licence(news: Reader) -> None:
    page = tree(news.page("The ferry stays at the pier").text)
    words = " ".join(page.text_content().split())
    for said in ("By Ann Ray", "Published by The Harbour", "1 March 2026, 07:59 UTC", "Credit of harbour"):
        assert said in words
    assert [each.get("href") for each in page.cssselect("head link[rel=license]")] == [CC0]


def test_a_full_copy_points_search_engines_to_the_original(news: Reader) -> None:
    page = tree(news.page("The ferry stays at the pier").text)
    assert page.cssselect("link[rel=canonical]")[0].get("href") == "https://harbour.example/1"
    assert page.cssselect("meta[name=robots]")[0].get("content") == "noindex,follow"


def test_an_excerpt_stands_for_itself_and_says_that_more_is_at_the_outlet(news: Reader) -> None:
    page = tree(news.page("Die Fähre bleibt am Kai").text)
    assert page.cssselect("link[rel=canonical]")[0].get("href").startswith(news.base)
    assert not page.cssselect("meta[name=robots]")
    assert "keeps it for subscribers" in page.text_content()
    assert "Nobody has seen" not in page.text_content()


def test_a_link_page_has_no_text_of_the_article(news: Reader) -> None:
    text = news.page("Το πλοίο μένει στο λιμάνι").text
    assert "Report number" not in text
    assert "do not let us show more" in text


def test_linked_data_names_the_outlet_as_publisher_and_us_as_carrier(news: Reader) -> None:
    page = tree(news.page("The ferry stays at the pier").text)
    facts = json.loads(page.cssselect('script[type="application/ld+json"]')[0].text)
    assert facts["@type"] == "NewsArticle"
    assert facts["publisher"]["name"] == "The Harbour"
    assert facts["sdPublisher"]["name"] == "The Test"
    assert facts["isBasedOn"] == "https://harbour.example/1"
    assert (facts["license"], facts["creditText"]) == (CC0, "Credit of harbour")
    assert facts["datePublished"] == "2026-03-01T07:59:00Z"


@pytest.mark.parametrize(("number", "live"), list(enumerate(LIVE)))
def test_hostile_words_stay_words_on_every_page(news: Reader, number: int, live: str) -> None:
    own = news.page(f"{live} {number}")
    assert own.status == 200
    page = tree(own.text)
    assert live in page.cssselect("h1")[0].text_content()
    assert f"{live} text {number}" in page.cssselect(".text")[0].text_content()
    assert json.loads(page.cssselect("script[type]")[0].text)["headline"] == f"{live} {number}"
    for path in ("/", "/outlet/live", "/outlets", "/search?q=text", "/about"):
        assert_harmless(tree(news.get(path).text))
    assert_harmless(page)


def assert_harmless(page: html.HtmlElement) -> None:
    scripts = [each for each in page.iter("script") if each.get("type") != "application/ld+json"]
    assert [each.get("src", "").split("?")[0] for each in scripts] == ["/static/site.js"]
    assert not scripts[0].text
    assert list(page.iter("img", "svg", "b", "iframe", "style")) == []
    for each in page.iter():
        assert not [name for name in each.attrib if name.startswith("on") or name == "style"]
        assert not (each.get("href") or "").lower().startswith(("javascript:", "data:"))
    assert "1337" not in page.text_content()


def test_a_wrong_or_missing_slug_leads_to_the_right_address(news: Reader) -> None:
    plain = news.address("العبارة باقية في الميناء")
    for wrong in (plain, f"{plain}/wrong", f"{plain}/a/b"):
        answer = news.get(wrong)
        assert answer.status == 301
        assert answer.headers["location"].startswith(f"{plain}/%D8%A7")
        assert news.get(answer.headers["location"]).status == 200


def test_older_articles_follow_by_cursor_until_the_last(news: Reader) -> None:
    path, seen = "/outlet/harbour", []
    for _ in range(5):
        page = tree(news.get(path).text)
        seen += [each.text_content() for each in page.cssselect(".latest .headline")]
        older = page.cssselect("a[rel=next]")
        if not older:
            break
        path = older[0].get("href")
    assert len(seen) == len(set(seen)) == 41


def test_search_marks_what_matched(news: Reader) -> None:
    page = tree(news.get("/search?q=captain").text)
    assert page.cssselect(".hit")
    assert "captain" in {each.text_content().lower() for each in page.cssselect("mark")}


def test_search_filters_by_outlet_and_language(news: Reader) -> None:
    for query, outlet in (("outlet=harbour", "The Harbour"), ("language=ar", "الميناء")):
        words = "tide" if "outlet" in query else "العبارة"
        page = tree(news.get(f"/search?q={'%20'.join(percent(words))}&{query}").text)
        assert {each.text_content() for each in page.cssselect(".hit .kicker")} == {outlet}


def percent(words: str) -> list[str]:
    return ["".join(f"%{byte:02x}" for byte in word.encode()) for word in words.split()]


def test_search_goes_on_from_page_to_page(news: Reader) -> None:
    first = tree(news.get("/search?q=tide").text)
    second = tree(news.get(first.cssselect("a[rel=next]")[0].get("href")).text)
    found = [each.text_content() for page in (first, second) for each in page.cssselect(".hit .headline")]
    assert len(found) == len(set(found)) == 40
    assert "page 2" in second.cssselect(".count")[0].text_content()


def test_a_search_without_hits_says_so_with_the_words_as_words(news: Reader) -> None:
    answer = news.get("/search?q=%3Cb%3Eqqq%3C/b%3E")
    assert "Nothing found" in answer.text
    assert "<b>" not in answer.text


def test_about_tells_how_to_ask_for_a_takedown(news: Reader) -> None:
    assert 'href="mailto:desk@test.example"' in news.get("/about").text


def test_an_empty_site_is_friendly_everywhere(own: Reader) -> None:
    outlets.sync(own.db, CARDS)
    assert "No articles yet" in own.get("/").text
    assert "No articles yet" in own.get("/outlet/harbour").text
    for path in (
        "/outlets",
        "/search?q=a",
        "/about",
        "/feed.atom",
        "/feed.rss",
        "/feed.json",
        "/sitemap.xml",
    ):
        assert own.get(path).status == 200, path


def test_a_withdrawn_article_is_gone_with_reason_and_without_text(own: Reader) -> None:
    outlets.sync(own.db, CARDS)
    publish(own.db, RightsMode.FULL, article("harbour", 1, "The ferry stays"))
    path = own.address("The ferry stays")
    editions.withdraw(own.db, int(path.rsplit("/", 1)[1]), "The outlet asked us", START + timedelta(days=1))
    search.index_pending(own.db)
    gone = own.get(path)
    assert gone.status == 410
    assert "The outlet asked us" in gone.text
    assert "2 March 2026" in gone.text
    for shown in (path, "/", "/outlet/harbour", "/search?q=captain", "/feed.rss", "/feed.json"):
        assert "captain since Sunday" not in own.get(shown).text
    assert "deleted-entry" in own.get("/feed.atom").text
    assert own.get(path + "/any-slug").status == 410


@pytest.mark.parametrize("by", WithdrawnBy)
def test_an_article_that_followed_its_original_says_so_and_names_no_takedown(
    own: Reader, by: WithdrawnBy
) -> None:
    outlets.sync(own.db, CARDS)
    publish(own.db, RightsMode.FULL, article("harbour", 1, "The ferry stays"))
    path = own.address("The ferry stays")
    editions.withdraw(own.db, int(path.rsplit("/", 1)[1]), "The outlet removed the original.", START, by)
    gone = own.get(path)
    assert gone.status == 410
    said = tree(gone.text).cssselect(".reason")[0].text_content()
    words = {
        WithdrawnBy.GONE: "removed the original",
        WithdrawnBy.RETRACTED: "withdrew what it had reported",
        WithdrawnBy.PAYWALLED: "sells the original",
        WithdrawnBy.RIGHTS: "terms do not let us",
    }
    assert [each for each, phrase in words.items() if phrase in said] == [by]


def test_what_was_narrowed_for_its_original_says_why(own: Reader) -> None:
    outlets.sync(own.db, CARDS)
    publish(own.db, RightsMode.LINK, article("harbour", 1, "The ferry stays"))
    assert "removed the original" not in own.page("The ferry stays").text
    with own.db.session() as session:
        session.execute(text("UPDATE publication SET reason_codes = '[\"original/gone\"]'"))
    editions.withdraw(own.db, 1, "a mistake", START)
    editions.restore(own.db, 1)
    assert "The outlet has removed the original." in own.page("The ferry stays").text


def test_an_article_leads_to_the_form_for_its_takedown(news: Reader) -> None:
    page = news.page("The ferry stays at the pier")
    [link] = tree(page.text).xpath("//a[contains(@href, '/takedown?about=')]/@href")
    form = tree(news.get(link).text)
    address = form.xpath("//input[@name='address']/@value")[0]
    assert news.get(address[address.index("/article/") :]).status == 200


def test_corrections_are_on_the_page_in_its_linked_data_and_in_feeds(own: Reader) -> None:
    outlets.sync(own.db, CARDS)
    publish(own.db, RightsMode.FULL, article("harbour", 1, "The ferry stays"))
    later = START + timedelta(hours=3)
    notice = "Correction: an earlier version gave the wrong pier.\n" + TEXT
    revised = article("harbour", 1, "The ferry stays", fetched_at=later, text=notice)
    publish(own.db, RightsMode.FULL, revised, at=later)
    page = tree(own.page("The ferry stays").text)
    assert "corrected, with a notice by the outlet" in page.cssselect(".updates")[0].text_content()
    data = json.loads(page.xpath("//script[@type='application/ld+json']")[0].text)
    [told] = data["correction"]
    assert (told["@type"], told["text"]) == ("CorrectionComment", "corrected, with a notice by the outlet")
    assert "copyrightNotice" not in data, "CC0 leaves nobody a copyright"
    for path in ("/feed.atom", "/feed.rss", "/feed.json"):
        assert "corrected, with a notice by the outlet" in own.get(path).text


def test_sub_headings_lists_and_quotes_stand_as_such_in_a_whole_text_only(own: Reader) -> None:
    outlets.sync(own.db, CARDS)
    kinds = (BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.LIST_ITEM, BlockKind.QUOTE)
    blocks = tuple(Block(kind, f"{kind} of the ferry", 3) for kind in kinds)
    publish(own.db, RightsMode.FULL, article("harbour", 1, "The ferry stays", blocks=blocks))
    text = tree(own.page("The ferry stays").text).cssselect(".text")[0]
    assert [each.tag for each in text] == ["p", "h2", "ul", "blockquote"]
    publish(own.db, RightsMode.LINK, article("synopsis", 2, "The ferry sails", blocks=blocks))
    assert not tree(own.page("The ferry sails").text).cssselect(".text")


def test_a_revised_article_says_when_it_changed(own: Reader) -> None:
    outlets.sync(own.db, CARDS)
    publish(own.db, RightsMode.FULL, article("harbour", 1, "The ferry stays"))
    assert "changed this article" not in own.page("The ferry stays").text
    later = START + timedelta(hours=3)
    publish(own.db, RightsMode.FULL, article("harbour", 1, "The ferry sails", fetched_at=later), at=later)
    page = own.page("The ferry sails")
    changed = tree(page.text).cssselect(".updates")[0]
    assert "a new headline or standfirst" in changed.cssselect("summary")[0].text_content()
    assert [each.text_content().strip() for each in changed.cssselect("del, ins")] == ["stays", "sails"]


def test_what_changed_is_shown_by_sentence_in_the_articles_own_direction(own: Reader) -> None:
    outlets.sync(own.db, CARDS)
    older = "حضر الافتتاح 300 شخص من أهالي المدينة. وغنى الأطفال في الساحة حتى المساء."
    publish(own.db, RightsMode.FULL, article("mina", 1, "افتتاح مكتبة", text=older))
    newer = older.replace("300", "400") + " ووعدت البلدية ببناء مكتبة ثانية في العام المقبل."
    publish(own.db, RightsMode.FULL, article("mina", 1, "افتتاح مكتبة", text=newer))
    changed = tree(own.page("افتتاح مكتبة").text).cssselect(".updates")[0]
    assert "numbers, dates or names changed" in changed.cssselect("summary")[0].text_content()
    assert changed.cssselect("ul")[0].get("dir") == "rtl"
    assert [each.text_content() for each in changed.cssselect(".how")] == ["Changed", "Added"]
    assert [each.text_content().strip() for each in changed.cssselect("del")] == ["300"]


@pytest.mark.parametrize("mode", [RightsMode.EXCERPT, RightsMode.LINK])
def test_older_words_are_shown_of_full_texts_only(own: Reader, mode: RightsMode) -> None:
    outlets.sync(own.db, CARDS)
    older = (
        "The cranes will cost two million crowns. They stand on the quay and nobody knows who ordered them."
    )
    publish(own.db, mode, article("harbour", 1, "Cranes", text=older))
    publish(own.db, mode, article("harbour", 1, "Cranes", text=older.replace("two", "three")))
    changed = tree(own.page("Cranes").text).cssselect(".updates")[0]
    assert "numbers, dates or names changed" in changed.text_content()
    assert not changed.cssselect("li")


def test_what_was_retracted_is_shown_no_more(own: Reader) -> None:
    outlets.sync(own.db, CARDS)
    publish(
        own.db,
        RightsMode.FULL,
        article("harbour", 1, "Cranes", text="The mayor stole the cranes. She sold them."),
    )
    notice = "We have withdrawn this article because its source invented what he told us."
    publish(own.db, RightsMode.FULL, article("harbour", 1, "Cranes", text=notice))
    page = own.page("Cranes").text
    assert "withdrew what it had reported" in page
    assert "stole" not in page


def test_hostile_words_of_an_older_version_stay_words(own: Reader) -> None:
    outlets.sync(own.db, CARDS)
    text = (
        "The ferry waits <img src=x onerror=alert(1)> at the pier for two hours. Nobody has seen the captain."
    )
    publish(own.db, RightsMode.FULL, article("harbour", 1, "Ferry", text=text))
    publish(
        own.db,
        RightsMode.FULL,
        article("harbour", 1, "Ferry", text=text.replace("two", "three").replace("<img", "<b><img")),
    )
    assert not tree(own.page("Ferry").text).cssselect(".updates img, .updates b")


def test_an_agency_is_named_where_the_text_comes_from(own: Reader) -> None:
    outlets.sync(own.db, CARDS)
    publish(own.db, RightsMode.FULL, article("harbour", 1, "The ferry stays", agency=("AFP", "dpa")))
    assert "AFP, dpa" in tree(own.page("The ferry stays").text).cssselect(".provenance")[0].text_content()


@pytest.mark.parametrize(
    ("completeness", "words"),
    [
        (Completeness.PAYWALLED, "keeps it for subscribers"),
        (Completeness.TEASER, "showed only a part"),
        (Completeness.GALLERY, "A series of pictures"),
        (Completeness.VIDEO, "A film: it stands with the outlet"),
        (Completeness.LIVE, "A running report"),
    ],
)
def test_what_is_no_whole_article_is_called_what_it_is(
    own: Reader, completeness: Completeness, words: str
) -> None:
    outlets.sync(own.db, CARDS)
    part = article("kurier", 1, "Teil", completeness=completeness)
    publish(own.db, RightsMode.EXCERPT, part)
    page = tree(own.page("Teil").text)
    assert [note for note in page.cssselect("p.note") if words in note.text_content()]
    assert part.source_link in [link.get("href") for link in page.cssselect("a.source-button")]


def test_a_whole_article_is_not_called_a_part(own: Reader) -> None:
    outlets.sync(own.db, CARDS)
    publish(own.db, RightsMode.FULL, article("kurier", 1, "Ganz"))
    assert not tree(own.page("Ganz").text).cssselect("p.note")


def test_the_site_reads_both_databases(db: Database) -> None:
    fill(db)
    with site_over(db) as reader:
        for path in ("/", "/outlets", "/outlet/harbour", "/search?q=captain", "/feed.atom", "/sitemap.xml"):
            assert reader.get(path).status == 200, path
        assert reader.page("The ferry stays at the pier").status == 200
        assert tree(reader.get("/search?q=captain").text).cssselect("mark")


def test_an_article_is_passed_on_under_its_poster(own: Reader) -> None:
    outlets.sync(own.db, CARDS)
    publish(own.db, RightsMode.FULL, article("harbour", 1, "The ferry leaves"))
    page = own.page("The ferry leaves").text
    path = f"/poster/{own.address('The ferry leaves').rpartition('/')[2]}.png"
    assert f'<meta property="og:image" content="{own.base}{path}">' in page
    assert '<meta name="twitter:card" content="summary_large_image">' in page
    answer = own.get(path)
    assert (answer.status, answer.headers["content-type"]) == (200, "image/png")
    assert own.get(path, If_None_Match=answer.headers["etag"]).status == 304
    assert {own.get(f"/poster/{wrong}").status for wrong in ("999.png", "x.png", "1.svg", "1")} == {404}
    out = editions.front(own.db).items[0]
    editions.withdraw(own.db, out.id, "The outlet asked us", START)
    assert own.get(path).status == 410


def test_an_outlets_page_tells_its_rhythm_and_what_it_changed(own: Reader) -> None:
    outlets.sync(own.db, CARDS)
    # Ten articles of the last days: one each day at seven, one more at noon.
    morning = now().replace(hour=7, minute=0, second=0, microsecond=0)
    moments = [morning - timedelta(days=day) for day in range(1, 10)] + [
        morning - timedelta(days=3, hours=-5)
    ]
    written = [
        article("harbour", number, f"Report {number}", published=moment)
        for number, moment in enumerate(moments)
    ]
    assert not tree(own.get("/outlet/harbour").text).cssselect(".habits")
    publish(own.db, RightsMode.FULL, *written, at=now() - timedelta(hours=2))
    newer = article("harbour", 4, "Report 4", published=moments[4], text=f"{TEXT}\nNobody knows more.")
    publish(own.db, RightsMode.FULL, replace(newer, fetched_at=now()), at=now() - timedelta(hours=1))
    page = tree(own.get("/outlet/harbour").text)
    days, hours = [each.get("aria-label") for each in page.cssselect(".chart svg")]
    assert sum(int(number) for number in re.findall(r" (\d+)(?:,|$)", days)) == 10
    assert "07 9, 08 0," in hours
    assert "12 1, 13 0," in hours
    assert [each.text_content() for each in page.cssselect(".changed li a")] == ["Report 4"]
    arabic = tree(own.get("/outlet/harbour", Accept_Language="ar").text)
    assert arabic.cssselect(".habits h2")[0].text_content() == "الأسابيع الأربعة الأخيرة"


def test_the_foot_of_every_page_leads_to_how_we_choose_and_correct(news: Reader) -> None:
    foot = tree(news.get("/").text).cssselect(".colophon a")
    about = tree(news.get("/about").text)
    for name, place in (("How we choose", "choosing"), ("Corrections", "corrections")):
        [link] = [each for each in foot if each.text_content() == name]
        assert link.get("href") == f"/about#{place}"
        assert about.get_element_by_id(place).text_content() == name
