"""A rebuild of shingles: older articles are found again, and nothing that readers know is hidden."""

from itertools import islice
from typing import Any

import pytest
from dedupe.prose import article as prose
from dedupe.prose import edited
from sqlalchemy import text
from store.samples import NOON
from store.test_near import carried, postings, rows, save

from aggregator.dedupe.shingles import SCHEME
from aggregator.model.crawl import Reason
from aggregator.model.edition import NewPublication, PublicationState
from aggregator.model.outlet import RightsMode
from aggregator.store import articles, editions, near_rebuild
from aggregator.store.engine import Database
from aggregator.store.shingles import Kept, Shingles

TEXTS = [prose(40 + n, 20) for n in range(4)]


def forget(db: Database) -> None:
    """Make the store one whose articles were all stored before there were shingles."""
    with db.session() as session:
        for statement in (
            "DELETE FROM shingle_bucket",
            "DELETE FROM shingle_scheme",
            "DELETE FROM duplicate",
            "UPDATE article SET copy_of = NULL, awaits_publishing = TRUE",
        ):
            session.execute(text(statement))


def state(db: Database) -> list[tuple[Any, ...]]:
    return rows(db, "SELECT id, copy_of, awaits_publishing FROM article ORDER BY id")


@pytest.fixture
def old(db: Database) -> Database:
    """Articles 1 to 8, each text twice, none of them known by its text; the third is published."""
    pages = [carried(f"o{n}{m}", edited(TEXTS[n], 0.1 * m, n)) for m in (0, 1) for n in range(4)]
    save(db, *pages)
    forget(db)
    out = (PublicationState.PUBLISHED, RightsMode.FULL, "Pier", (), None, "A", ())
    editions.publish(db, [NewPublication(7, *out)], NOON)  # type: ignore[arg-type]
    return db


def test_older_articles_are_found_again_and_what_waits_becomes_a_copy(old: Database) -> None:
    assert near_rebuild.waiting(old) == 8
    found = [one for step in near_rebuild.rebuild(old, batch=2) for one in step.found]
    assert [(one.article_id, one.of, one.is_hidden) for one in found] == [
        (5, 1, True), (6, 2, True), (7, 3, False), (8, 4, True),
    ]  # fmt: skip
    assert [(number, of) for number, of, _ in state(old) if of] == [(5, 1), (6, 2), (8, 4)]
    assert rows(old, "SELECT copy_id, original_id FROM duplicate ORDER BY 1") == [
        (5, 1),
        (6, 2),
        (7, 3),
        (8, 4),
    ]
    assert [one.id for one in articles.unpublished(old, 9)] == [1, 2, 3, 4]
    assert near_rebuild.waiting(old) == 0
    assert save(old, carried("late", edited(TEXTS[2], 0.1, 9))) == [Reason.COPY]


def test_a_rehearsal_finds_the_same_and_writes_nothing(old: Database) -> None:
    before = state(old), postings(old)
    expected = [one for step in near_rebuild.rehearse(old, batch=3) for one in step.found]
    assert (state(old), postings(old)) == before
    assert rows(old, "SELECT * FROM duplicate") == []
    assert [one for step in near_rebuild.rebuild(old, batch=2) for one in step.found] == expected


def test_a_rebuild_that_was_ended_goes_on_where_it_was(old: Database) -> None:
    first = list(islice(near_rebuild.rebuild(old, batch=2), 3))
    assert near_rebuild.waiting(old) == 2
    second = list(near_rebuild.rebuild(old, batch=2))
    assert sum(step.articles for step in (*first, *second)) == 8
    kept = postings(old)
    assert len(kept) == len(set(kept))
    assert list(near_rebuild.rebuild(old, batch=2)) == []


def test_what_a_crawl_stores_meanwhile_is_compared_with_what_came_before_it(old: Database) -> None:
    steps = near_rebuild.rebuild(old, batch=2)
    next(steps)
    early, late = (carried(name, edited(TEXTS[n], 0.1, 5)) for name, n in (("early", 0), ("late", 3)))
    assert save(old, early, late) == [Reason.COPY, Reason.STORED]
    found = [one for step in steps for one in step.found]
    assert [one.of for one in found if one.outlet == "late"] == [4]
    assert {of for _, of, _ in state(old)} == {None, 1, 2, 4}


def test_an_article_with_copies_of_its_own_is_never_hidden(db: Database) -> None:
    save(db, *(carried(f"o{n}", edited(TEXTS[0], 0.02, n)) for n in range(3)))
    forget(db)
    with db.session() as session:
        session.execute(text("UPDATE article SET copy_of = 2, awaits_publishing = FALSE WHERE id = 3"))
    list(near_rebuild.rebuild(db))
    assert [of for _, of, _ in state(db)] == [None, None, 2]


def test_shingles_of_an_older_scheme_are_not_looked_up_and_go(old: Database) -> None:
    with old.session() as session:
        Shingles(session, SCHEME - 1).add([Kept(700, 1, range(300))])
        session.execute(
            text("INSERT INTO shingle_scheme (scheme, missing_to, done_to) VALUES (:s, 0, 0)"),
            {"s": SCHEME - 1},
        )
    assert near_rebuild.waiting(old) == 8
    list(near_rebuild.rebuild(old, batch=2))
    assert rows(old, "SELECT scheme, missing_to, done_to FROM shingle_scheme") == [(SCHEME, 8, 8)]
    assert {article_id for _, article_id in postings(old)} >= {1, 2, 3, 4}
    assert not {row for row, _ in postings(old)} & set(range(300))


def test_a_new_store_has_nothing_to_rebuild(db: Database) -> None:
    save(db, carried("a", TEXTS[0]))
    assert near_rebuild.waiting(db) == near_rebuild.count(db) == 0
    assert list(near_rebuild.rebuild(db)) == []
