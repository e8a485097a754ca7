"""What the watch knows of an outlet: what its hours brought, what is usual there, its robots.txt."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from aggregator.model.crawl import Reason


@dataclass(frozen=True, slots=True)
class OutletHour:
    """What an outlet's crawls brought in an hour (UTC).

    Counts of pages by how they ended; of the new articles among them (``stored`` and ``copies``) how many
    have which field, and lists with a number for each: ``chars`` the length of its text, ``cuts`` the
    thousandths of it that were cut as boilerplate, ``ages`` the minutes from its date to its fetch (for those
    with a date; negative is the future). ``containers`` counts the elements of their pages in which the text
    stood. ``arrived_at`` is when the last of them came, ``answered_at`` the last visit to a seed that did not
    fail.
    """

    outlet: str
    hour: datetime
    visits: int = 0
    visits_failed: int = 0
    found: int = 0
    new: int = 0
    stored: int = 0
    copies: int = 0
    revisions: int = 0
    unchanged: int = 0
    no_article: int = 0
    forbidden: int = 0
    dropped: int = 0
    failed_hard: int = 0
    failed_soft: int = 0
    failed_temporary: int = 0
    headlines: int = 0
    bylines: int = 0
    dates: int = 0
    images: int = 0
    complete: int = 0
    foreign: int = 0
    future: int = 0
    chars: tuple[int, ...] = ()
    cuts: tuple[int, ...] = ()
    ages: tuple[int, ...] = ()
    containers: Mapping[str, int] = field(default_factory=dict)
    last_article: int | None = None
    last_fetch: int | None = None
    arrived_at: datetime | None = None
    answered_at: datetime | None = None

    @property
    def articles(self) -> int:
        """New articles, copies among them."""
        return self.stored + self.copies

    @property
    def stirred_at(self) -> datetime | None:
        """When something came last, were it a page on which no article was found; None if nothing did."""
        if self.no_article and self.answered_at is not None:
            return self.answered_at
        return self.arrived_at


@dataclass(frozen=True, slots=True)
class Level:
    """A number that articles have: its quantiles at 5, 25, 50, 75 and 95 %.

    ``firmness`` is that of the shares below and above them (see ``Share``).
    """

    quantiles: tuple[float, float, float, float, float]
    firmness: float
    articles: int

    @property
    def median(self) -> float:
        """The middle one."""
        return self.quantiles[2]


@dataclass(frozen=True, slots=True)
class Share:
    """How many of an outlet's articles are as they should be.

    ``firmness`` is how many articles' worth of trust this share deserves: fewer where days differ much.
    """

    share: float
    firmness: float
    articles: int


@dataclass(frozen=True, slots=True)
class Usual:
    """What an outlet does usually.

    ``rates`` are new articles an hour for the 168 hours of the week from Monday 00:00 UTC. ``patience`` is
    the number of expected articles that may fail to come before that is a silence, ``longest_hours`` the
    longest pause that was seen, both between whatever came (see ``OutletHour.stirred_at``). ``dispersion`` is
    how much whole days differ from their rate (variance of the ratio).
    ``weeks`` is how much of the past could be learned from. ``shares`` and ``levels`` are by name
    (``watch/measures.py``). ``containers`` are the elements in which its articles' texts stand.
    """

    outlet: str
    learned_at: datetime
    weeks: float
    articles: int
    rates: tuple[float, ...]
    patience: float
    longest_hours: float
    dispersion: float
    visit_hours: float
    shares: dict[str, Share]
    levels: dict[str, Level]
    containers: frozenset[str] = frozenset()

    @property
    def a_week(self) -> float:
        """New articles a week."""
        return sum(self.rates)


@dataclass(frozen=True, slots=True)
class Visit:
    """A look at a seed, as far as the watch needs it; ``reason`` says how it ended."""

    seed: str
    reason: Reason
    at: datetime


@dataclass(frozen=True, slots=True)
class RobotsFile:
    """A host's robots.txt: the rules in it, the ones that count as known, and since when they differ."""

    outlet: str
    origin: str
    checked_at: datetime
    status: int | None
    rules: str
    known_rules: str
    changed_at: datetime | None
