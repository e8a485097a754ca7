"""A batch: pages planned as rows, in order, then written table by table."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, func, update
from sqlalchemy.orm import Session

from aggregator.clock import now
from aggregator.dedupe.feed_id import is_same_article
from aggregator.dedupe.verdict import decide
from aggregator.model.article import Article
from aggregator.model.crawl import Reason
from aggregator.model.duplicate import Candidate, Copy, Fresh, Original, Revision, Unchanged
from aggregator.model.revision import Change, ChangeKind
from aggregator.store import copies
from aggregator.store.barring import Barring
from aggregator.store.boilerplate import Lesson, learn
from aggregator.store.details import write_details
from aggregator.store.followed import note
from aggregator.store.history import change as change_of
from aggregator.store.incoming import Incoming, IncomingArticle, Visit
from aggregator.store.near import Near
from aggregator.store.outlet_rows import ensure_outlets
from aggregator.store.rows import article_values, duplicate_values, revision_values
from aggregator.store.schema import (
    ArticleRevisionRow,
    ArticleRow,
    ArticleUrlRow,
    DuplicateRow,
    FetchRow,
)
from aggregator.store.statements import insert_new_rows, insert_rows, new_ids
from aggregator.store.stock import Held, Stock
from aggregator.store.tables.base import UtcDateTime
from aggregator.store.takeover import take_over

Rows = list[dict[str, Any]]


class Batch:
    """The rows of a batch; pages earlier in it are candidates for the later ones.

    Rows are gathered first and written by table: a statement for each of 100 articles would hold the
    writer's lock ten times as long.
    """

    def __init__(self, session: Session, run_id: int | None, pages: Sequence[Incoming]) -> None:
        self._session = session
        self._run_id = run_id
        self._pages = pages
        self._stored_at = now()
        self._articles: Rows = []
        self._changes: Rows = []
        self._revisions: Rows = []
        self._urls: Rows = []
        self._duplicates: Rows = []
        self._waking = copies.Waking()
        self._takeovers: list[tuple[int, Original]] = []
        self._fetches: Rows = []
        self._newest: dict[int, Article] = {}
        self._lessons: list[tuple[str, Lesson]] = []

    def save(self) -> list[Reason]:
        """Plan and write the batch; the pages' reasons, in order."""
        articles = [page for page in self._pages if isinstance(page, IncomingArticle)]
        self._stock = Stock.load(
            self._session,
            [(p.visit.outlet, key) for p in articles for key, _ in _known_under(p)]
            + [(p.visit.outlet, p.visit.key) for p in self._pages],
            [p.fingerprint.text_hash for p in articles if p.fingerprint.text_hash],
        )
        self._barring = Barring(self._session, articles)
        self._near = Near(self._session, self._stock, articles)
        self._ids = iter(new_ids(self._session, ArticleRow, len(articles)))
        reasons = [self._plan(page) for page in self._pages]
        self._write()
        return reasons

    def _plan(self, page: Incoming) -> Reason:
        if isinstance(page, IncomingArticle):
            if takedown := self._barring.takedown_of(page):
                self._fetch(page.visit, Reason.DROPPED_TAKEDOWN, detail=f"covered by takedown {takedown}")
                return Reason.DROPPED_TAKEDOWN
            reason, article_id = self._plan_article(page)
            self._fetch(page.visit, reason, article_id=article_id)
            return reason
        self._fetch(page.visit, page.reason, detail=page.detail)
        return page.reason

    def _plan_article(self, page: IncomingArticle) -> tuple[Reason, int]:
        verdict = decide(page.fingerprint, page.visit.outlet, page.article.headline, self._candidates(page))
        match self._near.verdict(page) if isinstance(verdict, Fresh) else verdict:
            case Fresh(akin=akin):
                return Reason.STORED, self._add(page, akin, is_copy=False)
            case Original() as original:
                # However old: what waits, or is out, is its own from now on.
                article_id = self._add(replace(page, is_no_news=False), None, is_copy=False)
                self._takeovers.append((article_id, original))
                self._stock.become_copies(original.of, article_id)
                return Reason.STORED, article_id
            case Copy() as copy:
                self._waking.copied.add(copy.of)
                return Reason.COPY, self._add(page, copy, is_copy=True)
            case Revision(of=article_id) if page.article.fetched_at < self._stock.get(article_id).fetched_at:
                return Reason.DROPPED_OLDER, article_id
            case Revision(of=article_id):
                return self._revise(page, article_id), article_id
            case Unchanged(of=article_id):
                self._remember(page, self._stock.get(article_id))
                return Reason.UNCHANGED, article_id

    def _candidates(self, page: IncomingArticle) -> list[Candidate]:
        """The articles that a page may equal; what its feed's id leads to has its key if it is the same."""
        outlet, fingerprint = page.visit.outlet, page.fingerprint
        found = self._stock.candidates(outlet, fingerprint, page.visit.key)
        here = (outlet, fingerprint.url_key)
        if page.feed_key is None or any((one.outlet, one.fingerprint.url_key) == here for one in found):
            return found
        known = self._stock.listed_as(outlet, page.feed_key)
        if known is None or not self._is_same(page, known):
            return found
        return [replace(known, fingerprint=replace(known.fingerprint, url_key=fingerprint.url_key)), *found]

    def _is_same(self, page: IncomingArticle, known: Candidate) -> bool:
        seen = self._near.likeness(page, known.article_id)
        return is_same_article(page.article, page.fingerprint, known, seen)

    def _add(self, page: IncomingArticle, alike: Copy | None, *, is_copy: bool) -> int:
        article_id = next(self._ids)
        original = alike.of if alike and is_copy else None
        if not is_copy:
            self._lessons.append((page.visit.outlet, page.lesson))
        self._articles.append(
            article_values(page.article, page.fingerprint)
            | {
                "id": article_id,
                "outlet": page.visit.outlet,
                "url_key": page.fingerprint.url_key,
                "revision": 1,
                "stored_at": self._stored_at,
                "copy_of": original,
                "awaits_publishing": original is None and not page.is_no_news,
                "taught_at": None if is_copy else self._stored_at,
            }
        )
        if alike:
            self._duplicates.append(duplicate_values(article_id, alike, self._stored_at))
        candidate = Candidate(
            article_id,
            page.visit.outlet,
            page.fingerprint,
            page.article.headline,
            original,
            self._stock.family_of(alike.of) if alike else None,
            page.article.published,
            page.article.modified,
        )
        self._put(page, Held(candidate, 1, page.article.fetched_at))
        return article_id

    def _revise(self, page: IncomingArticle, article_id: int) -> Reason:
        held = self._stock.get(article_id)
        old = held.candidate
        change = change_of(self._session, self._newest, article_id, held.revision, page.article)
        if change.kind is ChangeKind.BOILERPLATE:
            # Other links and times around the same words: the stored version stays, and is no older for it.
            self._remember(page, held)
            return Reason.UNCHANGED
        # A copy with a text of its own is none: it may have been a notice that many pages share.
        stays_copy = old.fingerprint.text_hash == page.fingerprint.text_hash or (
            old.is_copy_of is not None and self._is_copy(page, article_id, old.is_copy_of)
        )
        if old.is_copy_of is not None and not stays_copy:
            self._waking.parted[article_id] = old.is_copy_of
        self._waking.revised.add(article_id)
        original = old.is_copy_of if stays_copy else None
        values = article_values(page.article, page.fingerprint) | {
            "revision": held.revision + 1,
            "awaits_publishing": original is None,
        }
        self._changes.append({f"new_{name}": value for name, value in values.items()} | {"key": article_id})
        candidate = replace(
            old,
            fingerprint=replace(page.fingerprint, url_key=old.fingerprint.url_key),
            headline=page.article.headline,
            is_copy_of=original,
            family=old.family if stays_copy or old.is_copy_of is None else None,
            published=old.published or page.article.published,
            modified=page.article.modified,
        )
        self._put(page, Held(candidate, held.revision + 1, page.article.fetched_at), change)
        return Reason.REVISION

    def _is_copy(self, page: IncomingArticle, article_id: int, original: int) -> bool:
        """Whether an article with a new text still is a copy of what it was a copy of."""
        verdict = self._near.verdict(page, but=article_id)
        return isinstance(verdict, Copy) and verdict.of == original

    def _put(self, page: IncomingArticle, held: Held, change: Change | None = None) -> None:
        article_id = held.candidate.article_id
        self._revisions.append(
            revision_values(page.article, page.fingerprint, self._stored_at, change)
            | {"article_id": article_id, "number": held.revision}
        )
        self._newest[article_id] = page.article
        self._remember(page, held)
        self._near.put(page, article_id)

    def _remember(self, page: IncomingArticle, held: Held) -> None:
        outlet, article_id = page.visit.outlet, held.candidate.article_id
        known_under = _known_under(page)
        self._stock.put(held, [(outlet, key) for key, _ in known_under])
        self._urls += [
            {"outlet": outlet, "url_key": key, "url": url, "article_id": article_id}
            for key, url in known_under
        ]

    def _fetch(
        self, visit: Visit, reason: Reason, *, article_id: int | None = None, detail: str | None = None
    ) -> None:
        archived, validator = visit.archived, visit.validator
        is_failure = reason.value.startswith("failed/")
        self._fetches.append(
            {
                "run_id": self._run_id,
                "outlet": visit.outlet,
                "url": visit.url,
                "url_key": visit.key,
                "reason": reason.value,
                "status": visit.status,
                "detail": detail,
                "at": visit.at,
                "article_id": article_id,
                "attempt": self._stock.count_attempt((visit.outlet, visit.key), failed=is_failure),
                "entry_updated": visit.updated,
                "etag": validator.etag,
                "last_modified": validator.last_modified,
                "body_sha256": validator.body_sha256,
                "archive_file": archived.file if archived else None,
                "archive_offset_bytes": archived.offset_bytes if archived else None,
                "archive_length_bytes": archived.length_bytes if archived else None,
            }
        )

    def _write(self) -> None:
        session = self._session
        ensure_outlets(session, {page.visit.outlet: page.visit.url for page in self._pages}, self._stored_at)
        insert_rows(session, ArticleRow, self._articles)
        self._write_changes()
        insert_rows(session, ArticleRevisionRow, self._revisions)
        write_details(session, self._newest, {change["key"] for change in self._changes})
        insert_new_rows(session, ArticleUrlRow, self._urls)
        insert_rows(session, DuplicateRow, self._duplicates)
        self._near.write()
        copies.wake(session, self._waking)
        for original, verdict in self._takeovers:
            take_over(session, original, verdict, self._stored_at)
        insert_rows(session, FetchRow, self._fetches)
        note(session, self._fetches)
        learn(session, self._lessons, self._stored_at)

    def _write_changes(self) -> None:
        if not self._changes:
            return
        values: dict[str, Any] = {
            name.removeprefix("new_"): bindparam(name) for name in self._changes[0] if name != "key"
        }
        # The outlet's first date stands: pages put the date of the last change there later.
        values["first_published"] = func.coalesce(
            ArticleRow.first_published, bindparam("new_first_published", type_=UtcDateTime())
        )
        statement = update(ArticleRow).where(ArticleRow.id == bindparam("key")).values(values)
        self._session.connection().execute(statement, self._changes)


def _known_under(page: IncomingArticle) -> list[tuple[str, str]]:
    """The keys that lead to an article at its outlet, with addresses: its own, and its feed's id last."""
    return [*page.keys, *([(page.feed_key, page.visit.url)] if page.feed_key else [])]


def save_batch(session: Session, run_id: int | None, pages: Sequence[Incoming]) -> list[Reason]:
    """Write a batch in the session's transaction; the pages' reasons, in order."""
    return Batch(session, run_id, pages).save()
