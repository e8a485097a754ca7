"""Stories: what many outlets tell of one event."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from aggregator.model.article import Completeness
from aggregator.model.edition import Publication


class JoinKind(StrEnum):
    """How an article came into its story."""

    OPENED = "opened"
    JOINED = "joined"
    COPY = "copy"
    OPERATOR = "operator"


class RulingKind(StrEnum):
    """What an operator said of stories."""

    MERGE = "merge"
    SPLIT = "split"


@dataclass(frozen=True, slots=True)
class StoryHead:
    """A story in a list: its newest headline, and how much it is.

    ``articles`` counts all, ``outlets`` different ones, ``voices`` different texts: copies of one agency's
    text are one voice.
    """

    id: int
    language: str | None
    headline: str
    first_seen: datetime
    last_seen: datetime
    articles: int
    outlets: int
    voices: int


@dataclass(frozen=True, slots=True)
class StoryArticle:
    """An article in its story; ``copy_of`` is the article whose text it carries, else None.

    ``at`` is when it was published, or fetched if nobody says; ``score`` is how well it fitted, from 0 to 1.
    """

    id: int
    outlet: str
    headline: str
    url: str
    at: datetime
    copy_of: int | None
    completeness: Completeness
    joined: JoinKind
    score: float | None


@dataclass(frozen=True, slots=True)
class Telling:
    """What readers can see of an article's story: how many reports by how many outlets.

    A copy that is named beside the published article whose text it carries counts its outlet, too.
    """

    story: int
    reports: int
    outlets: int


@dataclass(frozen=True, slots=True)
class ShownStory:
    """A story as readers can see it: what is published of it, the earliest first.

    ``headline`` is the one that stands for all, with its ``language``. ``outlets`` counts those that carry
    any of it.
    """

    id: int
    headline: str
    language: str | None
    outlets: int
    reports: tuple[Publication, ...]


@dataclass(frozen=True, slots=True)
class Ruling:
    """What an operator said, and whether it still stands.

    ``story`` is the one that stayed, ``other`` the one that went into it, or that was split off with
    ``articles``.
    """

    id: int
    kind: RulingKind
    story: int
    other: int
    articles: tuple[int, ...]
    ruled_at: datetime
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class Story:
    """A story whole; ``articles`` in the order of time."""

    head: StoryHead
    headline_article: int
    articles: tuple[StoryArticle, ...]
    rulings: tuple[Ruling, ...]
