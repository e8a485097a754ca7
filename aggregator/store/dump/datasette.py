"""Datasette's description of a dump: words, facets and canned queries, from the data dictionary."""

import json
from collections.abc import Mapping
from typing import Any, Final

from aggregator.store.dump.dictionary import Meaning, data_dictionary
from aggregator.store.dump.questions import QUESTIONS

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
_SORTED: Final = {"article": "first_published", "fetch": "at", "publication": "published_at"}
_LABELS: Final = {"outlet": "name", "article": "headline", "tag": "label", "person": "name"}


def datasette(database: str, facts: Mapping[str, str]) -> str:
    """The description as JSON; ``database`` is the file's name without its suffix, as Datasette calls it."""
    tables: dict[str, dict[str, Any]] = {}
    for line in data_dictionary():
        if line.column:
            tables[line.table]["columns"][line.column] = _words(line)
        else:
            tables[line.table] = {"description": line.meaning, "columns": {}} | _browsing(line.table)
    told = {
        "title": "News, as articles, stories and what became of them",
        "description": f"As of {facts['as_of']}. {facts['licence_note']}",
        "source": facts["program"],
        "databases": {database: {"tables": tables, "queries": _queries()}},
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _words(line: Meaning) -> str:
    return line.meaning if line.unit is None else f"{line.meaning} ({line.unit})"


def _browsing(table: str) -> dict[str, Any]:
    """How a table is shown: what it is faceted, sorted and searched by."""
    shown: dict[str, Any] = {}
    if table in _FACETS:
        shown["facets"] = list(_FACETS[table])
    if table in _SORTED:
        shown["sort_desc"] = _SORTED[table]
    if table in _LABELS:
        shown["label_column"] = _LABELS[table]
    if table == "v_article":
        shown |= {"fts_table": "article_fts", "fts_pk": "id"}
    return shown


def _queries() -> dict[str, dict[str, str]]:
    queries = {
        view.name.removeprefix("v_"): {
            "title": view.meaning[:1].upper() + view.meaning[1:],
            "sql": f"SELECT * FROM {view.name} ORDER BY {len(view.columns)} DESC LIMIT 100",  # noqa: S608 - our own names
        }
        for view in QUESTIONS
    }
    queries["search"] = {
        "title": "Articles that hold these words, best first",
        "sql": (
            "SELECT a.id, a.outlet_name, a.headline, a.first_published, "
            "snippet(article_fts, 2, '[', ']', '…', 20) AS found "
            "FROM article_fts JOIN v_article AS a ON a.id = article_fts.rowid "
            "WHERE article_fts MATCH :words ORDER BY rank LIMIT 50"
        ),
    }
    return queries
