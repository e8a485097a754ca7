"""Search: full text of what readers can see, and of nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, cast, false, literal, literal_column, select, text, update
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from aggregator.model.article import plain_text
from aggregator.model.edition import Publication, PublicationState
from aggregator.store.engine import Database
from aggregator.store.publications import numbered
from aggregator.store.rows import blocks_of
from aggregator.store.schema import PublicationRow
from aggregator.store.snippets import Snippet, snippet
from aggregator.store.tables.base import iso
from aggregator.store.words import Term, terms, words

_INDEXED_CHARS: Final = 200_000
"""Characters of a text that are indexed: a long book's chapter, and no dictionary."""

_ENTRY_BYTES: Final = 1_000_000
"""PostgreSQL's index of one text holds 1,048,575 bytes of words and their places; more is an error."""

_WORD_BYTES: Final = 5
"""What a word costs there beside its letters: how many places it has, the first of them, and padding."""

_LAST_POSITION: Final = 16_383
"""PostgreSQL counts the places of words in a text only so far (documentation, 12.11)."""

_HEADLINE_WEIGHT: Final = 8.0
"""How much more a word in the headline counts than one in the text; of both databases."""


RANKED: Final = 2_000
"""Hits that are ranked: all, but for words that stand everywhere, of which the newest are. To rank half a
million takes seconds, and nobody reads on to the thousandth."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A publication that answers a query, and the place that does: pieces of text, each with is_match."""

    publication: Publication
    snippet: Snippet


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a search: an outlet's slug, a language tag, a topic's key, dates from and before."""

    outlet: str | None = None
    language: str | None = None
    topic: str | None = None
    since: datetime | None = None
    until: datetime | None = None


NO_FILTERS: Final = Filters()


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Some of the hits, best first, and how many there are in all.

    ``is_cut`` if there are more than ``RANKED``: then ``total`` is as many, those that went out last.
    """

    hits: tuple[Hit, ...]
    total: int
    is_cut: bool = False


def search(
    db: Database,
    query: str,
    *,
    limit: int = 20,
    offset: int = 0,
    filters: Filters = NO_FILTERS,
) -> SearchPage:
    """The publications that hold every word of a query; words in quotes stand together there.

    Case, accents and vowel points do not matter. Best first, by bm25 or ts_rank, newest first among equals;
    of more than ``RANKED`` those that went out last. Any string is a query; one without a word finds nothing.
    """
    asked = terms(query)
    if not asked:
        return SearchPage((), 0)
    with db.reading() as session:
        found = _found(session, asked, filters)
        ids = found[:RANKED][offset : offset + limit]
        by_id = numbered(session, ids)
    hits = (Hit(by_id[number], snippet(by_id[number].text, asked)) for number in ids)
    return SearchPage(tuple(hits), min(len(found), RANKED), is_cut=len(found) > RANKED)


def matching(session: Session, query: str) -> ColumnElement[bool]:
    """Whether a publication holds every word of a query, as ``search`` finds it; none does without a word."""
    asked = terms(query)
    if not asked:
        return false()
    index = text("search_index")
    if session.get_bind().dialect.name == "sqlite":
        is_hit = literal_column("search_index").op("MATCH")(_fts5_query(asked))
        return PublicationRow.id.in_(select(literal_column("rowid")).select_from(index).where(is_hit))
    is_hit = literal_column("words").op("@@")(cast(literal(_tsquery(asked)), TSQUERY))
    return PublicationRow.id.in_(select(literal_column("publication_id")).select_from(index).where(is_hit))


def _found(session: Session, asked: Sequence[Term], filters: Filters) -> Sequence[int]:
    """The numbers of the publications that went out last, one more than are ranked; best first."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    conditions, values = _narrowed(filters, is_sqlite=is_sqlite)
    values |= {"query": (_fts5_query if is_sqlite else _tsquery)(asked), "most": RANKED + 1}
    # The parts are this module's own; everything from outside is a bound value.
    query = (_SQLITE_SEARCH if is_sqlite else _POSTGRES_SEARCH).format(" AND ".join(conditions))
    return session.execute(text(query), values).scalars().all()


def _narrowed(filters: Filters, *, is_sqlite: bool) -> tuple[list[str], dict[str, Any]]:
    """The conditions on a publication ``p``, and the values that they name."""
    conditions, values = ["p.state = 'published'"], dict[str, Any]()
    if filters.outlet is not None:
        conditions.append("p.outlet = :outlet")
        values["outlet"] = filters.outlet
    if filters.language is not None:
        conditions.append("(p.language = :primary OR p.language LIKE :regions)")
        primary = "".join(c for c in filters.language.split("-")[0].lower() if c.isalnum())
        values |= {"primary": primary, "regions": primary + "-%"}
    if filters.topic is not None:
        of_topic = "SELECT 1 FROM publication_topic AS t WHERE t.publication_id = p.id AND t.topic = :topic"
        conditions.append(f"EXISTS ({of_topic})")
        values["topic"] = filters.topic
    for name, sign, moment in (("since", ">=", filters.since), ("until", "<", filters.until)):
        if moment is not None:
            conditions.append(f"p.dated_at {sign} :{name}")
            values[name] = iso(moment) if is_sqlite else moment
    return conditions, values


# CROSS JOIN is SQLite's word for "in this order": it would ask the index for each publication instead. The
# index has its rows in order, so that SQLite stops where there are enough; only those are ranked.
_SQLITE_SEARCH: Final = f"""
SELECT id FROM (
    SELECT p.id, p.dated_at, bm25(search_index, {_HEADLINE_WEIGHT}, 1.0) AS rank
    FROM search_index CROSS JOIN publication AS p ON p.id = search_index.rowid
    WHERE search_index MATCH :query AND {{}}
    ORDER BY search_index.rowid DESC LIMIT :most
) ORDER BY rank, dated_at DESC, id DESC"""  # noqa: S608 - our own words
_POSTGRES_SEARCH: Final = f"""
SELECT id FROM (
    SELECT p.id, p.dated_at, s.words
    FROM search_index AS s JOIN publication AS p ON p.id = s.publication_id
    WHERE s.words @@ CAST(:query AS tsquery) AND {{}}
    ORDER BY p.id DESC LIMIT :most
) AS newest
ORDER BY ts_rank('{{{{{1 / _HEADLINE_WEIGHT}, 0.2, 0.4, 1.0}}}}', words, CAST(:query AS tsquery), 1) DESC,
    dated_at DESC, id DESC"""  # noqa: S608 - our own words


def _fts5_query(asked: Sequence[Term]) -> str:
    """The query in FTS5's language; words hold letters, digits and marks only, so nothing needs escaping."""
    return " AND ".join(f'"{" ".join(term.words)}"{" *" if term.is_start else ""}' for term in asked)


def _tsquery(asked: Sequence[Term]) -> str:
    """The same in PostgreSQL's language."""
    return " & ".join(
        "(" + " <-> ".join(f"'{word}'{':*' if term.is_start else ''}" for word in term.words) + ")"
        for term in asked
    )


def index_pending(db: Database, limit: int = 1000) -> int:
    """Bring the full-text index up to date with at most so many publications; how many there were.

    What was withdrawn leaves the index. To be called until it returns 0, after the commit of an edition:
    indexing costs ten times as much as writing, and readers need not wait for it.
    """
    query = (
        select(PublicationRow.id, PublicationRow.state, PublicationRow.headline, PublicationRow.blocks)
        .where(PublicationRow.awaits_indexing)
        .order_by(PublicationRow.id)
        .limit(limit)
    )
    with db.reading() as session:
        # A look first, so that an index that is up to date costs no writer's lock.
        if session.execute(query.limit(1)).first() is None:
            return 0
    with db.session() as session:
        rows = session.execute(query.with_for_update(skip_locked=True)).all()
        if rows:
            _index(session, rows)
    return len(rows)


def _index(session: Session, rows: Sequence[Any]) -> None:
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    numbers = [{"number": row.id} for row in rows]
    shown = [row for row in rows if row.state == PublicationState.PUBLISHED.value]
    key = "rowid" if is_sqlite else "publication_id"
    session.execute(text(f"DELETE FROM search_index WHERE {key} = :number"), numbers)  # noqa: S608 - our own names
    if shown and is_sqlite:
        insert = "INSERT INTO search_index (rowid, headline, text) VALUES (:number, :headline, :text)"
        session.execute(text(insert), [_fts5_row(row) for row in shown])
    elif shown:
        insert = "INSERT INTO search_index (publication_id, words) VALUES (:number, CAST(:words AS tsvector))"
        session.execute(text(insert), [_tsvector_row(row) for row in shown])
    done = update(PublicationRow).where(PublicationRow.id == bindparam("number"))
    session.connection().execute(done.values(awaits_indexing=False), numbers)


def _text(row: Any) -> str:
    return plain_text(blocks_of(row.blocks))[:_INDEXED_CHARS]


def _fts5_row(row: Any) -> Mapping[str, Any]:
    return {
        "number": row.id,
        "headline": " ".join(words(row.headline)),
        "text": " ".join(words(_text(row))),
    }


def _tsvector_row(row: Any) -> Mapping[str, Any]:
    """The words with their places; a gap between headline and text, so that no phrase reaches over it."""
    places: dict[str, list[str]] = {}
    size = 0
    for place, weight, word in _placed(row):
        size += 2 if word in places else len(word.encode()) + _WORD_BYTES
        if size > _ENTRY_BYTES:
            break
        places.setdefault(word, []).append(f"{min(place, _LAST_POSITION)}{weight}")
    return {"number": row.id, "words": " ".join(f"'{word}':{','.join(at)}" for word, at in places.items())}


def _placed(row: Any) -> Iterator[tuple[int, str, str]]:
    """The place, weight and form of each word of a publication, in order."""
    place = 0
    for place, word in enumerate(words(row.headline), start=1):
        yield place, "A", word
    for at, word in enumerate(words(_text(row)), start=place + 2):
        yield at, "", word
