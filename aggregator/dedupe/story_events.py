"""Events: stories of several languages that tell of one, linked by the names and numbers that they share."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from aggregator.dedupe.stories import Told
from aggregator.dedupe.story import WINDOW, Member, fit, nearest
from aggregator.dedupe.story_index import likely, period_of, periods_near
from aggregator.dedupe.story_vector import counted, vector

LINKS = 0.3
"""From here on two stories are of one event: four names or numbers that few others have."""


@dataclass(slots=True)
class Events:
    """The events of all stories that are not silent yet; memory does not grow with time.

    An event has the number of its oldest story. It has one story of each language: what stories of one
    language tell apart, nothing in another language makes one. What was linked stays so.
    """

    _usage: Counter[int] = field(default_factory=Counter)
    _index: dict[int, dict[int, set[int]]] = field(default_factory=dict)
    _members: dict[int, list[Member]] = field(default_factory=dict)
    _language: dict[int, str | None] = field(default_factory=dict)
    _event: dict[int, int] = field(default_factory=dict)
    _stories: dict[int, set[int]] = field(default_factory=dict)

    def add(self, told: Told, story: int, language: str | None) -> int | None:
        """Take an article of a story, with the terms of ``story_facts``; a story that it links its own to.

        An article that carries another one's text tells nothing new.
        """
        self._forget(told.at)
        if story not in self._event:
            self._event[story], self._stories[story], self._members[story] = story, {story}, []
            self._language[story] = language
        if told.copy_of is not None:
            return None
        self._usage.update(counted(told.terms))
        facts = vector(told.terms, self._usage)
        member = Member(told.number, told.number, told.outlet, told.at, facts)
        heaviest = facts.heaviest()
        near = [self._index[period] for period in periods_near(told.at) if period in self._index]
        found = likely(facts, heaviest, near)
        self._members[story].append(member)
        index = self._index.setdefault(period_of(told.at), defaultdict(set))
        for term in heaviest:
            index[term].add(story)
        return self._link(story, told.at, found)

    def merge(self, story: int, other: int) -> None:
        """Take note that a story went into another one of its language."""
        if other not in self._event or story not in self._event:
            return
        self._join(story, other)
        self._members[story] += self._members.pop(other)
        self._stories[self._event.pop(other)].remove(other)
        del self._language[other]
        for index in self._index.values():
            for held in index.values():
                if other in held:
                    held.remove(other)
                    held.add(story)

    def _link(self, story: int, at: datetime, found: Iterable[int]) -> int | None:
        languages = self._languages(self._event[story])
        own = nearest(self._of_event(story), at)
        best, linked = LINKS, None
        for other in found:
            if self._event[other] == self._event[story] or languages & self._languages(self._event[other]):
                continue
            theirs = self._of_event(other)
            score = sum(fit(member, nearest(theirs, member.at)) for member in own) / len(own)
            if score >= best:
                best, linked = score, other
        if linked is not None:
            self._join(story, linked)
        return linked

    def _join(self, story: int, other: int) -> None:
        into, gone = sorted((self._event[story], self._event[other]))
        if into != gone:
            for each in self._stories.pop(gone):
                self._event[each] = into
                self._stories[into].add(each)

    def _languages(self, event: int) -> set[str | None]:
        return {self._language[story] for story in self._stories[event]}

    def _of_event(self, story: int) -> list[Member]:
        return [member for each in self._stories[self._event[story]] for member in self._members[each]]

    def _forget(self, now: datetime) -> None:
        last = period_of(now) - 1
        if all(period >= last for period in self._index):
            return
        self._index = {period: index for period, index in self._index.items() if period >= last}
        old = now - 2 * WINDOW
        silent = [s for s, told in self._members.items() if all(member.at < old for member in told)]
        for story in silent:
            del self._members[story], self._language[story]
            event = self._event.pop(story)
            self._stories[event].remove(story)
            if not self._stories[event]:
                del self._stories[event]
        kept = self._members.keys()
        for index in self._index.values():
            for held in index.values():
                held.intersection_update(kept)
