"""Datasette's description of a dump: words, facets and canned queries, from the data dictionary."""

import json
from collections.abc import Mapping
from typing import Any, Final

from aggregator.store.dump.dictionary import Meaning, data_dictionary
from aggregator.store.dump.questions import QUESTIONS
from aggregator.store.dump.search import WEIGHED, search_query

_FACETS: Final = {
    "article": ("outlet", "language", "completeness"),
    "v_article": ("outlet", "country", "language", "completeness", "mode"),
    "fetch": ("outlet", "reason"),
    "publication": ("state", "mode", "licence_spdx"),
    "duplicate": ("kind",),
    "revision": ("cause",),
    "cut": ("rule",),
    "outlet": ("country", "language", "mode"),
    "provenance": ("field", "source"),
}
_LANGUAGE: Final = (
    "All of them, or in FTS5's language: ferry OR boat, ferry NOT pier, harbo*, headline: ferry, "
    "NEAR(ferry pier, 5). Put quotes around phrases, and around other characters than letters and digits."
)
_ASKED: Final = "coalesce(nullif(:words, ''), '\"\"')"
"""What is asked for before anything was typed: nothing, which FTS5 wants to be told in quotes."""

_SEARCHES: Final = {
    "search": ("article_fts", "Articles that hold these words", _LANGUAGE),
    "search_unspaced": (
        "article_fts_unspaced",
        "Articles that hold these characters (Chinese, Japanese, Korean, Thai, …)",
        "Three characters or more; several such runs with spaces between them.",
    ),
}
_SORTED: Final = {"article": "first_published", "fetch": "at", "publication": "published_at"}
_LABELS: Final = {"outlet": "name", "article": "headline", "tag": "label", "person": "name"}


def datasette(database: str, facts: Mapping[str, str], *, has_search: bool) -> str:
    """The description as JSON; ``database`` is the file's name without its suffix, as Datasette calls it."""
    tables: dict[str, dict[str, Any]] = {}
    for line in data_dictionary(has_search=has_search):
        if line.column:
            tables[line.table]["columns"][line.column] = _words(line)
        else:
            tables[line.table] = {"description": line.meaning, "columns": {}} | _browsing(
                line.table, has_search=has_search
            )
    told = {
        "title": "News, as articles, stories and what became of them",
        "description": f"As of {facts['as_of']}. {facts['licence_note']}",
        "source": facts["program"],
        "databases": {database: {"tables": tables, "queries": _queries(has_search=has_search)}},
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _words(line: Meaning) -> str:
    return line.meaning if line.unit is None else f"{line.meaning} ({line.unit})"


def _browsing(table: str, *, has_search: bool) -> dict[str, Any]:
    """How a table is shown: what it is faceted, sorted and searched by."""
    shown: dict[str, Any] = {}
    if table in _FACETS:
        shown["facets"] = list(_FACETS[table])
    if table in _SORTED:
        shown["sort_desc"] = _SORTED[table]
    if table in _LABELS:
        shown["label_column"] = _LABELS[table]
    if table == "v_article" and has_search:
        shown |= {"fts_table": "article_fts", "fts_pk": "id"}
    return shown


def _queries(*, has_search: bool) -> dict[str, dict[str, str]]:
    queries = {
        view.name.removeprefix("v_"): {
            "title": view.meaning[:1].upper() + view.meaning[1:],
            "sql": f"SELECT * FROM {view.name} ORDER BY {len(view.columns)} DESC LIMIT 100",  # noqa: S608 - our own names
        }
        for view in QUESTIONS
    }
    for name, (index, title, words) in _SEARCHES.items() if has_search else ():
        told = f"{words} Best first; of more than {WEIGHED} hits the best of those that were stored last."
        queries[name] = {"title": title, "description": told, "sql": search_query(index, _ASKED)}
    return queries
