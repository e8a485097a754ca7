"""The tables that a dump makes of its other tables: what is easier to count by than lists in JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from aggregator.store.dump.columns import FIRST_VERSION


@dataclass(frozen=True, slots=True)
class PlainColumn:
    """A column that SQL makes of others: its name, type and meaning."""

    name: str
    type: str
    meaning: str
    since: str = FIRST_VERSION


@dataclass(frozen=True, slots=True)
class DerivedTable:
    """A table that is filled from tables of the file itself, so it never tells more than they do."""

    name: str
    meaning: str
    columns: tuple[PlainColumn, ...]
    filling: str
    key: tuple[str, ...]
    references: Mapping[str, str] = field(default_factory=dict)
    indexes: tuple[tuple[str, ...], ...] = ()


_ARTICLE: Final = PlainColumn("article_id", "INTEGER", "the article")
_PLACE: Final = PlainColumn("position", "INTEGER", "place in the list, from 0")
_OF_ARTICLE: Final = {"article_id": "article (id)"}

DERIVED_TABLES: Final = (
    DerivedTable(
        "person",
        "people in bylines, by the name as outlets write it; one name may be several people",
        (
            PlainColumn("name", "TEXT", "the name"),
            PlainColumn("articles", "INTEGER", "articles with the name in their byline, copies included"),
            PlainColumn("outlets", "INTEGER", "outlets of these articles"),
        ),
        "SELECT b.value, count(DISTINCT a.id), count(DISTINCT a.outlet) "
        "FROM article AS a, json_each(a.byline) AS b WHERE b.value <> '' GROUP BY 1",
        key=("name",),
    ),
    DerivedTable(
        "article_person",
        "who is named in an article's byline",
        (_ARTICLE, _PLACE, PlainColumn("name", "TEXT", "the name, as in person")),
        "SELECT a.id, b.key, b.value FROM article AS a, json_each(a.byline) AS b WHERE b.value <> ''",
        key=("article_id", "position"),
        references={**_OF_ARTICLE, "name": "person (name)"},
        indexes=(("name",),),
    ),
    DerivedTable(
        "tag",
        "outlets' tags, however they write them: one key in lower case, words joined by hyphens",
        (
            PlainColumn("key", "TEXT", "the tag in lower case, words joined by hyphens"),
            PlainColumn("label", "TEXT", "the tag as an outlet writes it"),
            PlainColumn("articles", "INTEGER", "articles with the tag, copies included"),
        ),
        "SELECT topic_key(t.value) AS made, min(t.value), count(DISTINCT a.id) "
        "FROM article AS a, json_each(a.tags) AS t WHERE made <> '' GROUP BY 1",
        key=("key",),
    ),
    DerivedTable(
        "article_tag",
        "which tags an article has",
        (_ARTICLE, _PLACE, PlainColumn("tag", "TEXT", "the tag, as in tag.key")),
        "SELECT a.id, t.key, topic_key(t.value) AS made "
        "FROM article AS a, json_each(a.tags) AS t WHERE made <> ''",
        key=("article_id", "position"),
        references={**_OF_ARTICLE, "tag": "tag (key)"},
        indexes=(("tag",),),
    ),
    DerivedTable(
        "tag_language",
        "in which languages a tag is written about",
        (
            PlainColumn("tag", "TEXT", "the tag, as in tag.key"),
            PlainColumn("language", "TEXT", "primary language subtag; null if unknown"),
            PlainColumn("articles", "INTEGER", "articles with the tag in that language"),
            PlainColumn("outlets", "INTEGER", "their outlets"),
        ),
        "SELECT t.tag, substr(a.language, 1, instr(a.language || '-', '-') - 1), count(DISTINCT a.id), "
        "count(DISTINCT a.outlet) FROM article_tag AS t "
        "JOIN article AS a ON a.id = t.article_id GROUP BY 1, 2",
        key=("tag", "language"),
        references={"tag": "tag (key)"},
    ),
    DerivedTable(
        "outlet_day",
        "what crawls met and editions brought out of each outlet, by day in UTC",
        (
            PlainColumn("outlet", "TEXT", "the outlet's short name"),
            PlainColumn("day", "TEXT", "the day in UTC (YYYY-MM-DD)"),
            PlainColumn("pages", "INTEGER", "pages that ended on that day, one for each row of fetch"),
            PlainColumn("stored", "INTEGER", "pages that became an article of their own"),
            PlainColumn("copies", "INTEGER", "pages that became a copy"),
            PlainColumn("revisions", "INTEGER", "pages that became a new revision"),
            PlainColumn("unchanged", "INTEGER", "pages that were known and are as they were"),
            PlainColumn("dropped", "INTEGER", "pages that are no article, or may not be taken"),
            PlainColumn("failed", "INTEGER", "pages that could not be fetched or read"),
            PlainColumn("published", "INTEGER", "articles that went out to readers on that day"),
        ),
        "SELECT outlet, day, sum(page), sum(reason = 'stored'), sum(reason = 'copy'), "
        "sum(reason = 'revision'), sum(reason = 'unchanged'), sum(reason LIKE 'dropped/%'), "
        "sum(reason LIKE 'failed/%'), sum(1 - page) FROM ("
        "SELECT outlet, substr(at, 1, 10) AS day, reason, 1 AS page FROM fetch "
        "UNION ALL SELECT a.outlet, substr(p.published_at, 1, 10), '', 0 FROM publication AS p "
        "JOIN article AS a ON a.id = p.article_id WHERE p.state <> 'refused') GROUP BY 1, 2",
        key=("outlet", "day"),
        references={"outlet": "outlet (slug)"},
    ),
)
"""All tables of the kind, in the order in which they are filled; one that is referred to comes first."""
