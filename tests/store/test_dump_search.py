"""The search in a dump: the best hits first, and of very many hits the best of those that came last."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise

import pytest

from aggregator.store.dump.search import WEIGHED, add_search, is_unspaced, search_query

ARTICLES = WEIGHED + 100
SHAPE = """
CREATE TABLE article (id INTEGER PRIMARY KEY);
CREATE TABLE v_article (id INTEGER PRIMARY KEY, outlet_name, headline, first_published, dek, text);
"""


def text(number: int) -> str:
    """Every text has a ferry; the first, and one of the last, little else; a pier stands in every fifth."""
    if number in {1, ARTICLES - 7}:
        return "ferry ferry ferry"
    return f"the ferry left in the morning {'for the pier' if number % 5 == 0 else 'for the island'}"


@pytest.fixture(scope="module")
def told() -> list[tuple[str, int]]:
    return []


@pytest.fixture(scope="module")
def news(told: list[tuple[str, int]]) -> Iterator[sqlite3.Connection]:
    """The tables that the index stands on, and the index, as a dump has them."""
    with closing(sqlite3.connect(":memory:")) as file:
        file.create_function("is_unspaced", 1, is_unspaced, deterministic=True)
        file.executescript(SHAPE)
        rows = [(n, "Harbour", f"No. {n}", "2031-04-05", None, text(n)) for n in range(1, ARTICLES + 1)]
        rows[41] = (42, "Minato", "港の船", "2031-04-05", None, "東京湾のフェリーは朝に出る")
        file.executemany("INSERT INTO v_article VALUES (?, ?, ?, ?, ?, ?)", rows)
        file.execute("INSERT INTO article SELECT id FROM v_article")
        add_search(file, lambda what, count: told.append((what, count)))
        yield file


def found(news: sqlite3.Connection, words: str, index: str = "article_fts") -> list[int]:
    return [row[0] for row in news.execute(search_query(index), {"words": words})]


def test_of_very_many_hits_the_best_of_those_that_came_last_are_found(news: sqlite3.Connection) -> None:
    hits = found(news, "ferry")
    assert hits[0] == ARTICLES - 7
    assert len(hits) == 50
    assert min(hits) > ARTICLES - WEIGHED - 1


def test_of_fewer_hits_all_are_weighed(news: sqlite3.Connection) -> None:
    """The narrower question finds the old article that the wide one leaves out."""
    assert set(found(news, "ferry NOT morning")) == {1, ARTICLES - 7}
    plain = "SELECT rowid FROM article_fts WHERE article_fts MATCH 'ferry pier' ORDER BY rank LIMIT 50"
    assert found(news, "ferry pier") == [row[0] for row in news.execute(plain)]


def test_scripts_without_spaces_are_asked_in_the_same_way(news: sqlite3.Connection) -> None:
    assert found(news, "フェリー", "article_fts_unspaced") == [42]
    assert found(news, "東京湾 朝に出", "article_fts_unspaced") == [42]
    assert found(news, "フェリー") == []


def test_what_is_not_there_is_no_hit_and_words_may_be_given_in_the_query(news: sqlite3.Connection) -> None:
    assert found(news, "zeppelin") == []
    [*_, row] = news.execute(search_query("article_fts", "'ferry NOT morning'"))
    assert row[4] == "[ferry] [ferry] [ferry]"


@pytest.mark.usefixtures("news")
def test_progress_tells_how_far_the_index_is(told: list[tuple[str, int]]) -> None:
    assert {what for what, _ in told} == {"search index"}
    counts = [count for _, count in told]
    assert counts[0] == 0
    assert counts[-1] == ARTICLES
    assert all(0 < after - before <= 500 for before, after in pairwise(counts))
