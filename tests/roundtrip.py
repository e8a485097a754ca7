"""A dump held against the store that it was made from, by other ways than its own."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import text

from aggregator.store import articles
from aggregator.store.engine import Database

TABLES = {
    "outlet": "outlet", "article": "article", "revision": "article_revision",
    "article_text": "article_revision",
    "provenance": "article_field", "cut": "article_cut", "image": "image", "duplicate": "duplicate",
    "story": "story", "story_article": "story_article", "edition": "edition", "publication": "publication",
    "takedown": "takedown", "takedown_article": "takedown_article", "decision": "decision",
    "crawl_run": "crawl_run", "crawl_run_outlet": "crawl_run_outlet", "fetch": "fetch",
}  # fmt: skip


def assert_same(db: Database, path: Path) -> None:
    """The dump has every row of the store, every text and link, and the same sums by reason."""
    with closing(sqlite3.connect(path)) as file, db.reading() as session:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []
        for mine, theirs in TABLES.items():
            count = 'SELECT count(*) FROM "{}"'
            [dumped] = file.execute(count.format(mine)).fetchone()
            assert dumped == session.execute(text(count.format(theirs))).scalar(), mine
        sums = 'SELECT outlet, reason, count(*) FROM "fetch" GROUP BY 1, 2'
        assert set(file.execute(sums)) == {tuple(row) for row in session.execute(text(sums))}
        told = {
            row[0]: row[1:]
            for row in file.execute(
                "SELECT a.id, a.headline, v.text, a.source_link, a.canonical_url, a.byline, a.text_chars, "
                "a.copy_of FROM article AS a JOIN v_article AS v ON v.id = a.id"
            )
        }
    stored = {one.id: one for one in articles.every(db)}
    assert told.keys() == stored.keys()
    for number, one in stored.items():
        article = one.article
        headline, body, link, canonical, byline, chars, copy_of = told[number]
        assert (headline, body) == (article.headline, article.body)
        assert (link, canonical, copy_of) == (article.source_link, article.canonical_url, one.copy_of)
        assert (tuple(json.loads(byline)), chars) == (article.byline, len(article.body))
