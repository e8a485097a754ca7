"""Followed pages in the store: what goes out is visited again, and each visit is noted."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from dedupe.prose import article as prose
from store.samples import NOON, article, end, lines, outlet, page

from aggregator.model.article import Article
from aggregator.model.crawl import Reason
from aggregator.model.edition import NewPublication, PublicationState
from aggregator.model.followed import FollowedPage
from aggregator.model.outlet import RightsMode
from aggregator.store import articles, editions, followed, outlets
from aggregator.store.engine import Database

PLAN = [timedelta(hours=hours) for hours in (1, 6, 24)]


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


def go_out(db: Database, *written: Article, state: PublicationState = PublicationState.PUBLISHED) -> None:
    outlets.sync(db, [outlet("harbour"), outlet("summit")])
    articles.save(db, None, [page(each) for each in written])
    out = []
    for each in written:
        stored = articles.find(db, each.url)
        assert stored is not None
        out.append(
            NewPublication(stored.id, state, RightsMode.FULL, each.headline, each.blocks, None, "Credit", ())
        )
    editions.publish(db, out, NOON)


def due(db: Database, hours: float, limit: int = 50, slug: str = "harbour") -> list[str]:
    return [stored.article.url for stored in followed.due(db, slug, PLAN, at(hours), limit)]


def known(db: Database, number: int = 1) -> FollowedPage:
    with db.reading() as session:
        return followed.of_articles(session, [number])[number]


def look(db: Database, hours: float, reason: Reason, status: int | None = None) -> None:
    articles.save(db, None, [end(1, reason, at=at(hours), status=status)])


def test_a_published_articles_page_is_due_by_the_plan(db: Database) -> None:
    go_out(db, article(1))
    assert due(db, 0.5) == []
    assert due(db, 1) == [article(1).url]
    look(db, 1, Reason.UNCHANGED, 304)
    assert due(db, 2) == []
    assert due(db, 6) == [article(1).url]
    look(db, 30, Reason.UNCHANGED, 304)
    assert due(db, 999) == []


def test_what_is_due_stays_due_until_it_was_visited(db: Database) -> None:
    go_out(db, article(1))
    assert due(db, 1) == due(db, 1) == [article(1).url]


def test_no_more_are_due_than_asked_for_the_oldest_first(db: Database) -> None:
    go_out(db, *[article(number) for number in range(1, 6)])
    go_out(db, article(9, outlet="summit"))
    first = due(db, 3, limit=2)
    assert first == [article(1).url, article(2).url]
    assert due(db, 3, slug="summit") == [article(9, outlet="summit").url]


def test_what_was_refused_or_taken_back_by_people_is_not_visited(db: Database) -> None:
    go_out(db, article(1), state=PublicationState.REFUSED)
    go_out(db, article(2))
    publication = editions.by_article(db, 2)
    assert publication is not None
    editions.withdraw(db, publication.id, "a mistake", NOON)
    assert due(db, 3) == []


def test_a_page_that_is_missing_is_gone_an_hour_later(db: Database) -> None:
    go_out(db, article(1))
    look(db, 1, Reason.FAILED_HTTP, 404)
    assert (known(db).missing_since, known(db).gone_at) == (at(1), None)
    assert followed.awaiting(db, 10) == {}
    assert due(db, 1.5) == []
    assert due(db, 2) == [article(1).url]
    look(db, 2, Reason.FAILED_TIMEOUT)
    assert known(db).gone_at is None
    look(db, 3, Reason.FAILED_HTTP, 404)
    assert known(db).gone_at == at(3)
    assert list(followed.awaiting(db, 10)) == [1]


def test_a_page_that_comes_back_is_news_too(db: Database) -> None:
    go_out(db, article(1))
    look(db, 1, Reason.FAILED_GONE, 410)
    followed.settle(db, {1: at(1)})
    assert followed.awaiting(db, 10) == {}
    look(db, 2, Reason.UNCHANGED, 304)
    assert known(db) == FollowedPage(NOON, at(2))
    assert list(followed.awaiting(db, 10)) == [1]


def test_a_revision_awaits_following(db: Database) -> None:
    go_out(db, article(1))
    later = replace(article(1), blocks=lines(prose(4)), fetched_at=at(2))
    assert articles.save(db, None, [page(later)]) == [Reason.REVISION]
    assert list(followed.awaiting(db, 10)) == [1]
    assert known(db).looked_at == at(2)


def test_following_that_was_overtaken_by_a_visit_is_not_settled(db: Database) -> None:
    go_out(db, article(1))
    look(db, 1, Reason.FAILED_GONE, 410)
    followed.settle(db, {1: at(0.5)})
    assert followed.awaiting(db, 10) == {1: at(1)}


@pytest.mark.parametrize("times", [1, 3])
def test_visits_of_one_batch_are_noted_in_their_order(db: Database, times: int) -> None:
    go_out(db, article(1))
    ends = [end(1, Reason.FAILED_HTTP, at=at(hour), status=404) for hour in range(1, 1 + times)]
    articles.save(db, None, ends)
    assert (known(db).gone_at is not None) == (times > 1)


def test_an_original_that_takes_over_is_followed_at_its_own_outlet(db: Database) -> None:
    original = article(1, outlet="summit")
    copy = article(1, blocks=original.blocks, source_link=original.url)
    go_out(db, copy)
    look(db, 1, Reason.FAILED_HTTP, 404)
    articles.save(db, None, [page(original)])
    publication = editions.by_article(db, 2)
    assert publication is not None
    assert publication.outlet == "summit"
    assert known(db, 2) == FollowedPage(NOON)
    assert due(db, 9) == []
    assert due(db, 9, slug="summit") == [original.url]


def test_a_page_from_an_archive_says_nothing_of_one_that_was_looked_at_since(db: Database) -> None:
    go_out(db, article(1))
    look(db, 8, Reason.FAILED_GONE, 410)
    before = known(db)
    assert before.gone_at == at(8)
    assert articles.save(db, None, [page(article(1, fetched_at=at(2)))]) == [Reason.UNCHANGED]
    assert known(db) == before
