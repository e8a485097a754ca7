"""The main job on either database: crawled, stored, published, shown, dumped."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from reading import site_over
from roundtrip import assert_same

from aggregator import newsstand, outlets, publishing
from aggregator.clock import now
from aggregator.config import CrawlSettings, Settings
from aggregator.crawling import crawl
from aggregator.model.crawl import Reason, RunState
from aggregator.model.outlet import Politeness
from aggregator.model.revision import ChangeKind
from aggregator.newsstand import Newsstand
from aggregator.site.updates import WORDS
from aggregator.store.dump import dump
from aggregator.store.engine import Database

pytestmark = pytest.mark.slow
SLUGS = ("al-mina", "elbtal-kurier", "harbour-post", "minato-shinpo", "phare-armor", "synopsis24")


CORRECTED = "Council votes to deepen the harbour channel, by a single hand"
AFTER_THE_CORRECTION = timedelta(minutes=1, seconds=30)


class Clock:
    """The newsstand's clock: it stands still until it is put forward."""

    def __init__(self) -> None:
        self.started = self.moment = now() - timedelta(minutes=10)

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def running(clock: Clock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsstand]:
    ports = dict.fromkeys(SLUGS, 0)
    with newsstand.start(tmp_path_factory.mktemp("stand"), ports=ports, clock=clock) as stand:
        yield stand


@pytest.fixture
def stand(running: Newsstand, clock: Clock) -> Newsstand:
    clock.moment = clock.started
    return running


def quick(polite: Politeness) -> Politeness:
    return replace(polite, delay_seconds=0.0)


def test_articles_of_all_outlets_reach_readers_and_analysts(
    stand: Newsstand, clock: Clock, database_url: str, tmp_path: Path
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
        assert_same(db, tmp_path / "news.sqlite3")
    with closing(sqlite3.connect(tmp_path / "news.sqlite3")) as dumped:
        [linked] = dumped.execute("SELECT count(*) FROM article WHERE source_link LIKE 'http://127.0.0.1:%'")
        assert linked[0] >= 50
    assert crawl(settings, SLUGS).counts == {}
    clock.moment += AFTER_THE_CORRECTION
    readers_see_what_an_outlet_corrected(settings)


def readers_see_what_an_outlet_corrected(settings: Settings) -> None:
    """Crawl and publish once more: the corrected article's page shows what became of its sentences."""
    assert crawl(settings, SLUGS).counts == {"harbour-post": {Reason.REVISION: 1}}
    with closing(Database.open(settings.database)) as db:
        cards = outlets.load(settings.path(settings.outlets))
        editions = list(publishing.publish_all(db, cards, settings, now()))
        assert [edition.updated for edition in editions if edition.updated] == [1]
        with site_over(db) as reader:
            page = reader.page(CORRECTED).text
    assert "£<del>14 </del><ins>41 </ins>million scheme and ten against." in page
    assert "the first dredger could be at work in <del>March</del><ins>August</ins>." in page
    assert "Correction: An earlier version of this article gave the cost of the scheme as" in page
    assert WORDS[ChangeKind.CORRECTION] in page
    assert WORDS[ChangeKind.FIGURE] in page
