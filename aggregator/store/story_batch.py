"""A batch of articles on their way to their stories: where each belongs, decided in order."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy.orm import Session

from aggregator.dedupe.story import Candidate, Joins, Member, Opens, nearest, place
from aggregator.dedupe.story_index import likely, period_of, periods_near
from aggregator.dedupe.story_vector import Vector, counted, vector
from aggregator.model.story import JoinKind
from aggregator.store import story_rows
from aggregator.store.story_queue import StoryProgress, Waiting

NEW: Final = 1 << 62
"""New stories have numbers from here on until they are written; so the older one of two is the lower."""


@dataclass(slots=True)
class Draft:
    """A story as the batch sees it; ``was`` is its first article's story before a rebuild."""

    members: list[Member]
    language: str | None
    headline: int | None = None
    was: int | None = None
    apart: set[int] = field(default_factory=set)


class StoryBatch:
    """The articles of a batch; those placed earlier in it are members for the later ones.

    ``placed`` holds the story of each article, how it came there and its score; ``own`` the members that the
    batch adds; ``rows`` each story's periods and terms for the index; ``merged`` which stories went into
    which; ``full`` the complete articles among all members.
    """

    def __init__(self, session: Session, progress: StoryProgress, waiting: Sequence[Waiting]) -> None:
        self._session = session
        self._progress = progress
        self._waiting = waiting
        self.drafts: dict[int, Draft] = {}
        self._holders: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
        self.full = {one.id for one in waiting if one.is_full}
        self.placed: dict[int, tuple[int, JoinKind, float | None]] = {}
        self.rows: dict[int, set[tuple[int, int]]] = defaultdict(set)
        self.merged: dict[int, int] = {}
        self.own: dict[int, Member] = {}
        self._heavy: dict[int, list[int]] = {}

    def place(self) -> None:
        """Decide where each belongs; what is written of it stands in the attributes then."""
        session, ids = self._session, [one.id for one in self._waiting]
        vectors = self._weigh()
        self._before = story_rows.places(session, ids)
        copies = story_rows.copies_of(session, ids)
        kin = {one.id: [one.copy_of] if one.copy_of else copies.get(one.id, []) for one in self._waiting}
        self._kin = story_rows.places(session, {each for found in kin.values() for each in found})
        ruled = story_rows.ruled_on(session, {story for story, _ in self._before.values()})
        self._load(vectors, ruled)
        for one in self._waiting:
            member = Member(one.id, one.id, one.outlet, one.at, vectors[one.id])
            self._place(one, member, kin[one.id], ruled)

    def _weigh(self) -> dict[int, Vector]:
        """The articles' vectors; each new one's words count first, copies' never."""
        wanted = {number for one in self._waiting for number in counted(one.terms)}
        usage = Counter(story_rows.counts(self._session, wanted))
        more: Counter[int] = Counter()
        vectors = {}
        for one in self._waiting:
            if one.copy_of is None and one.id > self._progress.counted:
                usage.update(counted(one.terms))
                more.update(counted(one.terms))
            vectors[one.id] = vector(one.terms, usage)
            self._heavy[one.id] = vectors[one.id].heaviest()
        story_rows.count(self._session, more)
        return vectors

    def _load(self, vectors: Mapping[int, Vector], ruled: set[int]) -> None:
        """The index's rows for the articles' terms, and the stories that these and the articles' kin name."""
        periods = {period for one in self._waiting for period in periods_near(one.at)}
        terms = {term for found in self._heavy.values() for term in found}
        for period, term, story in story_rows.holders(self._session, periods, terms):
            self._holders[period][term].add(story)
        wanted = set(ruled) | {story for story, _ in self._kin.values()}
        for one in self._waiting:
            wanted.update(self._likely(one, vectors[one.id]))
        self._load_stories(wanted)

    def _load_stories(self, wanted: Iterable[int]) -> None:
        found = story_rows.stories(self._session, wanted)
        for number, held in found.items():
            self.drafts[number] = Draft([], held.language, held.headline_article)
        for each in story_rows.members(self._session, found):
            self.drafts[each.story_id].members.append(each.member)
            if each.is_full:
                self.full.add(each.member.article_id)
        for number, others in story_rows.apart(self._session, found).items():
            if number in self.drafts:
                self.drafts[number].apart = others

    def _likely(self, one: Waiting, found: Vector) -> list[int]:
        near = [self._holders[period] for period in periods_near(one.at) if period in self._holders]
        return likely(found, self._heavy[one.id], near)

    def _place(self, one: Waiting, member: Member, kin: Sequence[int], ruled: set[int]) -> None:
        story, joined, score = self._decide(one, member, kin, ruled)
        self.placed[one.id] = (story, joined, score)
        if joined is JoinKind.COPY and one.copy_of is not None:
            return
        self.drafts[story].members.append(member)
        self.own[one.id] = member
        period = period_of(one.at)
        for term in self._heavy[one.id]:
            self._holders[period][term].add(story)
            self.rows[story].add((period, term))

    def _decide(
        self, one: Waiting, member: Member, kin: Sequence[int], ruled: set[int]
    ) -> tuple[int, JoinKind, float | None]:
        before = self._before.get(one.id)
        if before and before[0] in ruled:
            return before[0], JoinKind(before[1]), None
        if (known := self._story_of_kin(kin)) is not None:
            return known, JoinKind.COPY, 1.0
        found = [
            Candidate(story, nearest(draft.members, one.at), frozenset(draft.apart))
            for story in self._likely(one, member.vector)
            if (draft := self.drafts.get(story)) is not None
        ]
        match place(member, found):
            case Joins(story, score, merged):
                for other in merged:
                    self._merge(other, story)
                return story, JoinKind.JOINED, score
            case Opens():
                story = NEW + one.id
                self.drafts[story] = Draft([], one.language, was=before[0] if before else None)
                return story, JoinKind.OPENED, None

    def _story_of_kin(self, kin: Sequence[int]) -> int | None:
        for number in kin:
            if number in self.placed:
                return self.placed[number][0]
            if number in self._kin and self._is_placed_anew(number):
                story = self._kin[number][0]
                return self.merged.get(story, story)
        return None

    def _is_placed_anew(self, number: int) -> bool:
        # In a rebuild, what stands behind the articles that it has reached is the old order.
        return self._progress.rebuild_until is None or number <= self._progress.placed

    def _merge(self, other: int, story: int) -> None:
        draft = self.drafts.pop(other)
        self.drafts[story].members += draft.members
        self.drafts[story].apart |= draft.apart
        self.merged = {old: story if into == other else into for old, into in self.merged.items()}
        self.merged[other] = story
        for number, (at, joined, score) in self.placed.items():
            if at == other:
                self.placed[number] = (story, joined, score)
        self.rows[story] |= self.rows.pop(other, set())
        for held in (held for terms in self._holders.values() for held in terms.values()):
            if other in held:
                held.remove(other)
                held.add(story)
