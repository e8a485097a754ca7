"""Trying cards: first articles of an outlet, and its kept pages by other rules; nothing is stored."""

import dataclasses
import threading
from dataclasses import dataclass

from aggregator import crawling, previewing
from aggregator.console.desk import Desk
from aggregator.console.jobs import Job
from aggregator.crawling import Look, Trial
from aggregator.extract.pool import ExtractorPool
from aggregator.model.outlet import Outlet
from aggregator.previewing import Preview
from aggregator.seeds.discover import discover
from aggregator.seeds.draft import Draft, draft

PAGES = 20
ARTICLES = 3
PROCESSES = 1


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a try: articles that were fetched, or kept pages before and after."""

    outlet: Outlet
    trials: tuple[Trial, ...] = ()
    preview: Preview | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What was discovered at a home page, and the first card that was drawn up from it."""

    address: str
    look: Look
    draft: Draft


def look(desk: Desk, who: str, address: str) -> Job:
    """Look at an outlet's home page, feeds, sitemaps, licence and robots.txt."""

    def work(job: Job, _stop: threading.Event) -> Found:
        job.tell(f"looking at {address}, its robots.txt, and what may be its feeds and sitemaps")
        seen = crawling.look(desk.settings, address)
        for url, is_one in seen.found:
            job.tell(f"{'found' if is_one else 'nothing at'} {url}")
        page = discover(seen.body, seen.charset, seen.url)
        made = draft(page, seen.url, seen.robots_txt, dict(seen.found), agent=desk.settings.crawl.user_agent)
        for line in (*made.findings, *made.doubts):
            job.tell(line)
        return Found(address, seen, made)

    return desk.jobs.begin("look", address, who, work)


def trial(desk: Desk, who: str, outlet: Outlet) -> Job:
    """Fetch and extract an outlet's first articles."""

    def work(job: Job, _stop: threading.Event) -> Tried:
        job.tell(f"fetching up to {ARTICLES} articles of {outlet.slug}")
        trials = crawling.trial(desk.settings, outlet, ARTICLES)
        for one in trials:
            job.tell(f"{one.reason.value}  {one.page_url}")
        return Tried(outlet, trials)

    return desk.jobs.begin("try", outlet.slug, who, work)


def preview(desk: Desk, who: str, old: Outlet, new: Outlet) -> Job:
    """The last kept pages of an outlet by the rules of its card and by those of another text of it."""

    def work(job: Job, _stop: threading.Event) -> Tried:
        job.tell(f"reading the last {PAGES} kept pages of {new.slug} by both cards")
        outlet = dataclasses.replace(old, slug=new.slug)
        with ExtractorPool(PROCESSES, desk.settings.crawl.page_seconds) as pool:
            made = previewing.preview(desk.settings, desk.db, pool, outlet, new.rules, last=PAGES)
        job.tell(f"{len(made.changes)} pages read: {made.verdict.value}")
        return Tried(new, preview=made)

    return desk.jobs.begin("preview", new.slug, who, work)
