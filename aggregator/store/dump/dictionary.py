"""The data dictionary: every table, view and column of a dump in words."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from aggregator.store.dump.columns import FIRST_VERSION, DumpColumn, Openness
from aggregator.store.dump.derived import DERIVED_TABLES, PlainColumn
from aggregator.store.dump.questions import DUMP_VIEWS
from aggregator.store.dump.search import SEARCH_COLUMNS, SEARCH_TABLES
from aggregator.store.dump.tables import DUMP_TABLES
from aggregator.store.dump.views import ViewColumn

OWN_TABLES: Final = {
    "data_dictionary": (
        "what each table, view and column means",
        (
            PlainColumn("table_name", "TEXT", "name of the table or view"),
            PlainColumn("column_name", "TEXT", "name of the column; empty for the table itself"),
            PlainColumn("type", "TEXT", "TEXT, INTEGER or REAL; table, view or search for the table itself"),
            PlainColumn("unit", "TEXT", "what a number counts or is measured in; null without one"),
            PlainColumn("meaning", "TEXT", "what it holds"),
            PlainColumn("example", "TEXT", "a value that may stand there; invented"),
            PlainColumn("since", "TEXT", "version of the shape in which it came"),
            PlainColumn(
                "public", "TEXT", "when a public dump holds it; null of what is made of other columns"
            ),
        ),
    ),
    "metadata": (
        "facts about this file: its shape's version, when it was made, of what, for whom, how many rows",
        (
            PlainColumn("key", "TEXT", "what is told about this file"),
            PlainColumn("value", "TEXT", "its value"),
        ),
    ),
    "gone": (
        "in a dump of what changed since an older one: rows of that one to be removed; empty in any other",
        (
            PlainColumn("table_name", "TEXT", "name of the table"),
            PlainColumn("key", "TEXT", "the row's primary key, a JSON list"),
        ),
    ),
}
"""The tables that explain the file, with their columns."""

OWN_KEYS: Final = {
    "data_dictionary": "table_name, column_name",
    "metadata": "key",
    "gone": "table_name, key",
}
"""Their primary keys."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """A line of the data dictionary; ``column`` is empty for a table or view itself."""

    table: str
    column: str
    type: str
    unit: str | None
    meaning: str
    example: str | None
    since: str
    public: Openness | None


def data_dictionary(*, has_search: bool = True) -> tuple[Meaning, ...]:
    """What each table, view and column of a dump means; ``has_search`` tells whether it has the index."""
    lines: list[Meaning] = []
    for table in DUMP_TABLES:
        lines += _of(table.name, "table", table.meaning, table.columns)
    for made in DERIVED_TABLES:
        lines += _of(made.name, "table", made.meaning, made.columns)
    for view in DUMP_VIEWS:
        lines += _of(view.name, "view", view.meaning, view.columns)
    for name, meaning in SEARCH_TABLES if has_search else ():
        words = tuple(PlainColumn(each, "TEXT", f"{each} of v_article, to MATCH") for each in SEARCH_COLUMNS)
        lines += _of(name, "search", meaning, words)
    for name, (meaning, columns) in OWN_TABLES.items():
        lines += _of(name, "table", meaning, columns)
    return tuple(lines)


def _of(
    table: str, kind: str, meaning: str, columns: tuple[DumpColumn | PlainColumn | ViewColumn, ...]
) -> Iterator[Meaning]:
    yield Meaning(table, "", kind, None, meaning, None, min(each.since for each in columns), None)
    for each in columns:
        yield Meaning(
            table,
            each.name,
            each.type,
            _told("units", table, each.name),
            each.meaning,
            _told("examples", table, each.name),
            each.since,
            each.openness if isinstance(each, DumpColumn) else None,
        )


def _told(what: str, table: str, column: str) -> str | None:
    told = _data()[what]
    return told.get(f"{table}.{column}", told.get(column))


@cache
def _data() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def page() -> str:
    """The dictionary as a page of the docs, in Markdown."""
    head = (
        "# The dump's dictionary\n\nEvery table, view and column of `aggregator dump`; "
        "[For analysts](analysts.md) tells how to use them.\nThis page is made by "
        "`aggregator dump --dictionary`: change the words in the code.\n\n*Public* tells when "
        "`aggregator dump --public` holds a value; columns without it are made of others.\n"
    )
    return head + "".join(_section(each) for each in data_dictionary())


def _section(line: Meaning) -> str:
    if not line.column:
        since = "" if line.since == FIRST_VERSION else f" Since {line.since}."
        meaning = line.meaning[:1].upper() + line.meaning[1:]
        return (
            f"\n## {line.table}\n\nA {line.type}: {meaning}.{since}\n\n"
            "| column | type | unit | meaning | example | public |\n|---|---|---|---|---|---|\n"
        )
    example = "" if line.example is None else f"`{line.example}`".replace("\n", "⏎")
    since = "" if line.since == FIRST_VERSION else f" (since {line.since})"
    cells = (
        f"`{line.column}`",
        line.type,
        line.unit or "",
        line.meaning + since,
        example,
        line.public or "",
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"
