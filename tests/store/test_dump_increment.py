"""Dumps of a part: since a moment, and what changed since an older dump, put into it again."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from dedupe.prose import article as prose
from sqlalchemy import delete, update
from store.samples import NOON, article, lines, outlet, page

from aggregator.clock import now
from aggregator.config import Settings
from aggregator.errors import StoreError
from aggregator.model.crawl import PageArticle
from aggregator.model.outlet import Rights, RightsMode
from aggregator.model.takedown import Order, TakedownScope
from aggregator.publishing import publish_all
from aggregator.store import articles, outlets, placing
from aggregator.store.dump import Audience, Wanted, apply, dump
from aggregator.store.engine import Database
from aggregator.store.schema import FetchRow, StoryArticleRow
from aggregator.withdrawing import take_down, undo

CARDS = {
    slug: outlet(slug, rights=Rights(RightsMode.FULL, licence="CC-BY-4.0")) for slug in ("harbour", "ferry")
}
# The tests' steps follow one another in less than the usual overlap, which would hide what is not found.
NONE = timedelta()
ONE = Order(TakedownScope.ARTICLE, "", "asked by the outlet", "Ada Desk")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(outlets=tmp_path / "cards", pages=tmp_path / "pages")


@pytest.fixture
def filled(db: Database, settings: Settings) -> Database:
    outlets.sync(db, list(CARDS.values()))
    articles.save(db, None, [fresh(number) for number in range(1, 7)])
    go_on(db, settings)
    return db


def fresh(number: int, **changes: Any) -> PageArticle:
    """An article with a text that is like no other one's, fetched just now."""
    return page(article(number, **{"blocks": lines(prose(number)), "fetched_at": now()} | changes))


def go_on(db: Database, settings: Settings) -> None:
    placing.place_next(db)
    list(publish_all(db, CARDS, settings, NOON))


def contents(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables, but for what tells of the file."""
    with closing(sqlite3.connect(path)) as file:
        listed = file.execute("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
        names = [name for (name,) in listed if not name.startswith("sqlite_")]
        rows = {
            name: file.execute(f'SELECT * FROM "{name}" ORDER BY 1, 2').fetchall()  # noqa: S608 - our own names
            for name in names
            if name != "metadata"
        }
        hits = "SELECT rowid FROM article_fts WHERE article_fts MATCH ?"
        for word in ("pier", "corrected", "9", "ropes"):
            rows[f"hits of {word}"] = sorted(file.execute(hits, (word,)))
        file.execute("INSERT INTO article_fts(article_fts) VALUES ('integrity-check')")
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    return rows


def numbers(path: Path) -> set[int]:
    with closing(sqlite3.connect(path)) as file:
        return {row[0] for row in file.execute("SELECT id FROM article")}


def change(db: Database, settings: Settings) -> None:
    """All kinds of change: new, revised, copied, withdrawn and undone."""
    later = fresh(2, blocks=lines(f"Corrected. {prose(2)}"), headline="Corrected")
    articles.save(db, None, [fresh(9), later, fresh(3, outlet="ferry")])
    go_on(db, settings)
    take_down(db, settings, ONE, article(4).url, now())


@pytest.mark.parametrize("audience", list(Audience))
def test_an_older_dump_with_the_increment_is_the_whole_one(
    filled: Database, settings: Settings, tmp_path: Path, audience: Audience
) -> None:
    take_down(filled, settings, ONE, article(5).url, now())
    older = dump(filled, tmp_path / "older.sqlite3", Wanted(audience)).path
    change(filled, settings)
    undo(filled, settings, ONE, article(5).url, now())
    newer = dump(filled, tmp_path / "newer.sqlite3", Wanted(audience, base=older, overlap=NONE))
    assert numbers(newer.path) == {2, 4, 5, 7, 8}
    whole = dump(filled, tmp_path / "whole.sqlite3", Wanted(audience)).path
    assert contents(older) != contents(whole)
    rows = apply(newer.path, older)
    assert contents(older) == contents(whole)
    assert rows["article"] == 8
    # And once more, on what came of it.
    articles.save(filled, None, [fresh(20), fresh(21)])
    newest = dump(filled, tmp_path / "newest.sqlite3", Wanted(audience, base=older, overlap=NONE)).path
    apply(newest, older)
    assert contents(older) == contents(dump(filled, whole, Wanted(audience)).path)


def test_an_increment_without_changes_has_no_articles(filled: Database, tmp_path: Path) -> None:
    older = dump(filled, tmp_path / "older.sqlite3").path
    newer = dump(filled, tmp_path / "newer.sqlite3", Wanted(base=older, overlap=NONE))
    assert newer.rows["article"] == newer.rows["article_text"] == 0
    assert newer.rows["outlet"] == 2


def test_an_increment_tells_what_is_gone(filled: Database, tmp_path: Path) -> None:
    older = dump(filled, tmp_path / "older.sqlite3").path
    with filled.session() as session:
        session.execute(delete(StoryArticleRow).where(StoryArticleRow.article_id.in_([2, 6])))
        session.execute(delete(FetchRow).where(FetchRow.article_id == 4))
        session.execute(update(StoryArticleRow).where(StoryArticleRow.article_id == 3).values(score=0.5))
    newer = dump(filled, tmp_path / "newer.sqlite3", Wanted(base=older, overlap=NONE))
    assert (newer.rows["story_article"], newer.rows["story"], newer.rows["article"]) == (1, 0, 0)
    with closing(sqlite3.connect(newer.path)) as file:
        gone = file.execute("SELECT * FROM gone").fetchall()
    assert gone == [("fetch", "[4]"), ("story_article", "[2]"), ("story_article", "[6]")]
    apply(newer.path, older)
    assert contents(older) == contents(dump(filled, tmp_path / "whole.sqlite3").path)


def test_what_does_not_fit_is_refused_and_changes_nothing(filled: Database, tmp_path: Path) -> None:
    older = dump(filled, tmp_path / "older.sqlite3").path
    newer = dump(filled, tmp_path / "newer.sqlite3", Wanted(base=older, overlap=NONE)).path
    other = dump(filled, tmp_path / "other.sqlite3").path
    before = other.read_bytes()
    with pytest.raises(StoreError, match="not made with --since-dump for"):
        apply(newer, other)
    with pytest.raises(StoreError, match="not made with --since-dump for"):
        apply(older, other)
    assert other.read_bytes() == before
    for base, audience in ((older, Audience.PUBLIC), (newer, Audience.INTERNAL)):
        with pytest.raises(StoreError, match="make a whole one first"):
            dump(filled, tmp_path / "x.sqlite3", Wanted(audience, base=base))
    (tmp_path / "text").write_text("no dump")
    with pytest.raises(StoreError, match="no dump of ours"):
        dump(filled, tmp_path / "x.sqlite3", Wanted(base=tmp_path / "text"))


def test_since_a_moment_holds_its_articles_and_all_that_they_refer_to(
    filled: Database, settings: Settings, tmp_path: Path
) -> None:
    at = now()
    change(filled, settings)
    report = dump(filled, tmp_path / "since.sqlite3", Wanted(since=at))
    # 7 and 8 are new; 3 is the original of 8, and 2 was fetched again.
    assert {7, 8, 3, 2} <= numbers(report.path)
    assert contents(report.path)["hits of corrected"] == [(2,)]
    assert report.rows["fetch"] == 3
    later = dump(filled, tmp_path / "none.sqlite3", Wanted(since=now() + timedelta(days=1)))
    assert later.rows["article"] == 0
