"""An outlet: the publisher, as its card describes it."""

from dataclasses import dataclass, field
from datetime import date
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

    ``max_revisits`` is how many pages of what is out a crawl looks at again.
    ``allow_addresses`` lists networks (CIDR) inside the private, loopback or link-local ranges that this
    outlet's pages may be fetched from; all others of those ranges are refused.
    """

    delay_seconds: float = 1.0
    concurrency: int = 2
    timeout_seconds: float = 25.0
    max_entries: int = 200
    allow_addresses: tuple[str, ...] = ()
    max_revisits: int = 50


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


class CreditPosition(StrEnum):
    """Where the attribution line stands on our page."""

    TOP = "top"
    BOTTOM = "bottom"
    BOTH = "both"


class RequiredPart(StrEnum):
    """What an outlet wants beside its text: something that we cannot give by ourselves."""

    INSTITUTION = "institution"
    TRACKER = "tracker"
    LINKS = "links"
    NOTICE = "notice"


class Follow(StrEnum):
    """What becomes of our copy when the original is gone, sold or retracted; the strictest first."""

    WITHDRAW = "withdraw"
    NARROW = "narrow"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Rights:
    """What an outlet lets others do with its texts; the default is a link with the headline.

    ``licence`` is an SPDX id or the outlet's own words, ``licence_url`` its page, ``licence_hash`` the hash
    of that page's text on the day ``licence_checked`` (64 hex digits).
    ``to_confirm`` marks rights that nobody has read yet. ``agreement``: the outlet has allowed it to us in
    person, so what its pages tell the public about licences does not count. ``verbatim``: whole and unchanged
    or not at all. ``commercial`` is whether a site that earns money may; None leaves it to the licence.
    ``required`` parts keep an outlet at ``link`` until all stand in ``provided``, too. ``monthly_cap`` counts
    texts and excerpts that go out in a calendar month (UTC).
    """

    mode: RightsMode = RightsMode.LINK
    excerpt_chars: int = 300
    licence: str | None = None
    licence_url: str | None = None
    licence_hash: str | None = None
    licence_checked: date | None = None
    to_confirm: bool = False
    agreement: bool = False
    automatic: bool = True
    monthly_cap: int | None = None
    images: bool = False
    verbatim: bool = False
    commercial: bool | None = None
    required: tuple[RequiredPart, ...] = ()
    provided: tuple[RequiredPart, ...] = ()
    credit: str | None = None
    credit_position: CreditPosition = CreditPosition.TOP
    on_gone: Follow = Follow.WITHDRAW
    on_paywall: Follow = Follow.NARROW
    on_retraction: Follow = Follow.NARROW


@dataclass(frozen=True, slots=True)
class Syndication:
    """How full copies of an outlet's articles treat search engines.

    ``canonical`` names the original as the page that counts, ``noindex`` keeps the copy out of indexes; both
    are what search engines ask of whoever republishes.
    """

    canonical: bool = True
    noindex: bool = True


@dataclass(frozen=True, slots=True)
class Pace:
    """When an outlet's new articles take their turn, beside what holds for all.

    A higher ``priority`` goes first, and is the better copy among equals. ``drip`` is the most of its
    articles in one edition, ``drip_minutes`` the least pause between two of them, ``daily_cap`` the most in a
    day of the settings' time zone. ``embargo_minutes`` count from the original's publication. In
    ``quiet_hours`` (such as ``22:00-06:30``, in the same time zone) nothing new of it goes out.
    """

    priority: int = 0
    drip: int | None = None
    drip_minutes: int = 0
    daily_cap: int | None = None
    embargo_minutes: int = 0
    quiet_hours: tuple[str, ...] = ()


XPATH = "xpath:"
"""What stands before a selector that is XPath."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a card says about an outlet's pages: selectors of fields, elements and lines to cut.

    A selector is CSS, or XPath behind ``xpath:``; of several for a field the first that finds something
    counts. ``body`` selects the elements that are the body as a whole, ``within`` those inside which the
    body is looked for; ``cuts`` are removed before extraction. ``cut_lines`` are regular expressions, and a
    block of the body that one of them matches from its start to its end is cut.

    On a page where ``body``, ``within`` and ``cuts`` leave less than ``least_share`` of the text that is
    found without them, they are not followed; 0 follows them everywhere. Of 183 pages of outlets with foreign
    rules (ftr-site-config), those that lost their article kept 0 to 17 % of the text, those that became
    better at least 57 %; any share from 0.25 to 0.5 measures the same.

    ``layouts`` are the rules for older pages, which replace all others. ``page_class`` is the path of a
    Python file with subclasses of ``aggregator.extract.outlet_page.OutletPage``, for what is no selector.
    """

    body: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    headline: tuple[str, ...] = ()
    byline: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    cuts: tuple[str, ...] = ()
    cut_lines: tuple[str, ...] = ()
    least_share: float = 0.4
    layouts: tuple["Layout", ...] = ()
    page_class: str | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """The rules for pages that were published on the day ``until`` or before."""

    until: date
    rules: Rules


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
    syndication: Syndication = field(default_factory=Syndication)
    publish: Pace = field(default_factory=Pace)
    rules: Rules = field(default_factory=Rules)
