"""The store's headlines of an outlet."""

from dataclasses import replace

from store.samples import article, page

from aggregator.store import articles, headlines
from aggregator.store.engine import Database


def test_the_newest_headlines_of_an_outlet_come_oldest_first(db: Database) -> None:
    made = [article(number) for number in range(1, 6)]
    articles.save(db, None, [page(one) for one in made])
    articles.save(db, None, [page(article(7, outlet="lagoon"))])
    assert headlines.recent(db, "harbour") == [one.headline for one in made]
    assert headlines.every(db, "harbour") == [one.headline for one in made]
    assert headlines.recent(db, "nowhere") == []


def test_a_revised_headline_takes_the_place_of_the_first(db: Database) -> None:
    articles.save(db, None, [page(article(1))])
    articles.save(
        db, None, [page(replace(article(1, headline="No pier after all"), blocks=article(2).blocks))]
    )
    assert headlines.recent(db, "harbour") == ["No pier after all"]
