"""The queue: what waits to go out, in its order, read no further than an edition needs."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from aggregator.model.decision import Because, Code, Decision, Hold, Publish, Refuse
from aggregator.model.edition import PublicationState, StoredArticle
from aggregator.model.outlet import Outlet, Pace
from aggregator.publish.candidate import Candidate, Standing, in_order
from aggregator.publish.rights import cap, whenever
from aggregator.store.circumstances import Surroundings
from aggregator.store.decisions import Decided
from aggregator.store.engine import Database
from aggregator.store.rows import read_articles, stored_articles
from aggregator.store.schema import ArticleRow, PublicationRow, StoryArticleRow

NO_CARD = "The outlet has no card any more, so its rights are unknown."

_Row = Row[int, int, str, datetime | None, datetime]

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

    ``seen`` are the candidates that were read so far, ``texts`` the articles of those that may go out or are
    refused (unless it keeps none), ``known`` what was decided about them before, ``named`` their headlines.
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
        yield from self.seen.values()
        yield from self._read(self._order[len(self.seen) :])

    def unseen(self) -> dict[int, int]:
        """What was not read, by number, with its revision."""
        return {number: self._rows[number].revision for number in self._order if number not in self.seen}

    def of(self, numbers: Collection[int]) -> list[Candidate]:
        """Some of what was not read."""
        return list(self._read([number for number in self._order if number in numbers]))

    def still_waiting(self, session: Session) -> list[Candidate]:
        """Those of the seen ones that wait unchanged, in the transaction of the only writer."""
        now = {row.id: row.revision for row in session.execute(_waiting())}
        return [one for one in self.seen.values() if now.get(one.id) == one.revision]

    def _read(self, order: list[int]) -> Iterator[Candidate]:
        for start in range(0, len(order), _BATCH):
            numbers = order[start : start + _BATCH]
            with self._db.reading() as session:
                found = read_articles(session, stored_articles().where(ArticleRow.id.in_(numbers)))
            stored = {one.id: one for one in found}
            self._around.take(self._db, found)
            self.known |= self._around.decided
            # All of a batch are decided about with what was read for it.
            batch = [self._candidate(stored[number]) for number in numbers if number in stored]
            for candidate in batch:
                self.seen[candidate.id] = candidate
                yield candidate

    def _candidate(self, stored: StoredArticle) -> Candidate:
        outlet = self._cards.get(stored.article.outlet)
        decision: Decision = Hold(None, Because(Code.CARD_GONE, NO_CARD))
        pace, monthly_cap, is_approved = Pace(), None, False
        if outlet is not None:
            around = self._around.of(stored, outlet)
            decision = whenever(stored, outlet.rights, around)
            pace, monthly_cap = outlet.publish, cap(outlet.rights, around)
            is_approved = around.is_approved
        self.named[stored.id] = Named(stored.article.headline, stored.article.url)
        if self._keeps_texts and isinstance(decision, Publish | Refuse):
            self.texts[stored.id] = stored
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
        )


def _waiting() -> Select[int, int, str, datetime | None, datetime]:
    """What waits and is not out: nothing was decided for good, or it was refused in an older revision."""
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
            or_(
                PublicationRow.id.is_(None),
                and_(
                    PublicationRow.state == PublicationState.REFUSED.value,
                    PublicationRow.revision < ArticleRow.revision,
                ),
            ),
        )
    )


def _reported(session: Session) -> dict[int, int]:
    """How many outlets tell the story of each article that waits."""
    stories = (
        select(StoryArticleRow.story_id)
        .join(ArticleRow, ArticleRow.id == StoryArticleRow.article_id)
        .where(ArticleRow.awaits_publishing)
        .distinct()
        .subquery()
    )
    counted = (
        select(StoryArticleRow.story_id, func.count(ArticleRow.outlet.distinct()).label("outlets"))
        .join(stories, stories.c.story_id == StoryArticleRow.story_id)
        .join(ArticleRow, ArticleRow.id == StoryArticleRow.article_id)
        .group_by(StoryArticleRow.story_id)
        .subquery()
    )
    query = (
        select(StoryArticleRow.article_id, counted.c.outlets)
        .join(ArticleRow, ArticleRow.id == StoryArticleRow.article_id)
        .join(counted, counted.c.story_id == StoryArticleRow.story_id)
        .where(ArticleRow.awaits_publishing)
    )
    return {number: outlets for number, outlets in session.execute(query)}  # noqa: C416 - a Row is no pair to mypy
