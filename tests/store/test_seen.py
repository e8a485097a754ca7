"""What is known of addresses."""

from datetime import timedelta

from paced import within
from sqlalchemy import insert
from store.samples import NOON, article, end, page

from aggregator.model.crawl import Reason
from aggregator.model.page import Validator
from aggregator.store.articles import known, save
from aggregator.store.engine import Database
from aggregator.store.schema import FetchRow
from aggregator.urls import url_key

URL = "https://harbour.example/news/1"


def test_an_address_that_was_never_met_is_not_known(db: Database) -> None:
    assert known(db, "harbour", [url_key(URL)]) == {}
    assert known(db, "harbour", []) == {}


def test_a_stored_article_is_known_under_each_of_its_addresses(db: Database) -> None:
    entry, final = "https://links.example/r/77", "https://harbour.example/amp/1"
    updated = NOON - timedelta(minutes=5)
    save(db, None, [page(article(url=final), entry_url=entry, updated=updated)])
    found = known(db, "harbour", [url_key(url) for url in (entry, final, URL, "https://harbour.example/x")])
    assert found.keys() == {url_key(url) for url in (entry, final, URL)}
    for each in found.values():
        assert (each.reason, each.updated, each.attempts) == (Reason.STORED, updated, 0)
        assert each.validator == Validator('"e1"', None, "ab" * 32)


def test_the_last_fetch_counts(db: Database) -> None:
    save(db, None, [end(1, Reason.FAILED_TIMEOUT)])
    save(db, None, [page(article(), updated=NOON)])
    save(db, None, [page(article(), updated=NOON + timedelta(hours=1))])
    found = known(db, "harbour", [url_key(URL)])[url_key(URL)]
    assert (found.reason, found.updated) == (Reason.UNCHANGED, NOON + timedelta(hours=1))


def test_failures_in_a_row_are_counted_until_a_success(db: Database) -> None:
    key = url_key(URL)
    counts = []
    failures = [Reason.FAILED_TIMEOUT, Reason.FAILED_HTTP, Reason.FAILED_DNS]
    for reason in (*failures, None, *failures[:1]):
        save(db, None, [end(1, reason) if reason else page(article())])
        counts.append(known(db, "harbour", [key])[key].attempts)
    assert counts == [1, 2, 3, 0, 1]


def test_failures_of_one_batch_count_one_by_one(db: Database) -> None:
    key = url_key(URL)
    save(db, None, [end(1, Reason.FAILED_HTTP), end(1, Reason.FAILED_HTTP)])
    assert known(db, "harbour", [key])[key].attempts == 2


def test_an_address_that_failed_first_and_was_stored_under_another_is_known_as_stored(db: Database) -> None:
    save(db, None, [end(1, Reason.FAILED_TIMEOUT)])
    save(db, None, [page(article(), entry_url="https://links.example/r/77")])
    assert known(db, "harbour", [url_key(URL)])[url_key(URL)].reason is Reason.STORED


def test_each_outlet_knows_its_own_addresses(db: Database) -> None:
    save(db, None, [page(article())])
    assert known(db, "ferry", [url_key(URL)]) == {}


def test_thousands_of_keys_are_asked_for_at_once(db: Database) -> None:
    save(db, None, [end(number, Reason.FAILED_GONE) for number in range(1200)])
    keys = [url_key(f"https://harbour.example/news/{number}") for number in range(3000)]
    assert len(known(db, "harbour", keys)) == 1200


def test_known_stays_quick_among_many_fetches(db: Database) -> None:
    save(db, None, [page(article())])
    fetches = [
        {
            "outlet": "harbour",
            "url": f"https://harbour.example/{number}",
            "url_key": f"key{number % 10_000}",
            "reason": "stored",
            "at": NOON,
            "attempt": 0,
        }
        for number in range(100_000)
    ]
    with db.session() as session:
        session.connection().execute(insert(FetchRow), fetches)
    keys = [f"key{number}" for number in range(0, 10_000, 50)]
    known(db, "harbour", keys)
    with within(0.1):
        assert len(known(db, "harbour", keys)) == 200
