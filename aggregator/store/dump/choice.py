"""Which articles a dump of some of them holds: those since a moment, or what changed since an older dump."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from aggregator.store.dump.columns import DumpTable, column
from aggregator.store.dump.difference import LOT, Difference, Row
from aggregator.store.schema import (
    ArticleRow,
    DuplicateRow,
    FetchRow,
    PublicationRow,
    StoryArticleRow,
    StoryRow,
    StoryRulingRow,
    TakedownArticleRow,
    TakedownRow,
)

OVERLAP: Final = timedelta(hours=1)
"""How far before an older dump's moment changes are looked for: a transaction that was open then had its time
already, and was not seen. The longest that is known, a rebuild's chunk, takes seconds."""

_LOT: Final = 500
"""Articles asked for in one query; PostgreSQL takes 65,535 parameters, SQLite 32,766."""

_WHOLE: Final = frozenset({"story_article", "takedown_article", "decision"})
"""Tables whose rows change or go without a moment: they are read as a whole."""

COMPARED: Final = ("id", "revision", "copy_of", "extraction", "fetched_at")
"""Columns of ``article`` by which one that changed differs from itself in an older dump.

A revision sets them, and so does another reading of the page.
"""


@dataclass(frozen=True, slots=True)
class Choice:
    """Articles by number, in order; stories by number, or None for all; which rows of ``fetch``."""

    articles: Sequence[int]
    stories: Sequence[int] | None
    fetches: ColumnElement[bool]

    def queries(
        self, table: DumpTable, asked: Select[*tuple[Any, ...]]
    ) -> Iterator[Select[*tuple[Any, ...]]]:
        """A table's query, bounded to what was chosen."""
        if table.name == "fetch":
            yield asked.where(self.fetches)
            if self.stories is None:  # a takedown erases what older fetches of an article kept
                of_these = (FetchRow.article_id.in_(lot) for lot in _lots(self.articles))
                yield from (asked.where(each, ~self.fetches) for each in of_these)
        elif table.name == "story" and self.stories is not None:
            yield from (asked.where(StoryRow.id.in_(lot)) for lot in _lots(self.stories))
        elif table.article is None or (self.stories is None and is_whole(table)):
            yield asked
        else:
            yield from (asked.where(table.article.in_(lot)) for lot in _lots(self.articles))


def _lots(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    return (numbers[start : start + _LOT] for start in range(0, len(numbers), _LOT))


def is_whole(table: DumpTable) -> bool:
    """Whether an incremental dump is made of all rows of a table."""
    return table.article is None or table.name in _WHOLE


def since(session: Session, moment: datetime) -> Choice:
    """Articles stored since a moment, and all that they refer to, so that no reference is broken."""
    articles: set[int] = set()
    stories: set[int] = set()
    more = _numbers(session, select(ArticleRow.id).where(ArticleRow.stored_at >= moment))
    more |= _numbers(session, select(FetchRow.article_id).where(FetchRow.at >= moment))
    wanted = _numbers(session, select(StoryRulingRow.story_id)) | _numbers(
        session, select(StoryRulingRow.other_id)
    )
    while more or wanted:
        articles |= more
        stories |= wanted
        referred = _referred(session, more)
        wanted, more = (
            _each(session, StoryArticleRow.story_id, StoryArticleRow.article_id, more)
            | _each(session, StoryRow.merged_into, StoryRow.id, wanted),
            referred | _each(session, StoryRow.headline_article, StoryRow.id, wanted),
        )
        more, wanted = more - articles, wanted - stories
    # An article that was imported since was fetched long before.
    stored_since = select(ArticleRow.id).where(ArticleRow.stored_at >= moment)
    fetches = or_(FetchRow.at >= moment, FetchRow.article_id.in_(stored_since))
    return Choice(sorted(articles), sorted(stories), fetches)


def _referred(session: Session, numbers: Iterable[int]) -> set[int]:
    return _each(session, ArticleRow.copy_of, ArticleRow.id, numbers) | _each(
        session, DuplicateRow.original_id, DuplicateRow.copy_id, numbers
    )


def _each(session: Session, wanted: Any, key: Any, numbers: Iterable[int]) -> set[int]:
    found: set[int] = set()
    for lot in _lots(sorted(numbers)):
        found |= _numbers(session, select(wanted).where(key.in_(lot)))
    return found


def _numbers(session: Session, asked: Select[Any]) -> set[int]:
    return {number for number in session.execute(asked).scalars() if number is not None}


def changed(session: Session, older: Difference, moment: datetime) -> Choice:
    """Articles that are not in an older dump as they are now, or of which anything changed since a moment."""
    articles = {row[0] for row in _differing(session, older, ArticleRow, COMPARED)}
    was_down = older.numbers("SELECT article_id FROM takedown_article")
    last = max(older.numbers("SELECT coalesce(max(id), 0) FROM fetch"))
    # By number: one writer at a time stores pages, and the moment of a fetch may be that of an old archive.
    is_later = FetchRow.id > last
    kept = session.scalar(select(func.count()).select_from(FetchRow).where(~is_later))
    if {kept} != older.numbers("SELECT count(*) FROM fetch"):
        _differing(session, older, FetchRow, ("id",))  # some were pruned
    is_down = _numbers(session, select(TakedownArticleRow.article_id))
    articles |= was_down ^ is_down
    done = or_(
        TakedownRow.done_at >= moment, TakedownRow.undone_at >= moment, TakedownRow.erased_at >= moment
    )
    of_these = TakedownArticleRow.takedown_id.in_(select(TakedownRow.id).where(done))
    for asked in (
        select(PublicationRow.article_id).where(PublicationRow.changed_at >= moment),
        select(DuplicateRow.copy_id).where(DuplicateRow.found_at >= moment),
        select(FetchRow.article_id).where(is_later),
        select(TakedownArticleRow.article_id).where(of_these),
    ):
        articles |= _numbers(session, asked)
    return Choice(sorted(articles), None, is_later)


def _differing(
    session: Session, older: Difference, table: type[ArticleRow | FetchRow], names: Sequence[str]
) -> list[Row]:
    """What some columns, ``id`` the first, hold that the older dump has not so; it notes what is gone."""
    columns = [column(getattr(table, name)).source.label(name) for name in names]
    asked = select(*columns).order_by(table.id)
    with closing(session.connection().execute(asked, execution_options={"yield_per": LOT})) as rows:
        lots = older.differing(table.__tablename__, names, ("id",), rows.partitions())
        return [row for lot in lots for row in lot]
