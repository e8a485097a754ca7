"""A crawl: its run, and the one named reason under which each page ends."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from aggregator.model.article import Article
from aggregator.model.duplicate import Fingerprint
from aggregator.model.page import ArchiveRef, Entry, Validator


class Reason(StrEnum):
    """How a page ended; each page that enters a crawl ends under exactly one."""

    STORED = "stored"
    REVISION = "revision"
    COPY = "copy"
    UNCHANGED = "unchanged"
    DROPPED_ROBOTS = "dropped/robots"
    DROPPED_NO_TEXT = "dropped/no-text"
    DROPPED_NOT_ARTICLE = "dropped/not-article"
    DROPPED_NOT_HTML = "dropped/not-html"
    DROPPED_HOME_PAGE = "dropped/home-page"
    DROPPED_TAKEDOWN = "dropped/takedown"
    DROPPED_OLDER = "dropped/older"
    FAILED_ADDRESS = "failed/address"
    FAILED_DNS = "failed/dns"
    FAILED_REFUSED = "failed/refused"
    FAILED_TIMEOUT = "failed/timeout"
    FAILED_HTTP = "failed/http"
    FAILED_GONE = "failed/gone"
    FAILED_BUSY = "failed/busy"
    FAILED_CUT_OFF = "failed/cut-off"
    FAILED_TOO_LARGE = "failed/too-large"
    FAILED_REDIRECTS = "failed/redirects"
    FAILED_NETWORK = "failed/network"
    FAILED_ROBOTS = "failed/robots"
    FAILED_EXTRACT_TIMEOUT = "failed/extract-timeout"
    FAILED_EXTRACT_CRASH = "failed/extract-crash"
    FAILED_EXTRACT = "failed/extract"
    FAILED_ARCHIVE = "failed/archive"
    FAILED_STORE = "failed/store"
    FAILED_FEED = "failed/feed"

    @property
    def is_final(self) -> bool:
        """Whether the page is settled, so that later crawls do not fetch it again.

        Failures are not settled, except a page that is gone or too large, or one that the extractor
        cannot survive.
        """
        return not self.value.startswith("failed/") or self in _SETTLED_FAILURES


_SETTLED_FAILURES = frozenset(
    {Reason.FAILED_GONE, Reason.FAILED_TOO_LARGE, Reason.FAILED_EXTRACT_TIMEOUT, Reason.FAILED_EXTRACT_CRASH}
)


@dataclass(frozen=True, slots=True)
class PageEnd:
    """A page that ended without an article: dropped or failed, with what is known of it.

    ``status`` is the HTTP status or None if no answer came; ``detail`` is one line for people;
    ``updated`` is when the seed said that the entry changed last.
    """

    outlet: str
    url: str
    reason: Reason
    at: datetime
    status: int | None = None
    detail: str | None = None
    archived: ArchiveRef | None = None
    updated: datetime | None = None
    validator: Validator | None = None


@dataclass(frozen=True, slots=True)
class PageArticle:
    """A page that became an article, on its way into the store.

    ``fingerprint`` is None until the dedupe stage has made it; ``validator`` is what the server sent, for
    a later conditional request. ``uncut`` is the article before learned boilerplate was cut, None if nothing
    was. ``is_no_news``: it was fetched so long ago that it does not wait for an edition.
    """

    entry: Entry
    article: Article
    status: int
    archived: ArchiveRef | None = None
    fingerprint: Fingerprint | None = None
    validator: Validator = field(default_factory=Validator)
    uncut: Article | None = None
    is_no_news: bool = False


class RunState(StrEnum):
    """Where a crawl run stands."""

    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class CrawlRun:
    """One crawl of a batch of outlets; ``counts`` maps each outlet to its pages by reason.

    The counts are summed from the pages' own rows, so they hold after a kill, too.
    """

    id: int
    outlets: tuple[str, ...]
    state: RunState
    started_at: datetime
    ended_at: datetime | None
    counts: Mapping[str, Mapping[Reason, int]]
    detail: str | None = None
