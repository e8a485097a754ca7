"""Editions: what goes out together, and what becomes of it later."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, exists, insert, select, update
from sqlalchemy.orm import Session

from aggregator.clock import now
from aggregator.errors import StoreError
from aggregator.model.delivery import EventKind
from aggregator.model.edition import Edition, NewPublication, Publication, PublicationState, WithdrawnBy
from aggregator.store import copies, followed
from aggregator.store.engine import Database
from aggregator.store.foreign import clean, clean_blocks, clean_or_none
from aggregator.store.front import Page, Selection, front, newest_of, selected
from aggregator.store.outbox import record
from aggregator.store.publications import publication_query, read_publications
from aggregator.store.ready import Ready
from aggregator.store.rows import block_values
from aggregator.store.schema import (
    ArticleRevisionRow,
    ArticleRow,
    EditionRow,
    OutletRow,
    PublicationRow,
    TakedownArticleRow,
)
from aggregator.store.statements import be_only_writer
from aggregator.store.tables.article import EXTRACTION
from aggregator.store.topic_rows import write_topics
from aggregator.store.withdrawal import restore, withdraw

__all__ = [
    "Page",
    "Selection",
    "by_article",
    "edition",
    "editions",
    "front",
    "newest_of",
    "publication",
    "publish",
    "restore",
    "selected",
    "withdraw",
    "write",
]


def publish(db: Database, publications: Sequence[NewPublication], at: datetime) -> Edition | None:
    """Bring out an edition, in one transaction; None if nothing would change.

    An article has one publication. If it is out already, readers get the new text and headline;
    ``updated_at`` moves only with a newer revision. A text made from an older revision than the one that is
    out changes nothing, and nothing brings a withdrawn article back. A copy is left out unless it was chosen
    to go out for its original, and so is one whose text is out by another article.

    Raises:
        StoreError: the database refuses, or one of the articles is not stored; nothing was written.
    """
    with db.session() as session:
        be_only_writer(session)
        return write(session, publications, at)


def write(session: Session, publications: Sequence[NewPublication], at: datetime) -> Edition | None:
    """The same as ``publish``, in a transaction under way that is the only writer."""
    newest = {each.article_id: each for each in publications}
    return _Writer(session, newest, at).write()


class _Writer:
    """Writes one edition."""

    def __init__(self, session: Session, wanted: Mapping[int, NewPublication], at: datetime) -> None:
        self._session, self._at = session, at
        self._changed_at = now()
        rows = session.execute(select(PublicationRow).where(PublicationRow.article_id.in_(wanted))).scalars()
        self._rows = {row.article_id: row for row in rows}
        self._states = {number: row.state for number, row in self._rows.items()}
        articles = session.execute(
            select(ArticleRow, OutletRow.language)
            .join(OutletRow, OutletRow.slug == ArticleRow.outlet)
            .where(ArticleRow.id.in_(wanted))
        )
        self._articles = {article.id: (article, language) for article, language in articles}
        if missing := wanted.keys() - self._articles.keys():
            raise StoreError(f"publish: no article is stored under {', '.join(map(str, sorted(missing)))}")
        taken = select(TakedownArticleRow.article_id).where(TakedownArticleRow.article_id.in_(wanted))
        gone = set(session.execute(taken).scalars())
        # Since the publisher looked, a crawl may have stored the original, or another copy gone out; and
        # somebody may have taken an article down.
        fresh = {number: self._articles[number][0] for number in wanted if number not in self._rows}
        gone |= copies.carried(session, fresh.values())
        gone |= {number for number, article in fresh.items() if article.copy_of != wanted[number].copy_of}
        self._wanted = {number: each for number, each in wanted.items() if number not in gone}

    def write(self) -> Edition | None:
        values = {number: self._values(wanted) for number, wanted in self._wanted.items()}
        fresh = [number for number in values if number not in self._rows]
        changed = [
            number for number in values if number in self._rows and self._differs(number, values[number])
        ]
        edition = None
        if fresh or changed:
            edition = self._edition([self._counts_as(number, values) for number in (*fresh, *changed)])
            for number in fresh:
                self._session.execute(
                    insert(PublicationRow).values(self._new(number, values[number], edition))
                )
            for number in changed:
                self._change(number, values[number], edition)
        write_topics(self._session, (*fresh, *changed))
        self._record(fresh, changed, values)
        self._settle(values)
        return edition

    def _values(self, wanted: NewPublication) -> dict[str, Any]:
        article, outlet_language = self._articles[wanted.article_id]
        row = self._rows.get(wanted.article_id)
        is_withdrawn = row is not None and row.state == PublicationState.WITHDRAWN.value
        is_gone = wanted.state is PublicationState.REFUSED and (is_withdrawn or self._is_taken_back(wanted))
        return {
            "state": PublicationState.WITHDRAWN.value if is_withdrawn or is_gone else wanted.state.value,
            # A page that readers had says that it is gone: what has no mode was never there.
            "mode": row.mode if row is not None and is_gone else wanted.mode.value,
            "language": article.language or (outlet_language if outlet_language != "und" else None),
            "headline": clean(wanted.headline),
            "blocks": block_values(clean_blocks(wanted.blocks)),
            "licence": clean_or_none(wanted.licence),
            "credit": clean(wanted.credit),
            "licence_url": clean_or_none(wanted.licence_url),
            "credit_position": wanted.credit_position.value,
            "reasons": [clean(reason.words) for reason in wanted.reasons],
            "reason_codes": [reason.code.value for reason in wanted.reasons],
            "is_verbatim": wanted.is_verbatim,
            "has_images": wanted.has_images,
            "is_indexable": wanted.is_indexable,
            "is_minable": wanted.is_minable,
            "revision": article.revision if wanted.revision is None else wanted.revision,
        }

    def _is_taken_back(self, wanted: NewPublication) -> bool:
        """Whether readers have the article, and its new revision may not go out at all."""
        was_out = self._states.get(wanted.article_id) == PublicationState.PUBLISHED.value
        return was_out and wanted.state is PublicationState.REFUSED

    def _counts_as(self, number: int, values: Mapping[int, Mapping[str, Any]]) -> str:
        if self._is_taken_back(self._wanted[number]):
            return PublicationState.REFUSED.value
        return str(values[number]["state"])

    def _differs(self, number: int, values: Mapping[str, Any]) -> bool:
        row = self._rows[number]
        if values["revision"] < row.revision:
            return False
        return any(getattr(row, name) != value for name, value in values.items())

    def _edition(self, states: Sequence[str]) -> Edition:
        counts = {
            "article_count": states.count(PublicationState.PUBLISHED.value),
            "refused_count": states.count(PublicationState.REFUSED.value),
        }
        statement = insert(EditionRow).values(closed_at=self._at, **counts).returning(EditionRow.id)
        return Edition(self._session.execute(statement).scalar_one(), self._at, **counts)

    def _new(self, number: int, values: Mapping[str, Any], edition: Edition) -> dict[str, Any]:
        is_withdrawn = values["state"] == PublicationState.WITHDRAWN.value
        return {
            **values,
            "article_id": number,
            "edition_id": edition.id,
            "outlet": self._articles[number][0].outlet,
            "dated_at": self._dated(number),
            "published_at": self._at,
            "updated_at": self._at,
            "withdrawn_at": self._at if is_withdrawn else None,
            "changed_at": self._changed_at,
            "awaits_indexing": True,
        }

    def _dated(self, number: int) -> datetime:
        """The moment to sort by; outlets' dates are true, but for those that lie in the future."""
        first = self._articles[number][0].first_published
        return self._at if first is None else min(first, self._at)

    def _change(self, number: int, values: Mapping[str, Any], edition: Edition) -> None:
        row = self._rows[number]
        changes = {**values, "changed_at": self._changed_at, "awaits_indexing": True}
        # 0: the text is its original's now, and as old as it was.
        if row.revision > 0 and self._is_news(number, row.revision, values["revision"]):
            changes["updated_at"] = self._at
        if self._is_taken_back(self._wanted[number]):
            why = clean(" ".join(reason.words for reason in self._wanted[number].reasons))
            changes |= {
                "withdrawn_at": self._at,
                "withdrawn_reason": why,
                "withdrawn_by": WithdrawnBy.RIGHTS.value,
            }
        was_out = row.state != PublicationState.REFUSED.value
        if values["state"] == PublicationState.PUBLISHED.value and not was_out:
            changes |= {"edition_id": edition.id, "published_at": self._at, "dated_at": self._dated(number)}
        self._session.execute(
            update(PublicationRow).where(PublicationRow.id == row.id).values(changes),
            execution_options={"synchronize_session": False},
        )

    def _is_news(self, number: int, out: int, newest: int) -> bool:
        """Whether the publisher has changed anything since the revision that is out, and not we alone."""
        revised = exists().where(
            ArticleRevisionRow.article_id == number,
            ArticleRevisionRow.number.between(out + 1, newest),
            ArticleRevisionRow.cause != EXTRACTION,
        )
        return self._session.execute(select(revised)).scalar_one()

    def _record(
        self, fresh: Sequence[int], changed: Sequence[int], values: Mapping[int, Mapping[str, Any]]
    ) -> None:
        """Write what of this others are told: what went out, what is another text now, what is in no more."""
        told: dict[EventKind, list[int]] = {kind: [] for kind in EventKind}
        for number in (*fresh, *changed):
            was_out = number in self._rows and self._states[number] == PublicationState.PUBLISHED.value
            is_out = values[number]["state"] == PublicationState.PUBLISHED.value
            if is_out:
                told[EventKind.UPDATED if was_out else EventKind.PUBLISHED].append(number)
            elif was_out:
                told[EventKind.WITHDRAWN].append(number)
        ids = select(PublicationRow.id).order_by(PublicationRow.id)
        for kind, numbers in told.items():
            if numbers:
                found = self._session.execute(ids.where(PublicationRow.article_id.in_(numbers))).scalars()
                ids_of_kind = found.all()
                record(self._session, kind, ids_of_kind, self._at)
                if kind is EventKind.PUBLISHED:
                    followed.enrol(self._session, ids_of_kind, self._at)

    def _settle(self, values: Mapping[int, Mapping[str, Any]]) -> None:
        """Take the articles off the publisher's list, but for those that got a newer revision meanwhile."""
        done = [
            number
            for number, each in values.items()
            if each["revision"] >= self._articles[number][0].revision
        ]
        self._session.execute(
            update(ArticleRow).where(ArticleRow.id.in_(done)).values(awaits_publishing=False),
            execution_options={"synchronize_session": False},
        )
        copies.settle(self._session, done)


_BY_NUMBER: Final = Ready(publication_query().where(PublicationRow.id == bindparam("number")))
_BY_ARTICLE: Final = Ready(publication_query().where(PublicationRow.article_id == bindparam("number")))


def publication(db: Database, publication_id: int) -> Publication | None:
    """The publication of this number, also if it was withdrawn or refused."""
    with db.reading() as session:
        return next(iter(read_publications(session, _BY_NUMBER, number=publication_id)), None)


def by_article(db: Database, article_id: int) -> Publication | None:
    """The publication of an article, also if it was withdrawn or refused."""
    with db.reading() as session:
        return next(iter(read_publications(session, _BY_ARTICLE, number=article_id)), None)


def editions(db: Database, limit: int, *, before: int | None = None) -> list[Edition]:
    """The last editions, newest first; those older than the one of a number."""
    query = select(EditionRow).order_by(EditionRow.id.desc()).limit(limit)
    if before is not None:
        query = query.where(EditionRow.id < before)
    with db.reading() as session:
        return [_edition(row) for row in session.execute(query).scalars()]


def edition(db: Database, number: int) -> Edition | None:
    """The edition of this number."""
    with db.reading() as session:
        row = session.get(EditionRow, number)
        return None if row is None else _edition(row)


def _edition(row: EditionRow) -> Edition:
    return Edition(row.id, row.closed_at, row.article_count, row.refused_count)
