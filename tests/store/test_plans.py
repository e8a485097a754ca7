"""The statements that run all the time are answered by an index, however large the tables grow."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import Engine, event
from store.samples import NOON, SEED, article, end, lines, outlet, page, pages

from aggregator import publishing
from aggregator.config import PublishSettings, Settings
from aggregator.model.crawl import Reason
from aggregator.model.edition import NewPublication, Publication, PublicationState
from aggregator.model.outlet import Pace, Rights, RightsMode
from aggregator.store import (
    articles,
    boilerplate,
    calendar,
    carried,
    crawls,
    decisions,
    editions,
    followed,
    frequent_topics,
    freshness,
    headlines,
    neighbours,
    outlets,
    search,
    shown_stories,
    told_stories,
    volumes,
)
from aggregator.store.decisions import Standing
from aggregator.store.engine import Database
from aggregator.store.placing import place_next
from aggregator.store.ready import Written
from aggregator.store.volumes import Scope

GROWING = re.compile(
    r"^SCAN (?:article\w*|fetch|publication|p|followed_page|story\w*|seed_visit|duplicate|image"
    r"|boilerplate_line|crawl_run\w*)\b"
)

# Read as a whole on purpose: an index that holds only what waits; what counts a feed's volumes, without a
# look at any row.
AS_A_WHOLE = re.compile("_awaits_|COVERING INDEX ix_publication_")


CARDS = {
    slug: outlet(slug, rights=Rights(RightsMode.FULL, monthly_cap=9), publish=Pace(drip=2, daily_cap=7))
    for slug in ("harbour", "ferry")
}
RULED = Settings(publish=PublishSettings(slots=("0 * * * *",), max_per_day=20, gap_minutes=5))


@contextmanager
def statements() -> Iterator[list[tuple[str, Any]]]:
    """The statements that run meanwhile, with their values."""
    met: list[tuple[str, Any]] = []

    def remember(*arguments: Any) -> None:
        _, _, statement, values, _, is_many = arguments
        met.append((statement, values[0] if is_many else values))

    told = Written.told

    def remember_ready(query: Written, values: dict[str, Any]) -> tuple[str, Any]:
        met.append(told(query, values))
        return met[-1]

    event.listen(Engine, "before_cursor_execute", remember)
    try:
        with patch.object(Written, "told", remember_ready):
            yield met
    finally:
        event.remove(Engine, "before_cursor_execute", remember)


def one(found: Publication | None) -> Publication:
    """What is there for sure."""
    assert found is not None
    return found


DAILY: dict[str, Callable[[Database], object]] = {
    "save": lambda db: articles.save(
        db, None, [*pages(3, start=50), page(article(1)), page(article(2, blocks=article(99).blocks))]
    ),
    "save ends": lambda db: articles.save(db, None, [end(1, Reason.FAILED_HTTP)]),
    "learned": lambda db: boilerplate.load(db, "harbour"),
    "headlines": lambda db: headlines.recent(db, "harbour"),
    "known": lambda db: articles.known(db, "harbour", ["a", "b"]),
    "followed": lambda db: followed.due(db, "harbour", [timedelta(hours=1)], NOON + timedelta(days=1), 9),
    "awaits following": lambda db: followed.awaiting(db, 10),
    "carried": lambda db: carried.of(db, [1, 2]),
    "get": lambda db: articles.get(db, 1),
    "unpublished": lambda db: articles.unpublished(db, 10),
    "publish": lambda db: editions.publish(
        db,
        [
            NewPublication(
                5, PublicationState.PUBLISHED, RightsMode.FULL, "Headline", lines("Text"), None, "Credit", ()
            )
        ],
        NOON,
    ),
    "an edition by all rules": lambda db: publishing.publish(db, CARDS, RULED, NOON),
    "an edition foreseen": lambda db: publishing.foresee(db, CARDS, RULED, NOON, NOON + timedelta(days=2)),
    "what waits for a person": lambda db: decisions.waiting(db, Standing.IN_REVIEW),
    "front": lambda db: editions.front(db, before=editions.front(db, limit=1).next),
    "front by arrival": lambda db: editions.front(db, order="arrived"),
    "front of an outlet": lambda db: editions.front(db, outlet="harbour"),
    "front of a language": lambda db: editions.front(db, language="en"),
    "front of a topic": lambda db: editions.front(db, topic="council"),
    "front of a day": lambda db: editions.selected(
        db, editions.Selection(since=NOON, until=NOON + timedelta(days=1)), limit=9
    ),
    "calendar": lambda db: (calendar.span(db), calendar.counts(db, [NOON.date(), NOON.date()])),
    "tellings": lambda db: shown_stories.tellings(db, [1, 2]),
    "front of an edition": lambda db: editions.selected(db, editions.Selection(edition=1), limit=9),
    "told stories": lambda db: place_next(db) and told_stories.told(db, limit=9, outlets=2),
    "frequent topics": lambda db: frequent_topics.frequent(db, limit=9),
    "editions": lambda db: (editions.editions(db, 9, before=4), editions.edition(db, 1)),
    "story for readers": lambda db: place_next(db) and shown_stories.shown(db, 1),
    "neighbours": lambda db: (
        place_next(db) and neighbours.story_of(db, one(editions.by_article(db, 1)), limit=3)
    ),
    "newest of an outlet": lambda db: neighbours.newest(db, "harbour", limit=3),
    "feed": lambda db: volumes.volume(db, Scope()),
    "feed of an outlet": lambda db: volumes.volume(db, Scope(outlet="harbour")),
    "feed of a language": lambda db: volumes.volume(db, Scope(language="en")),
    "feed of a topic": lambda db: volumes.volume(db, Scope(topic="council")),
    "feed of a search": lambda db: volumes.volume(db, Scope(words="headline")),
    "newest of outlets": lambda db: editions.newest_of(db, ["harbour", "ferry"], each=4, without=[1]),
    "outlets": outlets.shown,
    "last crawled": crawls.last_crawled,
    "publication": lambda db: editions.by_article(db, 1),
    "changed_at": freshness.changed_at,
    "index_pending": search.index_pending,
    "search": lambda db: search.search(
        db, "headline", filters=search.Filters(outlet="harbour", language="en")
    ),
    "seed_validator": lambda db: crawls.seed_validator(db, SEED.url),
    "rhythm": lambda db: crawls.rhythm(db, "harbour"),
}


@pytest.mark.parametrize("name", DAILY)
def test_no_daily_statement_reads_a_whole_table(name: str, tmp_path: Path, migrated_sqlite: bytes) -> None:
    path = tmp_path / "news.sqlite3"
    path.write_bytes(migrated_sqlite)
    with closing(Database.open(f"sqlite:///{path}")) as db:
        articles.save(db, None, pages(5))
        shown = (PublicationState.PUBLISHED, RightsMode.FULL, "Headline", lines("Text"), None, "Credit", ())
        editions.publish(db, [NewPublication(number, *shown) for number in (1, 2)], NOON)
        with statements() as met:
            DAILY[name](db)
        asked = [each for each in met if each[0].startswith(("SELECT", "UPDATE", "DELETE"))]
        assert asked
        with db.reading() as session:
            for statement, values in asked:
                plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
                steps = [row[3] for row in plan]
                scans = [step for step in steps if GROWING.match(step) and not AS_A_WHOLE.search(step)]
                assert scans == [], statement


@pytest.mark.parametrize("name", ["story for readers", "neighbours", "told stories", "tellings"])
def test_a_story_is_never_looked_for_among_all_that_is_out(
    name: str, tmp_path: Path, migrated_sqlite: bytes
) -> None:
    path = tmp_path / "news.sqlite3"
    path.write_bytes(migrated_sqlite)
    with closing(Database.open(f"sqlite:///{path}")) as db:
        articles.save(db, None, pages(5))
        shown = (PublicationState.PUBLISHED, RightsMode.FULL, "Headline", lines("Text"), None, "Credit", ())
        editions.publish(db, [NewPublication(number, *shown) for number in (1, 2)], NOON)
        with statements() as met:
            DAILY[name](db)
        told = [each for each in met if "story_article" in each[0] and each[0].startswith("SELECT")]
        assert told
        with db.reading() as session:
            for statement, values in told:
                plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
                assert [row[3] for row in plan if "publication_state" in row[3]] == [], statement


def test_what_was_withdrawn_last_is_read_from_its_own_index(tmp_path: Path, migrated_sqlite: bytes) -> None:
    path = tmp_path / "news.sqlite3"
    path.write_bytes(migrated_sqlite)
    with closing(Database.open(f"sqlite:///{path}")) as db:
        with statements() as met:
            volumes.withdrawn(db, Scope(), 9)
        [(statement, values)] = [each for each in met if each[0].startswith("SELECT")]
        with db.reading() as session:
            plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            assert [row[3] for row in plan] == ["SCAN publication USING INDEX ix_publication_withdrawn"]
