"""An article that its outlet's feed lists under an id which it gave before."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from store.samples import NOON, SEED, article, body, lines, page

from aggregator.model.article import Article
from aggregator.model.crawl import PageArticle, Reason
from aggregator.model.page import Entry
from aggregator.model.revision import ChangeKind
from aggregator.store import articles
from aggregator.store.engine import Database
from aggregator.store.history import history

TEXT = f"{body(1)}\nIt will cost two million crowns.\nThe first stones lie on the quay already."
OTHER = (
    "Seven goats from the island of Selby swam ashore on Sunday. A fisherman counted them twice, and "
    "called the vet, who had never been asked to examine a goat with seaweed on its horns before."
)
TEMPLATE = (
    "The weather for {town} today: {low} degrees in the morning, {high} at noon, wind from the {wind} at "
    "{speed} knots. High water at {hour} o'clock, low water at {low} past. Sunset at {high} minutes past "
    "{hour}. Tomorrow {speed} degrees are expected in {town}, and a little rain from the {wind}."
)


def listed(sample: Article, guid: str | None) -> PageArticle:
    return page(sample, entry=Entry(sample.url, SEED, guid=guid))


def at(number: int, text: str, headline: str, **changes: Any) -> Article:
    return article(number, blocks=lines(text), headline=headline, **changes)


def saved(db: Database, *pages: PageArticle) -> list[Reason]:
    """What became of pages that come one after the other, each in a batch of its own."""
    return [articles.save(db, None, [one])[0] for one in pages]


FIRST = listed(at(1, TEXT, "Pier one will be built"), "news-4711")


def moved(**changes: Any) -> PageArticle:
    """The same article at another address, under another headline, with a mended figure."""
    given = {"headline": "Three million for a new landing stage", "text": TEXT.replace("two", "three")}
    given |= changes
    return listed(at(2, given.pop("text"), given.pop("headline"), **given), "news-4711")


@pytest.mark.parametrize("at_once", [True, False], ids=["one-batch", "two-batches"])
def test_a_moved_and_renamed_article_is_a_revision_and_keeps_its_first_date(
    db: Database, *, at_once: bool
) -> None:
    later = moved(published=NOON + timedelta(days=4), fetched_at=NOON + timedelta(days=4))
    reasons = articles.save(db, None, [FIRST, later]) if at_once else saved(db, FIRST, later)
    assert reasons == [Reason.STORED, Reason.REVISION]
    stored = articles.get(db, 1)
    assert stored is not None
    assert stored.article.published == FIRST.article.published
    assert stored.article.url == later.article.url
    found = [articles.find(db, one.entry.url) for one in (FIRST, later)]
    assert [one and one.id for one in found] == [1, 1]
    change = history(db, 1)[-1].change
    assert change is not None
    assert set(change.kinds) == {ChangeKind.FIGURE, ChangeKind.HEADLINE}


def test_without_the_id_it_is_another_article(db: Database) -> None:
    later = moved()
    bare = replace(later, entry=replace(later.entry, guid=None))
    assert Reason.REVISION not in saved(db, FIRST, bare)
    assert articles.get(db, 2) is not None


def test_the_same_words_at_another_address_are_unchanged_and_no_copy(db: Database) -> None:
    assert saved(db, FIRST, moved(text=TEXT, headline=FIRST.article.headline)) == [
        Reason.STORED,
        Reason.UNCHANGED,
    ]


def test_a_rewritten_text_under_the_days_headline_is_a_revision(db: Database) -> None:
    later = moved(text=OTHER, headline="Pier one will be built after all")
    assert saved(db, FIRST, later) == [Reason.STORED, Reason.REVISION]


def test_one_id_for_every_article_joins_nothing(db: Database) -> None:
    goats = listed(at(2, OTHER, "Goats swim ashore"), "news-4711")
    third = listed(at(3, body(3).replace("pier", "crane"), "A crane for the fish quay"), "news-4711")
    assert articles.save(db, None, [FIRST, goats, third]) == [Reason.STORED] * 3
    assert saved(db, goats, third) == [Reason.UNCHANGED] * 2


def test_an_id_used_again_a_month_later_joins_nothing(db: Database) -> None:
    month = NOON + timedelta(days=30)
    later = moved(text=OTHER, headline="Pier one will be built", published=month, fetched_at=month)
    assert saved(db, FIRST, later) == [Reason.STORED, Reason.STORED]


def test_one_id_for_the_pages_of_a_template_joins_nothing(db: Database) -> None:
    one = TEMPLATE.format(town="Marrow Bay", low=7, high=12, wind="west", speed=18, hour=4)
    other = TEMPLATE.format(town="Gannet Point", low=3, high=15, wind="north", speed=22, hour=9)
    pages = [listed(at(n, text, "The weather today"), "w") for n, text in enumerate((one, other), 1)]
    assert saved(db, *pages) == [Reason.STORED, Reason.STORED]


def test_the_same_id_at_another_outlet_joins_nothing(db: Database) -> None:
    copied = moved(outlet="elsewhere")
    assert Reason.REVISION not in saved(db, FIRST, copied)
    assert articles.get(db, 2) is not None


@pytest.mark.parametrize(
    "guid",
    [
        "x" * 10_000,
        "a\x00b",
        "<script>alert(1)</script>",
        "\ud800",
        "  \n ",
        "'; DROP TABLE article; --",
        "//[",
    ],
)
def test_a_hostile_id_does_no_harm(db: Database, guid: str) -> None:
    first = replace(FIRST, entry=replace(FIRST.entry, guid=guid))
    goats = listed(at(2, OTHER, "Goats swim ashore"), guid)
    assert saved(db, first, goats, first) == [Reason.STORED, Reason.STORED, Reason.UNCHANGED]


def test_an_id_that_is_the_articles_own_address_is_no_further_key(db: Database) -> None:
    own = replace(FIRST, entry=replace(FIRST.entry, guid=f"{FIRST.entry.url}?utm_source=rss"))
    assert saved(db, own, own) == [Reason.STORED, Reason.UNCHANGED]
