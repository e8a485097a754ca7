"""The main job on either database: crawled, stored, published, shown, dumped."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from reading import site_over

from aggregator import newsstand, outlets, publishing
from aggregator.clock import now
from aggregator.config import CrawlSettings, Settings
from aggregator.crawling import crawl
from aggregator.model.crawl import Reason, RunState
from aggregator.model.outlet import Politeness
from aggregator.newsstand import Newsstand
from aggregator.store.dump import dump
from aggregator.store.engine import Database

SLUGS = ("al-mina", "elbtal-kurier", "harbour-post", "minato-shinpo", "phare-armor", "synopsis24")


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsstand]:
    with newsstand.start(tmp_path_factory.mktemp("stand"), ports=dict.fromkeys(SLUGS, 0)) as running:
        yield running


def quick(polite: Politeness) -> Politeness:
    return replace(polite, delay_seconds=0.0)


def test_articles_of_all_outlets_reach_readers_and_analysts(
    stand: Newsstand, database_url: str, tmp_path: Path
) -> None:
    for card in stand.cards():
        outlets.write(replace(card, politeness=quick(card.politeness)), tmp_path / "outlets")
    settings = Settings(
        database=database_url,
        outlets=tmp_path / "outlets",
        pages=tmp_path / "pages",
        crawl=CrawlSettings(processes=1),
    )
    report = crawl(settings, SLUGS)
    assert report.state is RunState.FINISHED
    assert not [
        reason for reasons in report.counts.values() for reason in reasons if reason.value[:4] == "fail"
    ]
    assert report.counts["harbour-post"][Reason.DROPPED_ROBOTS] == 1
    with closing(Database.open(database_url)) as db:
        cards = outlets.load(settings.path(settings.outlets))
        editions = list(publishing.publish_all(db, cards, settings, now()))
        assert sum(edition.published for edition in editions) >= 48
        with site_over(db) as reader:
            front = reader.get("/").text
            assert all(f"/outlet/{slug}" in front for slug in SLUGS)
        dump(db, tmp_path / "news.sqlite3")
    with closing(sqlite3.connect(tmp_path / "news.sqlite3")) as dumped:
        [linked] = dumped.execute("SELECT count(*) FROM article WHERE source_link LIKE 'http://127.0.0.1:%'")
        assert linked[0] >= 50
    assert crawl(settings, SLUGS).counts == {}
