"""Licensing: the outlets' licence pages are read, and what changed there is told."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from aggregator import crawling
from aggregator.config import Settings
from aggregator.errors import AddressRefusedError, CrawlError, ExtractError
from aggregator.extract.places import placed
from aggregator.extract.pool import ExtractorPool
from aggregator.extract.visible_text import visible_text
from aggregator.model.licence_page import LicencePage
from aggregator.model.outlet import Outlet, Rules
from aggregator.model.page import FetchedPage
from aggregator.publish import licence_watch
from aggregator.publish.verbatim import verbatim
from aggregator.store import licence_pages
from aggregator.store.engine import Database

_CONTEXT_LINES = 1


class Found(StrEnum):
    """What a look at a licence page gave."""

    FIRST = "first read"
    UNCHANGED = "unchanged"
    CHANGED = "changed"
    FAILED = "failed"
    NO_PAGE = "no page to watch"


@dataclass(frozen=True, slots=True)
class Checked:
    """A look at an outlet's licence page."""

    outlet: str
    found: Found
    page: LicencePage

    def diff(self) -> Iterator[str]:
        """The lines that differ between the known text and the new one, each behind ``-`` or ``+``."""
        old, new = ((text or "").split("\n") for text in (self.page.text, self.page.new_text))
        lines = difflib.unified_diff(old, new, n=_CONTEXT_LINES, lineterm="")
        return (line for line in lines if not line.startswith(("---", "+++", "@@")))


def check(db: Database, settings: Settings, outlet: Outlet, now: datetime) -> Checked:
    """Read an outlet's licence page, as a crawl would, and keep what it says."""
    rights, before = outlet.rights, licence_pages.get(db, outlet.slug)
    if not licence_watch.is_watched(rights):
        return Checked(outlet.slug, Found.NO_PAGE, before)
    try:
        fetched = crawling.page(settings, rights.licence_url or "", outlet)
    except (CrawlError, AddressRefusedError) as error:
        page = licence_watch.failed(before, rights, str(error), now)
        found = Found.FAILED
    else:
        page = licence_watch.seen(before, rights, text_of(fetched, settings.crawl.page_seconds), now)
        is_first = before.url != rights.licence_url or before.text_hash is None
        found = Found.CHANGED if page.changed_at else Found.FIRST if is_first else Found.UNCHANGED
    licence_pages.keep(db, page)
    return Checked(outlet.slug, found, page)


def check_due(
    db: Database, settings: Settings, cards: Mapping[str, Outlet], now: datetime
) -> Iterator[Checked]:
    """Check the pages that were not looked at for a week, or a day if they could not be read."""
    known = licence_pages.every(db)
    for slug, outlet in cards.items():
        if not outlet.paused and licence_watch.is_due(outlet.rights, known.get(slug), now):
            yield check(db, settings, outlet, now)


def confirm(db: Database, outlet: Outlet, now: datetime) -> LicencePage:
    """Note that an operator has read and confirmed an outlet's licence as its card has it."""
    page = licence_watch.confirmed(licence_pages.get(db, outlet.slug), outlet.rights, now)
    licence_pages.keep(db, page)
    return page


def text_of(page: FetchedPage, page_seconds: float) -> str:
    """The text of a licence page: what extraction takes for its text, so that advertisements do not count.

    The whole visible text of a page on which it finds none. A process of its own reads the page, as in a
    crawl, for at most ``page_seconds``.
    """
    try:
        with ExtractorPool(1, page_seconds) as pool:
            article = placed(pool.submit(page, Rules(), None).result())
    except ExtractError:
        return visible_text(page)
    return "\n".join((article.headline, *(block.text for block in verbatim(article))))
