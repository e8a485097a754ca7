"""Rows of the stories that a batch asks for: counts of words, stories by term, members, rulings."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, or_, select, text
from sqlalchemy.orm import Session

from aggregator.dedupe.story import MEMBERS, Member
from aggregator.dedupe.story_vector import unpacked
from aggregator.model.article import Completeness
from aggregator.model.story import RulingKind
from aggregator.store.schema import (
    ArticleRow,
    StoryArticleRow,
    StoryRow,
    StoryRulingRow,
    StoryVectorRow,
)

_LOADED_MEMBERS: Final = 3 * MEMBERS
"""Of a large story the newest are loaded: the nearest to any article of today are among them."""

# One parameter for thousands of values: binding each would cost more than looking it up.
_COUNTS: Final = {
    "sqlite": text(
        "SELECT w.term, w.articles FROM json_each(:terms) t CROSS JOIN story_word w ON w.term = t.value"
    ),
    "postgresql": text("SELECT term, articles FROM story_word WHERE term = ANY(CAST(:terms AS int[]))"),
}
_COUNT: Final = {
    "sqlite": text(
        "INSERT INTO story_word (term, articles) SELECT value ->> 0, value ->> 1 FROM json_each(:rows) "
        "WHERE true ON CONFLICT (term) DO UPDATE SET articles = articles + excluded.articles"
    ),
    "postgresql": text(
        "INSERT INTO story_word (term, articles) "
        "SELECT * FROM unnest(CAST(:terms AS int[]), CAST(:counts AS int[])) "
        "ON CONFLICT (term) DO UPDATE SET articles = story_word.articles + excluded.articles"
    ),
}
_HOLDERS: Final = {
    "sqlite": text(
        "SELECT s.period, s.term, s.story_id FROM json_each(:periods) era CROSS JOIN json_each(:terms) t "
        "CROSS JOIN story_term s ON s.period = era.value AND s.term = t.value"
    ),
    "postgresql": text(
        "SELECT s.period, s.term, s.story_id FROM story_term s "
        "JOIN unnest(CAST(:terms AS int[])) t ON s.term = t "
        "WHERE s.period = ANY(CAST(:periods AS int[]))"
    ),
}
_HOLD: Final = {
    "sqlite": text(
        "INSERT OR IGNORE INTO story_term (period, term, story_id) "
        "SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(:rows)"
    ),
    "postgresql": text(
        "INSERT INTO story_term (period, term, story_id) "
        "SELECT * FROM unnest(CAST(:periods AS int[]), CAST(:terms AS int[]), CAST(:stories AS bigint[])) "
        "ON CONFLICT DO NOTHING"
    ),
}


@dataclass(frozen=True, slots=True)
class HeldMember:
    """A member as it is stored, with what the choice of a headline asks."""

    story_id: int
    member: Member
    is_full: bool


@dataclass(frozen=True, slots=True)
class HeldStory:
    """A living story as it is stored."""

    language: str | None
    headline_article: int
    round: int


def counts(session: Session, terms: Iterable[int]) -> dict[int, int]:
    """How many articles hold these terms; those of none are left out."""
    found = session.execute(_COUNTS[_dialect(session)], {"terms": _list(session, sorted(set(terms)))})
    return {term: articles for term, articles in found}  # noqa: C416


def count(session: Session, more: Mapping[int, int]) -> None:
    """Add so many articles to these terms."""
    rows = sorted(more.items())
    if not rows:
        return
    terms, numbers = zip(*rows, strict=True)
    _write(session, _COUNT, rows, {"terms": list(terms), "counts": list(numbers)})


def holders(session: Session, periods: Iterable[int], terms: Iterable[int]) -> list[tuple[int, int, int]]:
    """Period, term and living story of every row of these terms; a merged story is the one it went into."""
    values = {"periods": _list(session, sorted(periods)), "terms": _list(session, sorted(terms))}
    rows = [(a, b, c) for a, b, c in session.execute(_HOLDERS[_dialect(session)], values)]
    gone = merged(session, {story for _, _, story in rows})
    return [(period, term, gone.get(story, story)) for period, term, story in rows]


def hold(session: Session, rows: Sequence[tuple[int, int, int]]) -> None:
    """Keep rows of period, term and story."""
    if not rows:
        return
    ordered = sorted(set(rows))
    periods, terms, stories = zip(*ordered, strict=True)
    values = {"periods": list(periods), "terms": list(terms), "stories": list(stories)}
    _write(session, _HOLD, ordered, values)


def merged(session: Session, stories: Iterable[int]) -> dict[int, int]:
    """Where those of these stories went that are no more."""
    query = select(StoryRow.id, StoryRow.merged_into).where(
        StoryRow.id.in_(sorted(stories)), StoryRow.merged_into.is_not(None)
    )
    return {story: into for story, into in session.execute(query) if into is not None}


def stories(session: Session, ids: Iterable[int]) -> dict[int, HeldStory]:
    """These stories as they are stored."""
    query = select(StoryRow.id, StoryRow.language, StoryRow.headline_article, StoryRow.round).where(
        StoryRow.id.in_(sorted(ids))
    )
    return {
        row.id: HeldStory(row.language, row.headline_article, row.round) for row in session.execute(query)
    }


def members(session: Session, ids: Iterable[int]) -> list[HeldMember]:
    """The members of these stories that articles are compared with, newest first."""
    wanted = sorted(ids)
    if not wanted:
        return []
    order = func.row_number().over(
        partition_by=StoryVectorRow.story_id,
        order_by=(StoryVectorRow.at.desc(), StoryVectorRow.article_id.desc()),
    )
    ranked = (
        select(StoryVectorRow, order.label("place")).where(StoryVectorRow.story_id.in_(wanted)).subquery()
    )
    query = (
        select(
            ranked.c.article_id,
            ranked.c.story_id,
            ranked.c.at,
            ranked.c.terms,
            ArticleRow.outlet,
            ArticleRow.completeness,
        )
        .join(ArticleRow, ArticleRow.id == ranked.c.article_id)
        .where(ranked.c.place <= _LOADED_MEMBERS)
        .order_by(ranked.c.story_id, ranked.c.place)
    )
    return [_member(row) for row in session.execute(query)]


def places(session: Session, articles: Iterable[int]) -> dict[int, tuple[int, str]]:
    """The story of these articles, and how they came there, as far as they have one."""
    query = select(StoryArticleRow.article_id, StoryArticleRow.story_id, StoryArticleRow.joined).where(
        StoryArticleRow.article_id.in_(sorted(articles))
    )
    return {row.article_id: (row.story_id, row.joined) for row in session.execute(query)}


def copies_of(session: Session, articles: Iterable[int]) -> dict[int, list[int]]:
    """The copies of these articles, by original, as far as they are placed."""
    query = (
        select(ArticleRow.copy_of, ArticleRow.id)
        .join(StoryArticleRow, StoryArticleRow.article_id == ArticleRow.id)
        .where(ArticleRow.copy_of.in_(sorted(articles)))
        .order_by(ArticleRow.id)
    )
    found: dict[int, list[int]] = defaultdict(list)
    for original, copy in session.execute(query):
        if original is not None:
            found[original].append(copy)
    return found


def apart(session: Session, ids: Iterable[int]) -> dict[int, set[int]]:
    """For each of these stories, those that an operator split from it, or it from them."""
    wanted = sorted(ids)
    query = select(StoryRulingRow.story_id, StoryRulingRow.other_id).where(
        StoryRulingRow.kind == RulingKind.SPLIT.value,
        StoryRulingRow.undone_at.is_(None),
        or_(StoryRulingRow.story_id.in_(wanted), StoryRulingRow.other_id.in_(wanted)),
    )
    found: dict[int, set[int]] = defaultdict(set)
    for one, other in session.execute(query):
        found[one].add(other)
        found[other].add(one)
    return found


def ruled_on(session: Session, ids: Iterable[int]) -> set[int]:
    """Those of these stories that an operator's word stands for: a rebuild leaves them as they are."""
    wanted = sorted(ids)
    query = select(StoryRulingRow.story_id, StoryRulingRow.other_id).where(
        StoryRulingRow.undone_at.is_(None),
        or_(StoryRulingRow.story_id.in_(wanted), StoryRulingRow.other_id.in_(wanted)),
    )
    return {story for pair in session.execute(query) for story in pair} & set(wanted)


def last_period(session: Session) -> int | None:
    """The newest week that the index holds."""
    return session.execute(select(func.max(StoryVectorRow.period))).scalar()


def _member(row: Any) -> HeldMember:
    at: datetime = row.at
    member = Member(row.article_id, row.article_id, row.outlet, at, unpacked(bytes(row.terms)))
    return HeldMember(row.story_id, member, row.completeness == Completeness.FULL.value)


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


def _list(session: Session, values: list[int]) -> object:
    return json.dumps(values, separators=(",", ":")) if _dialect(session) == "sqlite" else values


def _write(
    session: Session, statements: Mapping[str, Any], rows: Sequence[object], columns: Mapping[str, object]
) -> None:
    if _dialect(session) == "sqlite":
        session.execute(statements["sqlite"], {"rows": json.dumps(rows, separators=(",", ":"))})
    else:
        session.execute(statements["postgresql"], dict(columns))
