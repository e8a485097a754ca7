"""The search in a dump: a full-text index of the newest texts, in SQLite's own FTS5.

Words are what Unicode calls so, without case and accents. Scripts that put no spaces between words get a
second index of runs of three characters.
"""

import re
import sqlite3
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

_COLUMNS: Final = ", ".join(SEARCH_COLUMNS)
_TOKENIZERS: Final = {"article_fts": "unicode61 remove_diacritics 2", "article_fts_unspaced": "trigram"}


def add_search(target: sqlite3.Connection) -> None:
    """Add the index to a file whose tables and views are there."""
    for name, tokenizer in _TOKENIZERS.items():
        target.execute(
            f'CREATE VIRTUAL TABLE "{name}" USING fts5('
            f"{_COLUMNS}, content='v_article', content_rowid='id', tokenize='{tokenizer}')"
        )
    index(target)


def index(target: sqlite3.Connection, where: str = "WHERE true") -> None:
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
