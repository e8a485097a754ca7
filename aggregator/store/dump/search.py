"""The search in a dump: a full-text index of the newest texts, in SQLite's own FTS5.

Words are what Unicode calls so, without case and accents. Scripts that put no spaces between words get a
second index of runs of three characters.
"""

import re
import sqlite3
from collections.abc import Callable
from typing import Final

# Thai, Lao, Burmese, Khmer; kana; Han; Hangul, whose particles hang on words.
_UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]"
)
_LOOKED_AT_CHARS: Final = 400
_LEAST: Final = 4
"""Characters of such scripts in the beginning of a text that make it one of theirs, and no name in it."""

SEARCH_TABLES: Final = (
    ("article_fts", "full-text index (FTS5) of v_article by words; rowid is article.id"),
    (
        "article_fts_unspaced",
        "full-text index (FTS5) by runs of three characters, of texts in scripts without spaces",
    ),
)
SEARCH_COLUMNS: Final = ("headline", "dek", "text")

WEIGHED: Final = 2_000
"""Hits that ``search_query`` weighs. SQLite's ``ORDER BY rank`` alone weighs all of them: half a second
for words that stand in most of 200,000 articles (``benchmarks/dump.py``). The site's search is so, too."""

_LOT: Final = 500
"""Articles that are indexed at once, in about half a second: a signal waits for the end of a statement."""

_COLUMNS: Final = ", ".join(SEARCH_COLUMNS)
_LOTS: Final = (
    "SELECT min(id), max(id), count(*) "  # noqa: S608 - our own number
    "FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM article) "
    f"GROUP BY place / {_LOT} ORDER BY 1"
)
_TOKENIZERS: Final = {"article_fts": "unicode61 remove_diacritics 2", "article_fts_unspaced": "trigram"}


def add_search(target: sqlite3.Connection, tell: Callable[[str, int], None]) -> None:
    """Add the index to a file whose tables and views are there; ``tell`` gets how many articles it holds."""
    for name, tokenizer in _TOKENIZERS.items():
        target.execute(
            f'CREATE VIRTUAL TABLE "{name}" USING fts5('
            f"{_COLUMNS}, content='v_article', content_rowid='id', tokenize='{tokenizer}')"
        )
    done = 0
    tell("search index", done)
    for first, last, count in target.execute(_LOTS).fetchall():
        index(target, f"WHERE id BETWEEN {first} AND {last}")
        done += count
        tell("search index", done)


def search_query(name: str, asked: str = ":words") -> str:
    """The query by which to search one of the two indexes; ``asked`` is SQL that gives what FTS5 is to find.

    It gives the best 50, by bm25; of more than ``WEIGHED`` hits the best of those that were stored last.
    """
    return f"""\
WITH asked(words) AS (VALUES ({asked}))
SELECT a.id, a.outlet_name, a.headline, a.first_published, snippet({name}, 2, '[', ']', '…', 20) AS found
FROM {name} JOIN v_article AS a ON a.id = {name}.rowid
WHERE {name} MATCH (SELECT words FROM asked) AND {name}.rowid >= (
    SELECT min(id) FROM (
        SELECT rowid AS id FROM {name} WHERE {name} MATCH (SELECT words FROM asked)
        ORDER BY rowid DESC LIMIT {WEIGHED}
    )
)
ORDER BY rank LIMIT 50"""  # noqa: S608 - our own names


def index(target: sqlite3.Connection, where: str) -> None:
    """Index articles; ``where`` bounds them by their ``id``."""
    for name in _TOKENIZERS:
        target.execute(
            f'INSERT INTO "{name}" (rowid, {_COLUMNS}) SELECT id, {_COLUMNS} FROM v_article '  # noqa: S608 - our own names
            f"{where}{_some(name)}"
        )


def forget(target: sqlite3.Connection, ids: str) -> None:
    """Take articles out of the index while their words are there; ``ids`` is a query of their numbers."""
    for name in _TOKENIZERS:
        target.execute(
            f'INSERT INTO "{name}" ("{name}", rowid, {_COLUMNS}) '  # noqa: S608 - our own names
            f"SELECT 'delete', id, {_COLUMNS} FROM v_article WHERE id IN ({ids}){_some(name)}"
        )


def _some(name: str) -> str:
    return "" if name == "article_fts" else " AND (is_unspaced(text) OR is_unspaced(headline))"


def is_unspaced(text: str | None) -> bool:
    """Whether a text is written in a script that puts no spaces between words."""
    return text is not None and len(_UNSPACED.findall(text[:_LOOKED_AT_CHARS])) >= _LEAST
