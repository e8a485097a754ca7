"""The stories of articles that come one by one in the order of time, in memory."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from aggregator.dedupe.story import WINDOW, Candidate, Joins, Member, Opens, nearest, place
from aggregator.dedupe.story_index import likely, period_of, periods_near
from aggregator.dedupe.story_terms import Terms
from aggregator.dedupe.story_vector import counted, vector


@dataclass(frozen=True, slots=True)
class Told:
    """An article to be placed; ``copy_of`` is the number of the one whose text it carries, if any."""

    number: int
    outlet: str
    at: datetime
    terms: Terms
    copy_of: int | None = None


@dataclass(slots=True)
class Stories:
    """All stories that are not silent yet; ``story_of`` answers for these. Memory does not grow with time."""

    _usage: Counter[int] = field(default_factory=Counter)
    _index: dict[int, dict[int, set[int]]] = field(default_factory=dict)
    _members: dict[int, list[Member]] = field(default_factory=dict)
    _placed: dict[int, int] = field(default_factory=dict)

    def add(self, told: Told) -> Opens | Joins:
        """Place an article; a story has the number of the article that opened it."""
        self._forget(told.at)
        original = told.number if told.copy_of is None else told.copy_of
        if told.copy_of is None:
            self._usage.update(counted(told.terms))
        member = Member(told.number, original, told.outlet, told.at, vector(told.terms, self._usage))
        verdict = self._verdict(member)
        match verdict:
            case Opens():
                story = told.number
            case Joins(story, _, merged):
                for other in merged:
                    self._merge(story, other)
        self._put(member, story)
        return verdict

    def story_of(self, number: int) -> int | None:
        """The story of an article; None if it is silent."""
        return self._placed.get(number)

    def _verdict(self, member: Member) -> Opens | Joins:
        if (known := self._placed.get(member.voice)) is not None:
            return Joins(known, 1.0)
        near = [self._index[period] for period in periods_near(member.at) if period in self._index]
        return place(
            member,
            [
                Candidate(story, nearest(self._members[story], member.at))
                for story in likely(member.vector, member.vector.heaviest(), near)
            ],
        )

    def _put(self, member: Member, story: int) -> None:
        self._members.setdefault(story, []).append(member)
        self._placed[member.article_id] = story
        if member.voice == member.article_id:
            index = self._index.setdefault(period_of(member.at), defaultdict(set))
            for term in member.vector.heaviest():
                index[term].add(story)

    def _merge(self, story: int, other: int) -> None:
        moved = self._members.pop(other)
        self._members[story] += moved
        self._placed.update((member.article_id, story) for member in moved)
        for index in self._index.values():
            for held in index.values():
                if other in held:
                    held.remove(other)
                    held.add(story)

    def _forget(self, now: datetime) -> None:
        last = period_of(now) - 1
        if all(period >= last for period in self._index):
            return
        self._index = {period: index for period, index in self._index.items() if period >= last}
        silent = [
            story
            for story, members in self._members.items()
            if max(member.at for member in members) < now - 2 * WINDOW
        ]
        for story in silent:
            for member in self._members.pop(story):
                del self._placed[member.article_id]
        kept = self._members.keys()
        for index in self._index.values():
            for held in index.values():
                held.intersection_update(kept)
