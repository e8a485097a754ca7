"""A rebuild of shingles, in steps: for articles stored before there were any, or by an older scheme."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from sqlalchemy import delete, exists, func, insert, select, update
from sqlalchemy.orm import Session, aliased

from aggregator.clock import now
from aggregator.dedupe.candidates import period_of
from aggregator.dedupe.shingles import SCHEME, Sample, sample
from aggregator.dedupe.words import Words, words
from aggregator.model.article import Article
from aggregator.model.duplicate import Copy, CopyKind, Fingerprint, Fresh, Original
from aggregator.model.edition import StoredArticle
from aggregator.store.engine import Database
from aggregator.store.near import Near
from aggregator.store.rows import read_articles, stored_articles
from aggregator.store.schema import (
    ArticleRow,
    DuplicateRow,
    PublicationRow,
    ShingleBucketRow,
    ShingleSchemeRow,
)
from aggregator.store.shingles import Shingles, bucket_id, note_scheme
from aggregator.store.statements import be_only_writer
from aggregator.store.stock import Held, Stock

BATCH: Final = 100
"""Articles in a transaction: a crawl waits for it less than a second, a kill takes back no more."""

_BUCKETS_AT_ONCE: Final = 5_000


@dataclass(frozen=True, slots=True)
class Found:
    """An article that shares text with an earlier one; ``is_hidden`` if it became a copy."""

    article_id: int
    outlet: str
    headline: str
    of: int
    kind: CopyKind
    score: float
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Step:
    """What one transaction did: how many articles it read, and what it found among them."""

    articles: int
    found: Sequence[Found]


@dataclass(frozen=True, slots=True)
class _Subject:
    """A stored article as near-duplicates are looked for."""

    article: Article
    fingerprint: Fingerprint
    words: Words
    sample: Sample
    period: int


def waiting(db: Database) -> int:
    """How many articles have no shingles of today's scheme: copies of them are not found."""
    with db.reading() as session:
        state = session.get(ShingleSchemeRow, SCHEME)
        if state and state.done_to >= state.missing_to:
            return 0
        up_to = state.missing_to if state else _newest(session)
        done = state.done_to if state else 0
        query = select(func.count()).select_from(ArticleRow)
        return session.execute(query.where(ArticleRow.id > done, ArticleRow.id <= up_to)).scalar_one()


def count(db: Database, *, anew: bool = False) -> int:
    """About how many articles ``rebuild`` will read, or ``rehearse``, which begins ``anew``."""
    with db.reading() as session:
        state = None if anew else session.get(ShingleSchemeRow, SCHEME)
        if state and state.finished_at:
            return 0
        query = select(func.count()).select_from(ArticleRow)
        return session.execute(query.where(ArticleRow.id > (state.done_to if state else 0))).scalar_one()


def rebuild(db: Database, *, batch: int = BATCH) -> Iterator[Step]:
    """Go on with the rebuild, a transaction a step, until every article is found by its text.

    Articles are taken in the order in which they were stored, and compared with earlier ones alone. What a
    reader may have seen, or a publisher has decided about, is never hidden: only an article that waits for
    its publication becomes a copy. Of all others the table ``duplicate`` tells what they share.
    """
    while True:
        with db.session() as session:
            be_only_writer(session)
            note_scheme(session)
            state = session.get_one(ShingleSchemeRow, SCHEME)
            if state.finished_at is not None:
                break
            step = _step(session, state, batch)
        if step is None:
            break
        yield step
    _forget_older_schemes(db)


def rehearse(db: Database, *, batch: int = BATCH) -> Iterator[Step]:
    """What ``rebuild`` would find if it began anew, step by step; nothing is written to the store."""
    decided: dict[int, Held] = {}
    last = 0
    with _elsewhere() as other:
        while True:
            with db.reading() as session, other.session() as index:
                stored = _after(session, last, _newest(session), batch)
                if not stored:
                    return
                planned = _Plan(session, stored, _Rehearsed(decided), Shingles(index))
                found = planned.find(lambda _: True)
                decided |= planned.decided
            last = stored[-1].id
            yield Step(len(stored), [one for one, _ in found])


def _step(session: Session, state: ShingleSchemeRow, batch: int) -> Step | None:
    """One batch; None when there is nothing left, and the rebuild is over."""
    if state.through is None and state.done_to >= state.missing_to:
        # What was stored meanwhile did not yet see every earlier article.
        state.through = _newest(session)
    up_to = state.missing_to if state.through is None else state.through
    stored = _after(session, state.done_to, up_to, batch)
    if not stored:
        if state.through is None:
            state.done_to = state.missing_to
            return Step(0, [])
        state.finished_at = now()
        return None
    missing_to = state.missing_to
    plan = _Plan(session, stored, Stock(), None)
    found = plan.find(lambda article_id: article_id <= missing_to)
    _write(session, found)
    state.done_to = stored[-1].id
    return Step(len(stored), [one for one, _ in found])


def _newest(session: Session) -> int:
    return session.execute(select(func.max(ArticleRow.id))).scalar() or 0


def _after(session: Session, last: int, up_to: int, limit: int) -> list[StoredArticle]:
    query = stored_articles().where(ArticleRow.id > last, ArticleRow.id <= up_to)
    return read_articles(session, query.order_by(ArticleRow.id).limit(limit))


class _Plan:
    """A batch of stored articles, each compared with those that were stored before it."""

    def __init__(
        self, session: Session, stored: Sequence[StoredArticle], stock: Stock, shingles: Shingles | None
    ) -> None:
        self._stock = stock
        ids = [one.id for one in stored]
        stock.load_more(session, ids)
        self._subjects = [(one, self._subject(one)) for one in stored]
        self._near = Near(session, stock, [subject for _, subject in self._subjects], shingles)
        self._hideable = _hideable(session, ids)
        self.decided: dict[int, Held] = {}

    def find(self, lacks_shingles: Callable[[int], bool]) -> list[tuple[Found, Copy]]:
        """Keep the shingles of those that lack them, and look for earlier texts of those that have none."""
        found = []
        for stored, subject in self._subjects:
            held = self._stock.get(stored.id)
            if held.candidate.is_copy_of is None and held.candidate.family is None:
                alike, is_copy = _alike(self._near.verdict(subject, before=stored.id))
                if alike is not None:
                    hides = is_copy and stored.id in self._hideable
                    found.append((_found(stored, alike, is_hidden=hides), alike))
                    self._remember(held, alike, is_hidden=hides)
            if lacks_shingles(stored.id):
                self._near.put(subject, stored.id)
        self._near.write()
        return found

    def _subject(self, stored: StoredArticle) -> _Subject:
        text = words(stored.article.body)
        article = stored.article
        at = min(article.published or article.fetched_at, article.fetched_at)
        fingerprint = self._stock.get(stored.id).candidate.fingerprint
        return _Subject(stored.article, fingerprint, text, sample(text), period_of(at))

    def _remember(self, held: Held, alike: Copy, *, is_hidden: bool) -> None:
        family = self._stock.family_of(alike.of)
        of = alike.of if is_hidden else None
        changed = replace(held, candidate=replace(held.candidate, is_copy_of=of, family=family))
        self._stock.put(changed)
        self.decided[held.candidate.article_id] = changed


class _Rehearsed(Stock):
    """A stock that knows what a rehearsal has decided before."""

    def __init__(self, decided: dict[int, Held]) -> None:
        super().__init__()
        self._decided = decided

    def put(self, held: Held, addresses: Sequence[tuple[str, str]] = ()) -> None:  # type: ignore[override] # narrower here
        """Remember an article's state, as decided if it was."""
        super().put(self._decided.get(held.candidate.article_id, held), addresses)


def _alike(verdict: Copy | Original | Fresh) -> tuple[Copy | None, bool]:
    """What an article shares with an earlier one, and whether it is a copy of it.

    An original that came late took over when it came, or never does: readers know the earlier one.
    """
    match verdict:
        case Copy():
            return verdict, True
        case Original(of=of, kind=kind, score=score):
            return Copy(of[0], kind, score), False
        case Fresh(akin=akin):
            return akin, False


def _found(stored: StoredArticle, alike: Copy, *, is_hidden: bool) -> Found:
    article = stored.article
    return Found(stored.id, article.outlet, article.headline, alike.of, alike.kind, alike.score, is_hidden)


def _hideable(session: Session, ids: Sequence[int]) -> set[int]:
    """Those that wait for a publication, were never in one, and are nobody's original."""
    copy = aliased(ArticleRow)
    query = select(ArticleRow.id).where(
        ArticleRow.id.in_(ids),
        ArticleRow.awaits_publishing,
        ~exists().where(PublicationRow.article_id == ArticleRow.id),
        ~exists().where(copy.copy_of == ArticleRow.id),
    )
    return set(session.execute(query).scalars())


def _write(session: Session, found: Sequence[tuple[Found, Copy]]) -> None:
    at = now()
    for one, alike in found:
        evidence = alike.evidence and {"shared_shingles": alike.shared_shingles, **asdict(alike.evidence)}
        session.execute(
            insert(DuplicateRow).values(
                copy_id=one.article_id,
                original_id=one.of,
                kind=one.kind.value,
                score=one.score,
                found_at=at,
                evidence=evidence,
            )
        )
        if one.is_hidden:
            session.execute(
                update(ArticleRow)
                .where(ArticleRow.id == one.article_id)
                .values(copy_of=one.of, awaits_publishing=False),
                execution_options={"synchronize_session": False},
            )


def _forget_older_schemes(db: Database) -> None:
    """Take the shingles of schemes that nobody looks up any more out of the table, some at a time."""
    first = bucket_id(SCHEME, None, 0)
    while True:
        with db.session() as session:
            be_only_writer(session)
            old = select(ShingleBucketRow.id).where(ShingleBucketRow.id < first).order_by(ShingleBucketRow.id)
            ids = session.execute(old.limit(_BUCKETS_AT_ONCE)).scalars().all()
            if not ids:
                session.execute(delete(ShingleSchemeRow).where(ShingleSchemeRow.scheme < SCHEME))
                return
            within = (ShingleBucketRow.id >= ids[0], ShingleBucketRow.id <= ids[-1])
            session.execute(delete(ShingleBucketRow).where(*within))


@contextmanager
def _elsewhere() -> Iterator[Database]:
    """A database in a temporary folder, for shingles that shall leave no trace."""
    with tempfile.TemporaryDirectory() as folder:
        other = Database.open(f"sqlite:///{Path(folder) / 'rehearsal.sqlite3'}")
        try:
            yield other
        finally:
            other.close()
