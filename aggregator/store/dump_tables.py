"""The tables of the analysts' file: which columns, from where, and what they mean."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Boolean, Float, Integer, Select, select
from sqlalchemy.orm import InstrumentedAttribute

from aggregator.store.boilerplate_state import boilerplate_state
from aggregator.store.rows import blocks_of
from aggregator.store.schema import (
    ArticleCutRow,
    ArticleFieldRow,
    ArticleRevisionRow,
    ArticleRow,
    Base,
    BoilerplateLineRow,
    BoilerplateOutletRow,
    CrawlRunOutletRow,
    CrawlRunRow,
    DecisionRow,
    DuplicateRow,
    EditionRow,
    FetchRow,
    ImageRow,
    LicencePageRow,
    OutletRow,
    PublicationRow,
    StoryArticleRow,
    StoryRow,
    StoryRulingRow,
    TakedownArticleRow,
    TakedownRow,
)
from aggregator.store.tables.base import Key, iso

Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class DumpColumn:
    """A column of the file: SQLite's type, what it means, and how its value is made of the stored one."""

    name: str
    type: str
    meaning: str
    convert: Callable[[Any], Value] = field(default=lambda value: value)


@dataclass(frozen=True, slots=True)
class DumpTable:
    """A table of the file; ``query`` yields the columns in their order, ``key`` is its primary key."""

    name: str
    meaning: str
    columns: tuple[DumpColumn, ...]
    query: Select[*tuple[Any, ...]]
    key: tuple[str, ...] = ("id",)
    references: Mapping[str, str] = field(default_factory=dict)
    indexes: tuple[tuple[str, ...], ...] = ()


def _moment(value: datetime | None) -> Value:
    return None if value is None else iso(value)


def _json(value: Sequence[Any]) -> Value:
    return json.dumps(value, ensure_ascii=False)


def _same(value: Value) -> Value:
    return value


def _number(value: bool | None) -> Value:  # noqa: FBT001 - a column's value, not a switch
    return None if value is None else int(value)


def _plain_text(blocks: Sequence[Sequence[Any]]) -> Value:
    return "\n".join(block.text for block in blocks_of(blocks))


def _column(source: InstrumentedAttribute[Any]) -> DumpColumn:
    """A column that is as it stands in the store, with the store's comment."""
    column = source.property.columns[0]
    kind: str = type(column.type).__name__
    if column.comment is None:
        raise TypeError(f"{source} has no comment")
    made = DumpColumn(column.name, "TEXT", column.comment, _same)
    if kind == "UtcDateTime":
        return replace(made, convert=_moment, meaning=f"{column.comment} (ISO 8601, UTC)")
    if kind == "JSON":
        return replace(made, convert=_json)
    if isinstance(column.type, Boolean):
        return replace(made, type="INTEGER", convert=_number, meaning=f"1 or 0: {column.comment}")
    if isinstance(column.type, Integer) or column.type is Key:
        return replace(made, type="INTEGER")
    return replace(made, type="REAL") if isinstance(column.type, Float) else made


def _table(
    row: type[Base], leave_out: Sequence[str] = (), *, name: str | None = None, **more: Any
) -> DumpTable:
    """A table that follows one of the store's."""
    sources = [getattr(row, column.key) for column in row.__table__.columns if column.key not in leave_out]
    columns = tuple(_column(source) for source in sources)
    query: Any = select(*sources).order_by(*row.__table__.primary_key)
    comment = str(getattr(row.__table__, "comment", ""))
    return DumpTable(name or row.__tablename__, comment, columns, query, **more)


def _articles() -> DumpTable:
    """Articles with the words of their newest revision's headline, without the store's own bookkeeping."""
    table = _table(ArticleRow, ["awaits_publishing", "taught_at", "extraction"])
    words = [ArticleRevisionRow.headline, ArticleRevisionRow.dek, ArticleRevisionRow.text_chars]
    newest = (ArticleRevisionRow.article_id == ArticleRow.id) & (
        ArticleRevisionRow.number == ArticleRow.revision
    )
    return replace(
        table,
        meaning="articles as they are now; their texts stand in article_text",
        columns=(*table.columns, *map(_column, words)),
        query=table.query.join(ArticleRevisionRow, newest).add_columns(*words),
        references={"outlet": "outlet (slug)", "copy_of": "article (id)"},
        indexes=(("outlet", "first_published"), ("first_published",), ("copy_of",), ("text_hash",)),
    )


def _article_texts() -> DumpTable:
    number = replace(_column(ArticleRevisionRow.number), name="revision")
    text = DumpColumn("text", "TEXT", "the body as plain text; each line is a block", _plain_text)
    query: Any = select(
        ArticleRevisionRow.article_id, ArticleRevisionRow.number, ArticleRevisionRow.blocks
    ).order_by(ArticleRevisionRow.article_id, ArticleRevisionRow.number)
    return DumpTable(
        name="article_text",
        meaning="the text of each revision of each article",
        columns=(_column(ArticleRevisionRow.article_id), number, text),
        query=query,
        key=("article_id", "revision"),
        references={"article_id": "article (id)"},
    )


def _boilerplate() -> DumpTable:
    """Lines that repeat, with what becomes of them; what was met once tells nothing."""
    table = _table(BoilerplateLineRow, ["generation", "recent", "earlier"])
    more = (
        DumpColumn("pages", "INTEGER", "on how many of the outlet's last pages it stands"),
        DumpColumn("of_pages", "INTEGER", "how many last pages that is counted on"),
        DumpColumn("state", "TEXT", "counted, shadow (would be cut), active (is cut), kept or dropped"),
    )
    return replace(
        table,
        name="boilerplate",
        meaning="lines that repeat over an outlet's pages, as learned",
        columns=(*table.columns, *more),
        query=table.query.join(BoilerplateOutletRow, BoilerplateOutletRow.outlet == BoilerplateLineRow.outlet)
        .where(BoilerplateLineRow.sample.is_not(None))
        .add_columns(*boilerplate_state()),
        key=("outlet", "id"),
        references={"outlet": "outlet (slug)"},
    )


_OF_ARTICLE: Final = {"article_id": "article (id)"}

DUMP_TABLES: Final = (
    _table(OutletRow, key=("slug",)),
    _articles(),
    _article_texts(),
    _table(
        ArticleRevisionRow,
        ["blocks"],
        name="revision",
        key=("article_id", "number"),
        references=_OF_ARTICLE,
    ),
    _table(ArticleFieldRow, name="provenance", key=("article_id", "position"), references=_OF_ARTICLE),
    _table(ArticleCutRow, name="cut", key=("article_id", "position"), references=_OF_ARTICLE),
    _table(ImageRow, key=("article_id", "position"), references=_OF_ARTICLE),
    _table(
        DuplicateRow,
        key=("copy_id",),
        references={"copy_id": "article (id)", "original_id": "article (id)"},
        indexes=(("original_id",),),
    ),
    _table(
        StoryRow,
        ["round"],
        references={"headline_article": "article (id)", "merged_into": "story (id)"},
        indexes=(("last_seen",),),
    ),
    _table(
        StoryArticleRow,
        key=("article_id",),
        references={"article_id": "article (id)", "story_id": "story (id)"},
        indexes=(("story_id",),),
    ),
    _table(StoryRulingRow, references={"story_id": "story (id)", "other_id": "story (id)"}),
    _boilerplate(),
    _table(BoilerplateOutletRow, key=("outlet",), references={"outlet": "outlet (slug)"}),
    _table(EditionRow),
    _table(
        PublicationRow,
        ["awaits_indexing", "outlet", "language"],
        references={"article_id": "article (id)", "edition_id": "edition (id)"},
        indexes=(("article_id",), ("edition_id",)),
    ),
    _table(TakedownRow, ["subject", "ordered_by"]),
    _table(
        TakedownArticleRow,
        ["runs", "kept"],
        key=("article_id",),
        references={"article_id": "article (id)", "takedown_id": "takedown (id)"},
    ),
    _table(DecisionRow, key=("article_id",), references=_OF_ARTICLE),
    _table(LicencePageRow, key=("outlet",), references={"outlet": "outlet (slug)"}),
    _table(CrawlRunRow, ["pid", "process", "machine"]),
    _table(
        CrawlRunOutletRow,
        key=("run_id", "position"),
        references={"run_id": "crawl_run (id)", "outlet": "outlet (slug)"},
    ),
    _table(
        FetchRow,
        references={"run_id": "crawl_run (id)", "article_id": "article (id)", "outlet": "outlet (slug)"},
        indexes=(("outlet", "at"), ("run_id",), ("article_id",)),
    ),
)
"""All tables of the file, in the order in which they are filled."""
