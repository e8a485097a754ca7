"""Articles extracted anew: written over what is stored, as a revision of our own making."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, func, insert, or_, select, update
from sqlalchemy.orm import Session

from aggregator.clock import now
from aggregator.dedupe.fingerprint import fingerprint
from aggregator.extract.places import placed
from aggregator.extract.tally import GENERATION_PAGES
from aggregator.model.article import Article
from aggregator.model.duplicate import Fingerprint
from aggregator.model.edition import StoredArticle
from aggregator.store import copies
from aggregator.store.boilerplate import learn
from aggregator.store.details import write_details
from aggregator.store.engine import Database
from aggregator.store.foreign import clean_article
from aggregator.store.incoming import lesson
from aggregator.store.rows import article_values, read_articles, revision_values, stored_articles
from aggregator.store.schema import ArticleRevisionRow, ArticleRow
from aggregator.store.statements import be_only_writer
from aggregator.store.tables.article import EXTRACTION

_OF_THE_STORE: Final = frozenset(
    {"fetched_at", "stored_at", "extraction", "text_hash", "page_hash", "source_key", "text_chars"}
)
"""Columns that tell nothing to readers, or follow from those that do."""

_NAMES: Final = {"blocks": "text", "first_published": "published"}


@dataclass(frozen=True, slots=True)
class Reread:
    """An article read from its kept page again; ``uncut`` is it before learned cuts, None without any."""

    stored: StoredArticle
    article: Article
    uncut: Article | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What became of it: the fields that changed, if any; not done if a crawl has revised it meanwhile."""

    fields: tuple[str, ...]
    is_done: bool = True


def outlets_with_articles(db: Database) -> list[str]:
    """The outlets that have any article, by slug."""
    with db.reading() as session:
        return list(
            session.execute(select(ArticleRow.outlet).distinct().order_by(ArticleRow.outlet)).scalars()
        )


def waiting(
    db: Database, outlet: str, stamp: str, *, since: datetime | None, after: int, limit: int
) -> list[StoredArticle]:
    """Articles of an outlet that were not extracted under this stamp, behind a number, oldest first."""
    query = stored_articles().where(*_waits(outlet, stamp, since), ArticleRow.id > after)
    with db.reading() as session:
        return read_articles(session, query.order_by(ArticleRow.id).limit(limit))


def count(db: Database, outlet: str, stamp: str, *, since: datetime | None) -> int:
    """How many articles ``waiting`` will give."""
    query = select(func.count()).select_from(ArticleRow).where(*_waits(outlet, stamp, since))
    with db.reading() as session:
        return session.execute(query).scalar_one()


def _waits(outlet: str, stamp: str, since: datetime | None) -> list[ColumnElement[bool]]:
    is_old = or_(ArticleRow.extraction.is_(None), ArticleRow.extraction != stamp)
    of_time = [ArticleRow.stored_at >= since] if since else []
    return [ArticleRow.outlet == outlet, is_old, *of_time]


def untaught(db: Database, outlet: str) -> list[Article]:
    """The newest articles that never taught, as far as they count: those stored before crawls learned."""
    with db.reading() as session:
        return [stored.article for stored in _untaught(session, outlet)]


def catch_up(db: Database, outlet: str) -> int:
    """Count what ``untaught`` articles teach, each once; how many they were."""
    with db.session() as session:
        be_only_writer(session)
        stored, at = _untaught(session, outlet), now()
        if stored:
            learn(session, [(outlet, lesson(each.article, each.article)) for each in stored], at)
            session.execute(
                update(ArticleRow).where(*_never_taught(outlet)).values(taught_at=at),
                execution_options={"synchronize_session": False},
            )
        return len(stored)


def _untaught(session: Session, outlet: str) -> list[StoredArticle]:
    newest = select(ArticleRow.id).where(*_never_taught(outlet)).order_by(ArticleRow.id.desc())
    ids = session.execute(newest.limit(2 * GENERATION_PAGES)).scalars().all()
    return read_articles(session, stored_articles().where(ArticleRow.id.in_(ids)).order_by(ArticleRow.id))


def _never_taught(outlet: str) -> list[ColumnElement[bool]]:
    return [ArticleRow.outlet == outlet, ArticleRow.taught_at.is_(None), ArticleRow.copy_of.is_(None)]


def differences(db: Database, rereads: Sequence[Reread]) -> list[Change]:
    """What ``save`` would change; nothing is written."""
    with db.reading() as session:
        return [_change(_Rows.load(session, reread), reread.stored) for reread in rereads]


def save(db: Database, rereads: Sequence[Reread], stamp: str) -> list[Change]:
    """Write articles that were extracted anew, in one transaction; what became of each, in order.

    What readers could see of it makes a new revision, marked as ours; the moment of the first publication,
    the addresses and what is a copy of what stay as they were. An article that a crawl has revised
    meanwhile is left alone.
    """
    with db.session() as session:
        be_only_writer(session)
        return [_write(session, reread, stamp) for reread in rereads]


def settle(db: Database, article_ids: Sequence[int], stamp: str) -> None:
    """Remember that nothing better comes of these articles under this stamp."""
    with db.session() as session:
        session.execute(update(ArticleRow).where(ArticleRow.id.in_(article_ids)).values(extraction=stamp))


@dataclass(frozen=True, slots=True)
class _Rows:
    """An article's rows, and what would stand in them."""

    article: ArticleRow
    revision: ArticleRevisionRow
    new: Article
    article_values: Mapping[str, Any]
    revision_values: Mapping[str, Any]

    @classmethod
    def load(cls, session: Session, reread: Reread) -> "_Rows":
        row = session.get_one(ArticleRow, reread.stored.id)
        new, mark = _ready(row, reread)
        return cls(
            article=row,
            revision=session.get_one(ArticleRevisionRow, (row.id, row.revision)),
            new=new,
            article_values=article_values(new, mark),
            revision_values=revision_values(new, mark, now()),
        )


def _ready(row: ArticleRow, reread: Reread) -> tuple[Article, Fingerprint]:
    """The article fit for the database, with the first date that is known, and its fingerprint."""
    new = clean_article(placed(reread.article))
    new = replace(new, published=row.first_published or new.published)
    return new, fingerprint(new, clean_article(reread.uncut) if reread.uncut else None)


def _change(rows: _Rows, stored: StoredArticle) -> Change:
    if rows.article.revision != stored.revision:
        return Change((), is_done=False)
    pairs = [(rows.article, rows.article_values), (rows.revision, rows.revision_values)]
    changed = {
        name: None
        for row, values in pairs
        for name, value in values.items()
        if name not in _OF_THE_STORE and getattr(row, name) != value
    }
    return Change(tuple(_NAMES.get(name, name) for name in changed))


def _write(session: Session, reread: Reread, stamp: str) -> Change:
    rows = _Rows.load(session, reread)
    change = _change(rows, reread.stored)
    if not change.is_done:
        return change
    row, values = rows.article, {**rows.article_values, "extraction": stamp}
    if change.fields:
        values |= {"revision": row.revision + 1, "awaits_publishing": row.copy_of is None}
        revision = {
            **rows.revision_values,
            "article_id": row.id,
            "number": row.revision + 1,
            "cause": EXTRACTION,
        }
        session.execute(insert(ArticleRevisionRow).values(revision))
    session.execute(
        update(ArticleRow).where(ArticleRow.id == row.id).values(values),
        execution_options={"synchronize_session": False},
    )
    copies.wake(session, copies.Waking(revised={row.id} if change.fields else set()))
    write_details(session, {row.id: rows.new}, {row.id})
    return change
