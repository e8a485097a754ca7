"""The base of all spiders: seeds in, pages and their ends out."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any, ClassVar

import scrapy
from scrapy.http import Response
from twisted.python.failure import Failure

from aggregator import outlets as cards
from aggregator.clock import now
from aggregator.config import settings
from aggregator.errors import FeedError, UnknownOutletError
from aggregator.extract.headlines import Headlines
from aggregator.model.crawl import PageEnd, Reason
from aggregator.model.outlet import Outlet, Seed, SeedKind
from aggregator.model.page import Entry, FetchedPage, Validator
from aggregator.store.engine import Database
from spiders.failures import name_failure
from spiders.frontier import Fetch, Frontier
from spiders.guard import ALLOWED
from spiders.ledger import Ledger
from spiders.pages import charset_of, fetched_page, leads_home
from spiders.slots import CrawlEndsError
from spiders.visits import SeedVisits

_LOG = logging.getLogger(__name__)
_SEED_PRIORITY = 100
_REVISIT_PRIORITY = -100  # news first

Parsed = Iterator[PageEnd | FetchedPage]
Found = AsyncIterator[scrapy.Request]


class OutletSpider(scrapy.Spider):
    """Crawls the seeds of a batch of outlets: ``scrapy crawl NAME -a outlets=slug,slug``.

    A subclass names the kinds of seeds it reads and has a ``parse_<kind>`` for each. Without ``outlets`` it
    crawls every card that is not paused.
    """

    kinds: ClassVar[frozenset[SeedKind]] = frozenset()
    keeps_nothing: ClassVar[bool] = False

    def __init__(self, outlets: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.outlets = self.find_outlets(outlets)
        self.ledger = Ledger()
        self.headlines: defaultdict[str, Headlines] = defaultdict(Headlines)

    def find_outlets(self, slugs: str) -> dict[str, Outlet]:
        """The outlets to crawl, by slug.

        Raises:
            UnknownOutletError: a slug has no card.
        """
        every, _ = cards.load_good(settings().path(settings().outlets))
        asked = [slug.strip() for slug in slugs.split(",") if slug.strip()]
        if missing := [slug for slug in asked if slug not in every]:
            raise UnknownOutletError(f"no card for {', '.join(missing)} in {settings().outlets}")
        chosen = asked or [slug for slug, outlet in every.items() if not outlet.paused]
        return {slug: every[slug] for slug in chosen}

    def opened(self, db: Database | None, run_id: int | None) -> None:
        """Take the database and the run's id; the crawl report calls this before the first request."""
        self.db = db
        self.run_id = run_id
        self.frontier = Frontier(db)
        self.visits = SeedVisits(db, run_id)

    async def start(self) -> AsyncIterator[Any]:
        """Ask for every seed of this spider's kinds, outlet by outlet in turn; then for what is out again."""
        rows = [(o, s) for o in self.outlets.values() for s in o.seeds if s.kind in self.kinds]
        for outlet, seed in rows:
            yield self.seed_request(outlet, seed, seed.url)
        plan = [timedelta(hours=hours) for hours in settings().crawl.revisit_hours]
        for outlet in self.outlets.values():
            for fetch in await asyncio.to_thread(self.frontier.revisits, outlet, plan, now()):
                yield self.article_request(outlet, fetch).replace(priority=_REVISIT_PRIORITY)

    def seed_request(self, outlet: Outlet, seed: Seed, url: str, depth: int = 0) -> scrapy.Request:
        """A request for a seed, or for a part of it, that asks only for what changed since the last visit."""
        callback: Callable[..., Any] = getattr(self, f"parse_{seed.kind.value}")
        return scrapy.Request(
            url,
            callback=callback,
            errback=self.seed_failed,
            headers=_conditional(self.visits.validator(url)),
            meta=polite_meta(outlet) | {"seed": seed, "seed_depth": depth, "handle_httpstatus_list": [304]},
            priority=_SEED_PRIORITY,
            dont_filter=True,
        )

    async def entries(self, response: Response, parse: Callable[[], Sequence[Entry]]) -> Found:
        """Requests for the entries that ``parse`` finds in a seed's answer; the visit is counted and kept.

        An answer equal to the last one is not parsed again, whatever its validators say. A sitemap of 50,000
        URLs takes 0.6 s to parse, so that happens in a thread.
        """
        outlet, seed = self.outlet_of(response), response.meta["seed"]
        opened = self.visits.open(outlet.slug, seed, response)
        if opened is None:
            return
        found, failure = await asyncio.to_thread(self.visits.read, opened, parse)
        if failure is not None:
            self.seed_unreadable(outlet, seed, failure)
            return
        self.headlines[outlet.slug].add(entry.headline for entry in found if entry.headline)
        selection = self.frontier.select(outlet, found)
        self.visits.close(opened, found=selection.found, new=len(selection.fetch))
        for request in self.article_requests(outlet, selection.fetch):
            yield request

    def article_requests(self, outlet: Outlet, chosen: tuple[Fetch, ...]) -> Iterator[scrapy.Request]:
        """Requests for the pages that the frontier chose."""
        return (self.article_request(outlet, fetch) for fetch in chosen)

    def article_request(self, outlet: Outlet, fetch: Fetch) -> scrapy.Request:
        """A request for an article's page."""
        self.ledger.expect(outlet.slug)
        headers = _conditional(fetch.validator)
        return scrapy.Request(
            fetch.entry.url,
            callback=self.parse_article,
            errback=self.page_failed,
            headers=headers,
            # A 304 to a question without a condition is a fault of the server, not a page that we have.
            meta=polite_meta(outlet)
            | {"entry": fetch.entry, "validator": fetch.validator}
            | ({"handle_httpstatus_list": [304]} if headers else {}),
            dont_filter=True,  # the frontier lets no page through twice
        )

    def parse_article(self, response: Response) -> Parsed:
        """A page on its way to the pipelines."""
        outlet, entry = self.outlet_of(response), response.meta["entry"]
        if response.status == 304:  # noqa: PLR2004 - HTTP status
            yield PageEnd(
                outlet.slug,
                entry.url,
                Reason.UNCHANGED,
                now(),
                304,
                updated=entry.updated,
                validator=response.meta["validator"],
            )
        elif leads_home(entry.url, response.url, outlet.homepage):
            words = f"it leads to the home page, {response.url}"
            yield PageEnd(outlet.slug, entry.url, Reason.DROPPED_HOME_PAGE, now(), response.status, words)
        else:
            yield fetched_page(outlet.slug, entry, response)

    def outlet_of(self, response: Response) -> Outlet:
        """The outlet that a response was asked for."""
        return self.outlets[response.meta["outlet"]]

    def page_failed(self, failure: Failure) -> Parsed:
        """The end of a page that did not come; one that was never asked for is left to the next crawl."""
        if isinstance(failure.value, CrawlEndsError):
            return
        meta = failure.request.meta  # type: ignore[attr-defined]
        failed = name_failure(failure)
        entry: Entry = meta["entry"]
        yield PageEnd(meta["outlet"], entry.url, failed.reason, now(), failed.status, failed.detail)

    def seed_unreadable(self, outlet: Outlet, seed: Seed, error: FeedError) -> None:  # noqa: ARG002 - for heirs
        """Tell of a seed whose answer is not what its kind promises."""
        _LOG.warning("%s: %s", outlet.slug, error)

    def seed_failed(self, failure: Failure) -> None:
        """Keep the visit of a seed that did not answer."""
        if isinstance(failure.value, CrawlEndsError):
            return
        request = failure.request  # type: ignore[attr-defined]
        failed = name_failure(failure)
        seed: Seed = request.meta["seed"]
        self.visits.failed(request.meta["outlet"], seed, failed)
        _LOG.warning(
            "%s: %s %s: %s: %s", request.meta["outlet"], seed.kind, request.url, failed.reason, failed.detail
        )

    @staticmethod
    def charset(response: Response) -> str | None:
        """The charset that a response's header names."""
        return charset_of(response)


def polite_meta(outlet: Outlet) -> dict[str, Any]:
    """What the guard and the politeness middleware read from a request of this outlet."""
    polite = outlet.politeness
    return {
        "outlet": outlet.slug,
        ALLOWED: polite.allow_addresses,
        "delay_seconds": polite.delay_seconds,
        "concurrency": polite.concurrency,
        "download_timeout": polite.timeout_seconds,
    }


def _conditional(validator: Validator | None) -> dict[str, str]:
    headers = {}
    if validator is not None and validator.etag:
        headers["If-None-Match"] = validator.etag
    if validator is not None and validator.last_modified:
        headers["If-Modified-Since"] = validator.last_modified
    return headers
