"""Stories in bulk: a file of articles in, the story of each out, in the order of publication."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from aggregator.dedupe.bulk import Row, Spool
from aggregator.dedupe.clusters import Clusters
from aggregator.dedupe.fingerprint import text_hash
from aggregator.dedupe.stories import Stories, Told
from aggregator.dedupe.story import Joins
from aggregator.dedupe.story_events import Events
from aggregator.dedupe.story_facts import facts
from aggregator.dedupe.story_terms import terms
from aggregator.dedupe.words import words

LanguageOf = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class StoryReport:
    """What came of a file: articles, stories, those of them with two voices or more, lines with an error."""

    articles: int
    stories: int
    shared: int
    errors: int


@dataclass(slots=True)
class _Line:
    """What is remembered of an article until the end, when its story is known for good."""

    id: str
    of: int | None
    score: float | None


class _Desk:
    """The articles of a file, one after another."""

    def __init__(self, language_of: LanguageOf, *, across: bool) -> None:
        self._language_of = language_of
        self._events = Events() if across else None
        self._clusters = Clusters()
        self._stories = Stories()
        self._numbers: dict[str, int] = {}
        self._last = datetime.min.replace(tzinfo=UTC)
        self.lines: list[_Line] = []
        self.story: list[int] = []
        self.event: list[int] = []

    def take(self, row: Row) -> None:
        """Place an article, and what it merges."""
        self._last = row.published or self._last
        number = len(self.lines)
        hashed = text_hash(row.headline, row.body)
        copy = self._clusters.add(row.id, row.outlet, self._last, words(row.body), hashed)
        of = self._numbers[copy.of] if copy.of else None
        original = self._numbers[copy.cluster] if copy.of else None
        language = row.language or self._language_of(f"{row.headline}\n{row.body}")
        found = terms(row.headline, row.body, language)
        verdict = self._stories.add(Told(number, row.outlet, self._last, found, original))
        joined = verdict if isinstance(verdict, Joins) else None
        self.story.append(joined.story_id if joined else number)
        self.event.append(number)
        for other in joined.merged if joined else ():
            self._resolve(other, self.story[-1])
        if self._events:
            told = Told(number, row.outlet, self._last, facts(row.headline, row.body, language), original)
            if (linked := self._events.add(told, self.story[-1], language)) is not None:
                self._make_one(self.story[-1], linked)
        self._numbers[row.id] = number
        self.lines.append(_Line(row.id, of, joined.score if joined else None))

    def _resolve(self, other: int, story: int) -> None:
        # A story's number is that of its first article; what went into it before points to that one.
        self.story[other] = story
        self._make_one(other, story)
        if self._events:
            self._events.merge(story, other)

    def _make_one(self, story: int, other: int) -> None:
        older, newer = sorted((self.event_of(story), self.event_of(other)))
        self.event[newer] = older

    def event_of(self, story: int) -> int:
        """The oldest story of the event that a story tells of, in any language."""
        while self.event[story] != story:
            story = self.event[story]
        return story

    def story_of(self, number: int) -> int:
        """The story of an article, all merges counted."""
        while self.story[number] != number:
            number = self.story[number]
        return number


def run(
    made: Spool,
    language_of: LanguageOf,
    write: Callable[[str], object],
    advance: Callable[[], None],
    *,
    across: bool = False,
) -> StoryReport:
    """Group the articles one by one; ``advance`` is called after each, ``write`` gets their lines at the end.

    A line is ``{id, story, of, score}``: ``story`` is the id of the article that opened it, ``of`` that of
    the article whose text it carries, ``score`` how well it fitted. Articles without a date come last.
    ``language_of`` tells the language of a text where the file does not. With ``across`` a line has
    ``event``, too: the id of the first article on the same event in any language.
    """
    for line in made.errors:
        write(line + "\n")
    desk = _Desk(language_of, across=across)
    for number in made.order():
        desk.take(made.row(number))
        advance()
    voices: dict[int, int] = {}
    for number, each in enumerate(desk.lines):
        story = desk.story_of(number)
        voices[story] = voices.get(story, 0) + (each.of is None)
        of = None if each.of is None else desk.lines[each.of].id
        told = {"id": each.id, "story": desk.lines[story].id, "of": of, "score": each.score}
        if across:
            told["event"] = desk.lines[desk.event_of(story)].id
        write(json.dumps(told, ensure_ascii=False) + "\n")
    shared = sum(count > 1 for count in voices.values())
    return StoryReport(len(desk.lines), len(voices), shared, len(made.errors))
