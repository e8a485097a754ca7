"""Stories as readers meet them: together on the front page, whole on a page of their own."""

from datetime import timedelta

from lxml import html
from published import START
from reading import Reader
from site_stories import AGAIN, FIRE, told

from aggregator.store import editions, stories, story_rulings


def tree(text: str) -> html.HtmlElement:
    return html.fromstring(text)


def test_the_front_page_shows_a_story_once_with_the_way_to_all_reports(own: Reader) -> None:
    number = told(own)
    page = tree(own.get("/").text)
    heads = [each.text_content() for each in page.cssselect(".card .headline")]
    assert sorted(heads) == ["A tide table", FIRE[0]]
    line = page.cssselect(".also-told")
    assert len(line) == 1
    assert [each.text_content() for each in line[0].cssselect(".other")] == [AGAIN[0]]
    assert [(each.get("href"), each.text_content()) for each in line[0].cssselect(".all-told")] == [
        (f"/story/{number}", "2 reports by 2 outlets")
    ]


def test_a_story_tells_who_was_first_and_every_report_in_the_order_of_time(own: Reader) -> None:
    page = tree(own.get(f"/story/{told(own)}").text)
    words = " ".join(page.cssselect(".heading")[0].text_content().split())
    assert "2 reports by 2 outlets" in words
    assert "First reported by The Harbour, 28 February 2026, 23:00 UTC" in words
    assert [each.text_content() for each in page.cssselect(".report .headline")] == [FIRE[0], AGAIN[0]]
    assert [each.text_content() for each in page.cssselect(".day .label")] == ["28 Feb 2026", "1 Mar 2026"]
    assert "A text of AFP" in page.cssselect(".report")[0].text_content()
    sources = [each.get("href") for each in page.cssselect(".report a.source")]
    assert sources == ["https://harbour.example/2", "https://synopsis.example/1"]


def test_an_article_leads_to_the_other_reports_of_its_story(own: Reader) -> None:
    number = told(own)
    page = tree(own.page(FIRE[0]).text)
    assert [each.get("href") for each in page.cssselect(".also-told .all-told")] == [f"/story/{number}"]
    assert [each.text_content() for each in page.cssselect(".also-told .other")] == [AGAIN[0]]
    assert not tree(own.page("A tide table").text).cssselect(".also-told")


def test_what_was_withdrawn_is_in_no_story(own: Reader) -> None:
    number = told(own)
    withdrawn = int(own.address(AGAIN[0]).rsplit("/", 1)[1])
    kept = own.get(f"/story/{number}").headers["etag"]
    editions.withdraw(own.db, withdrawn, "The outlet asked us", START + timedelta(days=1))
    answer = own.get(f"/story/{number}", If_None_Match=kept)
    assert answer.status == 200
    assert AGAIN[0] not in answer.text
    assert not tree(own.get("/").text).cssselect(".also-told")
    editions.withdraw(
        own.db, int(own.address(FIRE[0]).rsplit("/", 1)[1]), "Gone too", START + timedelta(days=1)
    )
    assert own.get(f"/story/{number}").status == 404


def test_a_story_that_went_into_another_leads_there(own: Reader) -> None:
    number = told(own)
    alone = next(each.id for each in stories.heads(own.db) if each.id != number)
    story_rulings.merge(own.db, number, alone, START)
    gone = {each: own.get(f"/story/{each}") for each in (number, alone)}
    moved = next(each for each in gone.values() if each.status == 301)
    assert own.get(moved.headers["location"]).status == 200
    assert sorted(each.status for each in gone.values()) == [200, 301]


def test_unknown_stories_are_not_found(own: Reader) -> None:
    for number in ("0", "1", "x", "9" * 30, "-1"):
        assert own.get(f"/story/{number}").status == 404, number


def test_an_unchanged_story_is_not_sent_again(own: Reader) -> None:
    path = f"/story/{told(own)}"
    assert own.get(path, If_None_Match=own.get(path).headers["etag"]).status == 304
