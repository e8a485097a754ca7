"""Rows of outlets."""

import os
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from store.samples import NOON, article, end, lines, outlet, page, pages

from aggregator.model.crawl import Reason, RunState
from aggregator.model.edition import NewPublication, PublicationState
from aggregator.model.outlet import Rights, RightsMode
from aggregator.store import articles, crawls, editions, outlets
from aggregator.store.engine import Database
from aggregator.store.milestones import Milestones
from aggregator.store.outlets import OutletSummary
from aggregator.store.schema import OutletRow


def summary(db: Database, slug: str = "harbour") -> OutletSummary:
    return next(each for each in outlets.summaries(db) if each.slug == slug)


def test_rows_follow_the_cards(db: Database) -> None:
    outlets.sync(db, [outlet()])
    found = summary(db)
    assert (found.name, found.mode, found.licence) == ("The Harbour Post", RightsMode.FULL, "CC0-1.0")
    outlets.sync(db, [outlet(name="The New Harbour", rights=Rights(RightsMode.LINK))])
    found = summary(db)
    assert (found.name, found.mode, found.licence) == ("The New Harbour", RightsMode.LINK, None)


def test_the_row_of_a_removed_card_stays_and_is_inactive_until_it_comes_back(db: Database) -> None:
    outlets.sync(db, [outlet(), outlet("ferry")])
    outlets.sync(db, [outlet("ferry")])
    assert [(each.slug, each.is_active) for each in outlets.summaries(db)] == [
        ("ferry", True),
        ("harbour", False),
    ]
    outlets.sync(db, [outlet(), outlet("ferry")])
    assert summary(db).is_active


def test_a_paused_outlet_is_inactive(db: Database) -> None:
    outlets.sync(db, [outlet(paused=True)])
    assert not summary(db).is_active


@pytest.mark.parametrize("changed", [False, True])
def test_only_what_differs_is_written(db: Database, changed: bool) -> None:  # noqa: FBT001 - a case
    outlets.sync(db, [outlet()])
    synced = select(OutletRow.synced_at)
    with db.reading() as session:
        before = session.execute(synced).scalar_one()
    outlets.sync(db, [replace(outlet(), country="FR")] if changed else [outlet()])
    with db.reading() as session:
        assert (session.execute(synced).scalar_one() > before) is changed


def test_an_article_of_an_outlet_without_a_card_makes_a_bare_row_that_a_card_fills(db: Database) -> None:
    articles.save(db, None, pages(1))
    assert (summary(db).name, summary(db).homepage) == ("harbour", "https://harbour.example/")
    assert not summary(db).is_active
    outlets.sync(db, [outlet()])
    assert (summary(db).name, summary(db).is_active) == ("The Harbour Post", True)


def test_a_summary_counts_publications_and_tells_the_last_article_and_run(db: Database) -> None:
    outlets.sync(db, [outlet(), outlet("ferry"), outlet("tide")])
    run_id = crawls.start_run(db, ["harbour", "ferry"], os.getpid())
    articles.save(db, run_id, [*pages(3), page(article(outlet="ferry")), end(9, Reason.FAILED_DNS)])
    crawls.end_run(db, run_id, RunState.FINISHED)
    publish(db, 1, 2)
    found = summary(db)
    assert found.published == 2
    out = [each.article.published for each in (articles.get(db, 1), articles.get(db, 2)) if each]
    assert found.newest_at == max(each for each in out if each)
    assert found.last_crawl_at == crawls.last_crawled(db)["harbour"]
    nothing = summary(db, "tide")
    assert (nothing.published, nothing.newest_at, nothing.last_crawl_at) == (0, None, None)


def test_an_interrupted_run_is_not_the_last_one(db: Database) -> None:
    first = crawls.start_run(db, ["harbour"], os.getpid())
    articles.save(db, first, pages(2))
    crawls.end_run(db, first, RunState.FINISHED)
    began = summary(db).last_crawl_at
    second = crawls.start_run(db, ["harbour"], os.getpid())
    articles.save(db, second, [end(9, Reason.FAILED_DNS)])
    crawls.end_run(db, second, RunState.INTERRUPTED)
    assert began is not None
    assert summary(db).last_crawl_at == began


def test_one_summary_is_the_same_as_among_all(db: Database) -> None:
    outlets.sync(db, [outlet(), outlet("ferry")])
    run_id = crawls.start_run(db, ["harbour", "ferry"], os.getpid())
    articles.save(db, run_id, [*pages(3), page(article(outlet="ferry")), end(9, Reason.FAILED_DNS)])
    crawls.end_run(db, run_id, RunState.FINISHED)
    publish(db, 1, 4)
    for each in outlets.summaries(db):
        assert outlets.summary(db, each.slug) == each
    assert outlets.summary(db, "nobody") is None


def test_a_summary_that_knows_milestones_counts_what_came_and_what_went_since(db: Database) -> None:
    outlets.sync(db, [outlet(), outlet("ferry")])
    articles.save(db, None, [*pages(4), page(article(outlet="ferry"))])
    known, counted = Milestones(), []
    for number in (1, 2, 5, 3):
        publish(db, number)
        counted.append(outlets.summary(db, "harbour", known))
    editions.withdraw(db, 1, "By mistake", NOON)
    counted.append(outlets.summary(db, "harbour", known))
    assert [each and each.published for each in counted] == [1, 2, 2, 3, 2]
    assert counted[-1] == outlets.summary(db, "harbour")


def test_the_outlets_that_readers_find_something_of_stand_by_their_newest_article(db: Database) -> None:
    outlets.sync(db, [outlet(), outlet("ferry"), outlet("tide")])
    old = page(article(7, outlet="ferry", published=NOON - timedelta(days=3)))
    articles.save(db, None, [old, *pages(2), page(article(8, outlet="tide"))])
    assert outlets.shown(db) == []
    publish(db, 1, 2, 3, 4)
    tide = editions.by_article(db, 4)
    assert tide is not None
    editions.withdraw(db, tide.id, "Why", NOON)
    found = [(each.slug, each.newest) for each in outlets.shown(db)]
    assert found == [("harbour", NOON - timedelta(hours=2)), ("ferry", NOON - timedelta(days=3))]


def publish(db: Database, *numbers: int) -> None:
    shown = (PublicationState.PUBLISHED, RightsMode.FULL, "Headline", lines("Text"), None, "The Harbour", ())
    editions.publish(db, [NewPublication(number, *shown) for number in numbers], NOON)
