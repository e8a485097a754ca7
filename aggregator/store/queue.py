"""The queue: what waits to go out, in its order, read no further than an edition needs."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import Session

from aggregator.model.decision import Because, Code, Decision, Hold, Publish, Refuse
from aggregator.model.edition import PublicationState, StoredArticle
from aggregator.model.outlet import Outlet, Pace
from aggregator.publish.candidate import Candidate, Standing, in_order
from aggregator.publish.copies import Copy, best
from aggregator.publish.rights import cap, whenever
from aggregator.store import copies
from aggregator.store.circumstances import Surroundings
from aggregator.store.decisions import Decided
from aggregator.store.engine import Database
from aggregator.store.rows import read_articles, stored_articles
from aggregator.store.schema import ArticleRow, PublicationRow, StoryArticleRow

NO_CARD = "The outlet has no card any more, so its rights are unknown."

_Row = Row[int, int, str, datetime | None, datetime]

_AT_ONCE = 5000
"""SQLite binds up to 32,766 values in a statement."""

_BATCH = 100
"""Articles read at once: a tenth of a second's work, and some megabytes of text."""


@dataclass(frozen=True, slots=True)
class Named:
    """An article as people know it."""

    headline: str
    url: str


@dataclass(slots=True)
class Queue:
    """What waits, as the store had it at one moment.

    Of a text that several outlets carry the original waits, and the best of them is the candidate. ``seen``
    are the candidates that were read so far, by the number that waits, ``texts`` the articles of those that
    may go out or are refused (unless it keeps none), ``known`` what was decided about them before, ``named``
    their headlines.
    """

    _db: Database
    _cards: Mapping[str, Outlet]
    _around: Surroundings
    _rows: Mapping[int, _Row]
    _order: list[int]
    _reported: Mapping[int, int]
    _keeps_texts: bool = True
    seen: dict[int, Candidate] = field(default_factory=dict)
    texts: dict[int, StoredArticle] = field(default_factory=dict)
    known: dict[int, Decided] = field(default_factory=dict)
    named: dict[int, Named] = field(default_factory=dict)

    @classmethod
    def read(
        cls, db: Database, cards: Mapping[str, Outlet], around: Surroundings, *, keeps_texts: bool = True
    ) -> "Queue":
        """All that waits and is not out, in its order."""
        with db.reading() as session:
            rows = {row.id: row for row in session.execute(_waiting())}
            reported = _reported(session) if rows else {}
        standings = [
            Standing(
                row.id,
                row.first_published,
                row.stored_at,
                reported.get(row.id, 1),
                cards[row.outlet].publish.priority if row.outlet in cards else 0,
            )
            for row in rows.values()
        ]
        return cls(db, cards, around, rows, in_order(standings), reported, keeps_texts)

    def __len__(self) -> int:
        return len(self._order)

    def candidates(self) -> Iterator[Candidate]:
        """The articles in their order, each decided about as it comes."""
        yield from self._read(self._order)

    def unseen(self) -> dict[int, int]:
        """What was not read, by number, with its revision; of a text with copies, the original's."""
        return {number: self._rows[number].revision for number in self._order if number not in self.seen}

    def of(self, numbers: Collection[int]) -> list[Candidate]:
        """Some of what was not read."""
        return list(self._read([number for number in self._order if number in numbers]))

    def still_waiting(self, session: Session) -> list[Candidate]:
        """Those of the seen ones that wait unchanged, in the transaction of the only writer."""
        now = {
            row.id: row.revision
            for some in _batches(list(self.seen))
            for row in session.execute(_waiting().where(ArticleRow.id.in_(some)))
        }
        chosen = [one.id for one in self.seen.values() if one.copy_of is not None]
        query = select(ArticleRow.id, ArticleRow.revision, ArticleRow.copy_of)
        copies_now = {
            number: (revision, copy_of)
            for some in _batches(chosen)
            for number, revision, copy_of in session.execute(query.where(ArticleRow.id.in_(some)))
        }
        return [
            one
            for number, one in self.seen.items()
            if now.get(number) == self._rows[number].revision
            and (one.copy_of is None or copies_now.get(one.id) == (one.revision, number))
        ]

    def _read(self, order: list[int]) -> Iterator[Candidate]:
        for start in range(0, len(order), _BATCH):
            numbers = order[start : start + _BATCH]
            with self._db.reading() as session:
                of = copies.of(session, numbers)
                every = [*numbers, *(copy for found in of.values() for copy in found)]
                found = read_articles(session, stored_articles().where(ArticleRow.id.in_(every)))
                gone = copies.taken_down(session, every)
            stored = {one.id: one for one in found if one.id not in gone}
            self._around.take(self._db, found)
            self.known |= self._around.decided
            # All of a batch are decided about with what was read for it.
            texts = [
                [stored[one] for one in (number, *of.get(number, ())) if one in stored] for number in numbers
            ]
            batch = [(number, self._best(each)) for number, each in zip(numbers, texts, strict=True) if each]
            for number, candidate in batch:
                self.seen[number] = candidate
                yield candidate

    def _best(self, carriers: Sequence[StoredArticle]) -> Candidate:
        chosen = best(
            [
                Copy(self._candidate(one), one.article.completeness, is_original=one.copy_of is None)
                for one in carriers
            ]
        ).candidate
        stored = next(one for one in carriers if one.id == chosen.id)
        self.named[stored.id] = Named(stored.article.headline, stored.article.url)
        if self._keeps_texts and isinstance(chosen.decision, Publish | Refuse):
            self.texts[stored.id] = stored
        return chosen

    def _candidate(self, stored: StoredArticle) -> Candidate:
        outlet = self._cards.get(stored.article.outlet)
        decision: Decision = Hold(None, Because(Code.CARD_GONE, NO_CARD))
        pace, monthly_cap, is_approved = Pace(), None, False
        if outlet is not None:
            around = self._around.of(stored, outlet)
            decision = whenever(stored, outlet.rights, around)
            pace, monthly_cap = outlet.publish, cap(outlet.rights, around)
            is_approved = around.is_approved
        return Candidate(
            stored.id,
            stored.revision,
            stored.article.outlet,
            decision,
            stored.article.published,
            stored.stored_at,
            self._reported.get(stored.id, 1),
            pace,
            monthly_cap,
            is_approved,
            stored.copy_of,
        )


def _batches(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    return (numbers[start : start + _AT_ONCE] for start in range(0, len(numbers), _AT_ONCE))


def _waiting() -> Select[int, int, str, datetime | None, datetime]:
    """What waits and is not out: nothing was decided for good, or it was refused and something is new."""
    return (
        select(
            ArticleRow.id,
            ArticleRow.revision,
            ArticleRow.outlet,
            ArticleRow.first_published,
            ArticleRow.stored_at,
        )
        .outerjoin(PublicationRow, PublicationRow.article_id == ArticleRow.id)
        .where(
            ArticleRow.awaits_publishing,
            ArticleRow.copy_of.is_(None),
            or_(PublicationRow.id.is_(None), PublicationRow.state == PublicationState.REFUSED.value),
            ~copies.copy_is_out(),
        )
    )


def _reported(session: Session) -> dict[int, int]:
    """How many outlets tell the story of each article that waits."""
    query = (
        select(ArticleRow.id, StoryArticleRow.story_id)
        .join(StoryArticleRow, StoryArticleRow.article_id == ArticleRow.id)
        .where(ArticleRow.awaits_publishing)
    )
    story_of = {number: story for number, story in session.execute(query)}  # noqa: C416 - a Row is no pair to mypy
    counts: dict[int, int] = {}
    for some in _batches(sorted(set(story_of.values()))):
        counted = (
            select(StoryArticleRow.story_id, func.count(ArticleRow.outlet.distinct()))
            .join(ArticleRow, ArticleRow.id == StoryArticleRow.article_id)
            .where(StoryArticleRow.story_id.in_(some))
            .group_by(StoryArticleRow.story_id)
        )
        counts |= {story: outlets for story, outlets in session.execute(counted)}  # noqa: C416 - as above
    return {number: counts[story] for number, story in story_of.items()}
