"""The archive: a calendar, the days behind it, and searches that are narrowed to days and topics."""

from datetime import UTC, datetime

import pytest
from lxml import html
from published import CARDS, article, publish
from reading import Reader

from aggregator.model.outlet import RightsMode
from aggregator.store import outlets, search
from aggregator.store.engine import Database


def tree(text: str) -> html.HtmlElement:
    return html.fromstring(text)


def dated(reader: Reader, *days: str) -> None:
    """An article of each of these days, the last moment of the day."""
    outlets.sync(reader.db, CARDS)
    for number, day in enumerate(days):
        at = datetime.fromisoformat(day + "T23:59:59").replace(tzinfo=UTC)
        section = "Coast" if number % 2 == 0 else "Local politics"
        written = article("harbour", number, f"News of {day}", published=at, section=section)
        publish(reader.db, RightsMode.FULL, written, at=datetime(2026, 3, 20, tzinfo=UTC))
    while search.index_pending(reader.db):
        pass


def test_the_calendar_counts_each_day_and_leads_to_it(own: Reader) -> None:
    dated(own, "2026-03-01", "2026-03-01", "2026-03-02")
    page = tree(own.get("/archive").text)
    assert page.cssselect("h1")[0].text_content() == "March 2026"
    days = {each.get("href"): each.cssselect(".number")[0].text for each in page.cssselect(".calendar a")}
    assert days == {"/archive/2026-03-01": "2", "/archive/2026-03-02": "1"}
    assert [each.get("aria-label") for each in page.cssselect(".calendar a")] == [
        "1 March 2026: 2 articles",
        "2 March 2026: 1 article",
    ]
    assert len(page.cssselect(".calendar .date")) == 31
    day = tree(own.get("/archive/2026-03-02").text)
    assert [each.text_content() for each in day.cssselect(".headline")] == ["News of 2026-03-02"]


def test_months_follow_one_another_also_empty_ones(own: Reader) -> None:
    dated(own, "2025-12-31", "2026-02-28")
    path, seen = "/archive", []
    for _ in range(5):
        page = tree(own.get(path).text)
        seen.append(page.cssselect("h1")[0].text_content())
        older = page.cssselect("a[rel=next]")
        if not older:
            break
        path = older[0].get("href")
    assert seen == ["February 2026", "January 2026", "December 2025"]
    assert [each.get("href") for each in page.cssselect("a[rel=prev]")] == ["/archive/2026-01"]


def test_a_day_with_many_articles_goes_on(own: Reader) -> None:
    dated(own, *["2026-03-01"] * 50)
    first = tree(own.get("/archive/2026-03-01").text)
    second = tree(own.get(first.cssselect("a[rel=next]")[0].get("href")).text)
    assert [len(page.cssselect(".latest .card")) for page in (first, second)] == [48, 2]


@pytest.mark.parametrize(
    "when",
    ["2026-04", "2026-02", "2026-13", "2026-3", "x", "2026-03-03", "2026-02-30", "0001-01",
     "9999-12-31", "0000-00"],
)  # fmt: skip
def test_days_and_months_without_anything_are_not_found(own: Reader, when: str) -> None:
    dated(own, "2026-03-01")
    assert own.get(f"/archive/{when}").status == 404


def test_an_empty_archive_is_friendly(own: Reader) -> None:
    answer = own.get("/archive")
    assert answer.status == 200
    assert "No articles yet" in answer.text
    assert own.get("/archive/2026-03").status == 404


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ("since=2026-03-02", {"2026-03-02", "2026-03-03"}),
        ("until=2026-03-02", {"2026-03-01", "2026-03-02"}),
        ("since=2026-03-02&until=2026-03-02", {"2026-03-02"}),
        ("topic=Local%20Politics", {"2026-03-02"}),
        ("topic=coast&outlet=harbour&language=en&since=2026-03-02", {"2026-03-03"}),
        ("outlet=&language=&topic=&since=&until=", {"2026-03-01", "2026-03-02", "2026-03-03"}),
        ("topic=nothing", set()),
    ],
)
def test_a_search_is_narrowed_to_days_and_topics(own: Reader, narrowed: str, found: set[str]) -> None:
    dated(own, "2026-03-01", "2026-03-02", "2026-03-03")
    page = tree(own.get(f"/search?q=news&{narrowed}").text)
    assert {each.text_content() for each in page.cssselect(".hit .headline")} == {
        f"News of {day}" for day in found
    }


def test_the_form_keeps_what_it_was_asked(own: Reader) -> None:
    dated(own, *["2026-03-01"] * 43)
    page = tree(own.get("/search?q=news&since=2026-02-01&until=2026-03-02&topic=coast").text)
    fields = {each.get("name"): each.get("value") for each in page.cssselect(".query input")}
    assert fields == {"q": "news", "topic": "coast", "since": "2026-02-01", "until": "2026-03-02"}
    older = page.cssselect("a[rel=next]")[0].get("href")
    assert older == "/search?q=news&topic=coast&since=2026-02-01&until=2026-03-02&page=2"
    assert own.get(older).status == 200


@pytest.mark.parametrize("wrong", ["since=yesterday", "until=2026-02-30", "topic=!!!", "since=9999-12-31"])
def test_a_filter_that_means_nothing_is_told(own: Reader, wrong: str) -> None:
    assert own.get(f"/search?q=news&{wrong}").status == 400


def test_filters_mean_the_same_on_every_database(db: Database) -> None:
    outlets.sync(db, CARDS)
    for number, day in enumerate((1, 2, 3)):
        at = datetime(2026, 3, day, 12, tzinfo=UTC)
        written = article(
            "harbour", number, f"News {day}", published=at, section="Coast" if day > 1 else "Inland"
        )
        publish(db, RightsMode.FULL, written, at=at)
    while search.index_pending(db):
        pass
    filters = search.Filters(
        "harbour", "en", "coast", datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)
    )
    found = search.search(db, "news", filters=filters)
    assert [hit.publication.headline for hit in found.hits] == ["News 2"]
    assert found.total == 1
