"""The views of the analysts' file: the joins that they would write first."""

from dataclasses import dataclass
from typing import Final

from aggregator.store.dump.columns import FIRST_VERSION


@dataclass(frozen=True, slots=True)
class ViewColumn:
    """A column of a view: its name, type and meaning, and the SQL that makes it."""

    name: str
    type: str
    meaning: str
    sql: str
    since: str = FIRST_VERSION


@dataclass(frozen=True, slots=True)
class DumpView:
    """A view of the file; ``source`` is the SQL after the columns."""

    name: str
    meaning: str
    columns: tuple[ViewColumn, ...]
    source: str

    @property
    def statement(self) -> str:
        """The statement that makes the view."""
        columns = ", ".join(f'{column.sql} AS "{column.name}"' for column in self.columns)
        return f'CREATE VIEW "{self.name}" AS SELECT {columns} {self.source}'


_FIRST_OUTLET: Final = (
    "(SELECT f.outlet FROM story_article AS fa JOIN article AS f ON f.id = fa.article_id "
    "WHERE fa.story_id = s.id ORDER BY fa.at, fa.article_id LIMIT 1)"
)

BASE_VIEWS: Final = (
    DumpView(
        "v_article",
        "each article with its outlet, its newest text, and whether it is published",
        (
            ViewColumn("id", "INTEGER", "number of the article", "a.id"),
            ViewColumn("outlet", "TEXT", "the outlet's short name", "a.outlet"),
            ViewColumn("outlet_name", "TEXT", "the outlet's name", "o.name"),
            ViewColumn("country", "TEXT", "ISO 3166-1 alpha-2 code of the outlet's country", "o.country"),
            ViewColumn("language", "TEXT", "BCP 47 tag, detected from the text", "a.language"),
            ViewColumn("headline", "TEXT", "the newest headline", "a.headline"),
            ViewColumn("dek", "TEXT", "the newest standfirst", "a.dek"),
            ViewColumn("byline", "TEXT", "authors, a JSON list of names", "a.byline"),
            ViewColumn("agency", "TEXT", "news agencies credited with the text, a JSON list", "a.agency"),
            ViewColumn("section", "TEXT", "the outlet's section", "a.section"),
            ViewColumn("text", "TEXT", "the newest text, plain; each line is a block", "t.text"),
            ViewColumn("text_chars", "INTEGER", "length of the text in characters", "a.text_chars"),
            ViewColumn(
                "completeness", "TEXT", "full, teaser, paywalled, gallery, video or live", "a.completeness"
            ),
            ViewColumn(
                "first_published", "TEXT", "when the outlet published it (ISO 8601, UTC)", "a.first_published"
            ),
            ViewColumn("stored_at", "TEXT", "when it was stored first (ISO 8601, UTC)", "a.stored_at"),
            ViewColumn("revisions", "INTEGER", "how many revisions are known", "a.revision"),
            ViewColumn("copy_of", "INTEGER", "the original's number if this is a copy", "a.copy_of"),
            ViewColumn("source_link", "TEXT", "where the original stands", "a.source_link"),
            ViewColumn("state", "TEXT", "published, withdrawn or refused; null if undecided", "p.state"),
            ViewColumn("mode", "TEXT", "how much readers get: full, excerpt, link or never", "p.mode"),
        ),
        "FROM article AS a JOIN outlet AS o ON o.slug = a.outlet "
        "LEFT JOIN article_text AS t ON t.article_id = a.id AND t.revision = "
        "(SELECT max(x.revision) FROM article_text AS x WHERE x.article_id = a.id) "
        "LEFT JOIN publication AS p ON p.article_id = a.id",
    ),
    DumpView(
        "v_outlet_day",
        "each outlet's articles by day: how many, how many copies, how long, how many published",
        (
            ViewColumn("outlet", "TEXT", "the outlet's short name", "a.outlet"),
            ViewColumn(
                "day",
                "TEXT",
                "day of publication at the outlet in UTC, else of storing (YYYY-MM-DD)",
                "substr(coalesce(a.first_published, a.stored_at), 1, 10)",
            ),
            ViewColumn("articles", "INTEGER", "articles of that day, copies included", "count(*)"),
            ViewColumn("copies", "INTEGER", "those of them that are copies", "count(a.copy_of)"),
            ViewColumn(
                "revised",
                "INTEGER",
                "those of them that their outlet has changed since",
                "sum(EXISTS (SELECT 1 FROM revision AS r "
                "WHERE r.article_id = a.id AND r.number > 1 AND r.cause = 'publisher'))",
            ),
            ViewColumn(
                "incomplete",
                "INTEGER",
                "those of them that are no full text",
                "sum(a.completeness <> 'full')",
            ),
            ViewColumn(
                "published",
                "INTEGER",
                "those of them that readers see",
                "count(p.state = 'published' OR NULL)",
            ),
            ViewColumn("mean_chars", "REAL", "mean length of their texts in characters", "avg(a.text_chars)"),
        ),
        "FROM article AS a LEFT JOIN publication AS p ON p.article_id = a.id GROUP BY 1, 2",
    ),
    DumpView(
        "v_story",
        "each living story with its headline, and how many articles, outlets and voices tell it",
        (
            ViewColumn("id", "INTEGER", "number of the story", "s.id"),
            ViewColumn("language", "TEXT", "primary language subtag of its articles", "s.language"),
            ViewColumn("headline", "TEXT", "the headline that stands for it", "h.headline"),
            ViewColumn("first_outlet", "TEXT", "the outlet that published first", _FIRST_OUTLET),
            ViewColumn(
                "first_seen", "TEXT", "when its first article was published (ISO 8601, UTC)", "s.first_seen"
            ),
            ViewColumn(
                "last_seen", "TEXT", "when its last article was published (ISO 8601, UTC)", "s.last_seen"
            ),
            ViewColumn("articles", "INTEGER", "articles that tell it, copies included", "count(*)"),
            ViewColumn("outlets", "INTEGER", "different outlets among them", "count(DISTINCT a.outlet)"),
            ViewColumn(
                "voices",
                "INTEGER",
                "different texts among them: all copies of one are one voice",
                "count(DISTINCT coalesce(a.copy_of, a.id))",
            ),
            ViewColumn("copies", "INTEGER", "those of them that are copies", "count(a.copy_of)"),
        ),
        "FROM story AS s JOIN article AS h ON h.id = s.headline_article "
        "JOIN story_article AS sa ON sa.story_id = s.id JOIN article AS a ON a.id = sa.article_id "
        "GROUP BY s.id",
    ),
)
"""The views that other views and the search stand on."""
