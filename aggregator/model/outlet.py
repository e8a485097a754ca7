"""An outlet: the publisher, as its card describes it."""

from dataclasses import dataclass, field
from enum import StrEnum


class SeedKind(StrEnum):
    """Where discovery starts."""

    FEED = "feed"
    SITEMAP = "sitemap"
    SECTION = "section"


@dataclass(frozen=True, slots=True)
class Seed:
    """One place of an outlet that lists articles."""

    kind: SeedKind
    url: str


@dataclass(frozen=True, slots=True)
class Politeness:
    """How gently an outlet is crawled; robots.txt can only make it gentler.

    ``allow_addresses`` lists networks (CIDR) inside the private, loopback or link-local ranges that this
    outlet's pages may be fetched from; all others of those ranges are refused.
    """

    delay_seconds: float = 1.0
    concurrency: int = 2
    timeout_seconds: float = 25.0
    max_entries: int = 200
    allow_addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cron:
    """A five-field cron expression in the named time zone (IANA)."""

    expression: str
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Interval:
    """Every so many minutes, moved by up to ``jitter_seconds`` so that outlets do not start together."""

    minutes: float
    jitter_seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Adaptive:
    """Between two bounds, by the share of new entries that the last crawls found."""

    fastest_minutes: float = 10.0
    slowest_minutes: float = 720.0


Schedule = Cron | Interval | Adaptive


class RightsMode(StrEnum):
    """How much of an article may be republished, from most to least."""

    FULL = "full"
    EXCERPT = "excerpt"
    LINK = "link"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Rights:
    """What an outlet lets others do with its texts; the default is a link with the headline.

    ``licence`` is an SPDX id or the outlet's own words; ``credit`` is the attribution line it asks for.
    """

    mode: RightsMode = RightsMode.LINK
    excerpt_chars: int = 300
    licence: str | None = None
    licence_url: str | None = None
    credit: str | None = None
    automatic: bool = True


@dataclass(frozen=True, slots=True)
class Rules:
    """What a card says about an outlet's pages: CSS selectors for fields, elements and lines to cut.

    ``cuts`` are CSS selectors of elements removed before extraction; ``cut_lines`` are regular expressions,
    and a block of the body that one of them matches from its start to its end is cut.
    """

    body: str | None = None
    headline: str | None = None
    byline: str | None = None
    published: str | None = None
    cuts: tuple[str, ...] = ()
    cut_lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outlet:
    """A publisher whose articles are crawled.

    ``language`` is a BCP 47 tag, ``country`` an ISO 3166-1 alpha-2 code; ``include`` and ``exclude`` are
    regular expressions searched in an entry's URL (no ``include`` means every URL).
    """

    slug: str
    name: str
    homepage: str
    language: str
    country: str
    seeds: tuple[Seed, ...]
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    paused: bool = False
    politeness: Politeness = field(default_factory=Politeness)
    schedule: Schedule = field(default_factory=Adaptive)
    rights: Rights = field(default_factory=Rights)
    rules: Rules = field(default_factory=Rules)
