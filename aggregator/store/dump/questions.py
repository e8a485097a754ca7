"""Canned questions: views that answer what analysts ask first."""

from typing import Final

from aggregator.store.dump.views import BASE_VIEWS, DumpView, ViewColumn

_OUTLET: Final = ViewColumn("outlet", "TEXT", "the outlet's short name", "a.outlet")
_ARTICLES: Final = ViewColumn("articles", "INTEGER", "its articles, copies included", "count(*)")

_TIMED: Final = (
    "(SELECT a.outlet, (julianday(p.published_at) - julianday(a.first_published)) * 24 AS hours "
    "FROM publication AS p JOIN article AS a ON a.id = p.article_id "
    "WHERE p.state = 'published' AND a.first_published <= p.published_at)"
)
_RANKED: Final = (
    "(SELECT outlet, hours, row_number() OVER (PARTITION BY outlet ORDER BY hours) AS place, "  # noqa: S608 - our own words
    f"count(*) OVER (PARTITION BY outlet) AS all_of_it FROM {_TIMED}) AS d"
)
_BY_OUTLET: Final = (
    "(SELECT s.story_id, s.article_id, s.at, b.outlet, "
    "row_number() OVER (PARTITION BY s.story_id, b.outlet ORDER BY s.at, s.article_id) AS nth "
    "FROM story_article AS s JOIN article AS b ON b.id = s.article_id)"
)
_TOLD: Final = (
    "(SELECT story_id, outlet, article_id, at, "  # noqa: S608 - our own words
    "row_number() OVER (PARTITION BY story_id ORDER BY at, article_id) AS place, "
    f"count(*) OVER (PARTITION BY story_id) AS outlets FROM {_BY_OUTLET} WHERE nth = 1) AS t"
)


def _of(place: int, column: str) -> str:
    return f"max(CASE t.place WHEN {place} THEN t.{column} END)"


QUESTIONS: Final = (
    DumpView(
        "v_story_first",
        "who was first on a story that several outlets told, and how long before the next outlet",
        (
            ViewColumn("story_id", "INTEGER", "number of the story", "t.story_id"),
            ViewColumn("outlet", "TEXT", "the outlet that published first", _of(1, "outlet")),
            ViewColumn("article_id", "INTEGER", "its article", _of(1, "article_id")),
            ViewColumn("at", "TEXT", "when that was published (ISO 8601, UTC)", _of(1, "at")),
            ViewColumn("second_outlet", "TEXT", "the outlet that came next", _of(2, "outlet")),
            ViewColumn(
                "lead_hours",
                "REAL",
                "hours between the two",
                f"(julianday({_of(2, 'at')}) - julianday({_of(1, 'at')})) * 24",
            ),
            ViewColumn("outlets", "INTEGER", "outlets that told the story", "max(t.outlets)"),
        ),
        f"FROM {_TOLD} WHERE t.outlets > 1 GROUP BY t.story_id",
    ),
    DumpView(
        "v_text_reach",
        "how far a text travelled: each original with copies, an agency's above all",
        (
            ViewColumn("article_id", "INTEGER", "the article that carried it first", "o.id"),
            ViewColumn("outlet", "TEXT", "that article's outlet", "o.outlet"),
            ViewColumn("agency", "TEXT", "agencies credited with it, a JSON list", "o.agency"),
            ViewColumn("headline", "TEXT", "its headline", "o.headline"),
            ViewColumn("copies", "INTEGER", "copies of it", "count(*)"),
            ViewColumn(
                "outlets",
                "INTEGER",
                "outlets that carry it, the first included",
                "count(DISTINCT a.outlet) + (sum(a.outlet = o.outlet) = 0)",
            ),
            ViewColumn(
                "countries", "INTEGER", "countries of the outlets with copies", "count(DISTINCT u.country)"
            ),
            ViewColumn(
                "hours",
                "REAL",
                "hours between the first and the last publication of it",
                "(julianday(max(coalesce(a.first_published, a.stored_at))) - "
                "julianday(coalesce(o.first_published, o.stored_at))) * 24",
            ),
        ),
        "FROM article AS a JOIN article AS o ON o.id = a.copy_of JOIN outlet AS u ON u.slug = a.outlet "
        "GROUP BY o.id",
    ),
    DumpView(
        "v_paywalled",
        "how much of each outlet is sold or only teased",
        (
            _OUTLET,
            _ARTICLES,
            ViewColumn(
                "paywalled", "INTEGER", "those that the outlet sells", "sum(a.completeness = 'paywalled')"
            ),
            ViewColumn(
                "teasers", "INTEGER", "those of which a part stands there", "sum(a.completeness = 'teaser')"
            ),
            ViewColumn(
                "share",
                "REAL",
                "share of the paywalled ones, from 0 to 1",
                "avg(a.completeness = 'paywalled')",
            ),
        ),
        "FROM article AS a GROUP BY a.outlet",
    ),
    DumpView(
        "v_corrections",
        "how often each outlet corrects what it published, and how often without saying so",
        (
            _OUTLET,
            _ARTICLES,
            ViewColumn("corrected", "INTEGER", "those with a notice of correction added", "count(r.said)"),
            ViewColumn("retracted", "INTEGER", "those that the outlet withdrew", "count(r.withdrawn)"),
            ViewColumn("silent", "INTEGER", "those with figures replaced and no notice", "count(r.silent)"),
            ViewColumn(
                "rate",
                "REAL",
                "share of corrected and retracted ones, from 0 to 1",
                "avg(r.said IS NOT NULL OR r.withdrawn IS NOT NULL)",
            ),
        ),
        "FROM article AS a LEFT JOIN (SELECT article_id, "
        "max(CASE WHEN kinds LIKE '%\"correction\"%' THEN 1 END) AS said, "
        "max(CASE WHEN kinds LIKE '%\"retraction\"%' THEN 1 END) AS withdrawn, "
        "max(CASE WHEN kinds LIKE '%\"figure\"%' AND kinds NOT LIKE '%\"correction\"%' THEN 1 END) AS silent "
        "FROM revision WHERE number > 1 AND cause = 'publisher' GROUP BY article_id) AS r "
        "ON r.article_id = a.id GROUP BY a.outlet",
    ),
    DumpView(
        "v_delay",
        "how long after its publication at the outlet an article was out here",
        (
            ViewColumn("outlet", "TEXT", "the outlet's short name", "d.outlet"),
            ViewColumn(
                "published", "INTEGER", "its articles that are out and have a date", "max(d.all_of_it)"
            ),
            ViewColumn(
                "median_hours",
                "REAL",
                "half of them took no longer, in hours",
                "avg(CASE WHEN d.place IN ((d.all_of_it + 1) / 2, (d.all_of_it + 2) / 2) THEN d.hours END)",
            ),
            ViewColumn(
                "slow_hours",
                "REAL",
                "nine of ten took no longer, in hours",
                "max(CASE WHEN d.place <= (d.all_of_it * 9 + 9) / 10 THEN d.hours END)",
            ),
        ),
        f"FROM {_RANKED} GROUP BY d.outlet",
    ),
    DumpView(
        "v_topic_language",
        "in which languages a topic is written about",
        (
            ViewColumn("topic", "TEXT", "the tag, as in tag.key", "t.tag"),
            ViewColumn("language", "TEXT", "primary language subtag; null if unknown", "t.language"),
            ViewColumn("articles", "INTEGER", "articles with the tag in that language", "t.articles"),
            ViewColumn("outlets", "INTEGER", "their outlets", "t.outlets"),
        ),
        "FROM tag_language AS t",
    ),
    DumpView(
        "v_boilerplate_cut",
        "what was cut from bodies most",
        (
            _OUTLET,
            ViewColumn("rule", "TEXT", "name of the rule that cut it", "c.rule"),
            ViewColumn("text", "TEXT", "the text that was cut", "c.text"),
            ViewColumn(
                "articles", "INTEGER", "articles that it was cut from", "count(DISTINCT c.article_id)"
            ),
            ViewColumn("chars", "INTEGER", "characters cut altogether", "sum(length(c.text))"),
        ),
        "FROM cut AS c JOIN article AS a ON a.id = c.article_id GROUP BY 1, 2, 3",
    ),
)
"""All canned questions."""

DUMP_VIEWS: Final = (*BASE_VIEWS, *QUESTIONS)
"""All views of the file."""
