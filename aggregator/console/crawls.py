"""Crawls that people begin at the desk, beside those of the scheduler."""

import threading
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from aggregator import clock, crawling
from aggregator.console.errors import DeskRefusal
from aggregator.console.jobs import Job, Jobs
from aggregator.console.shelf import Shelf
from aggregator.crawling import CrawlReport, Progress
from aggregator.model.crawl import Reason
from aggregator.schedule.plan import batches
from aggregator.store import crawls, desk_article

KIND = "crawl"


class CrawledNow(DeskRefusal):
    """The outlets are being crawled already."""

    status = 409
    title = "They are being crawled"


def begin(shelf: Shelf, jobs: Jobs, slugs: Sequence[str], who: str) -> Job:
    """Crawl outlets now, in a crawl of their own.

    Raises:
        NotThere: there is no such outlet.
        CrawledNow: one of them is being crawled; two crawls would not keep to its pause between requests.
        TooBusy: too much is under way.
    """
    for slug in slugs:
        if shelf.card(slug).outlet is None:
            raise DeskRefusal(f"The card {slug} is wrong: {shelf.card(slug).problem}")
    busy = under_way(shelf, jobs) & set(slugs)
    if busy:
        raise CrawledNow(f"{', '.join(sorted(busy))}: being crawled just now. Please wait for the end.")

    def work(job: Job, stop: threading.Event) -> Counter[Reason]:
        shelf.sync()
        total, since = Counter[Reason](), clock.now()
        for batch in batches(slugs, shelf.settings.crawl.batch):
            report = crawling.crawl(
                shelf.settings, batch, on_progress=lambda one: job.tell(_line(one)), stop=stop
            )
            job.tell(_end(report))
            for counts in report.counts.values():
                total.update(counts)
            _tell_of_seeds(shelf, job, batch, since)
        return total

    return jobs.begin(KIND, ", ".join(slugs), who, work)


def _tell_of_seeds(shelf: Shelf, job: Job, slugs: Sequence[str], since: datetime) -> None:
    """Tell of seeds that could not be read: a crawl without pages says too little."""
    for slug in slugs:
        for visit in desk_article.visits(shelf.db, slug, since, clock.now()):
            if visit.reason.startswith("failed/"):
                job.tell(f"{visit.reason}  {visit.kind} {visit.url}: {visit.detail or 'no more is known'}")


def under_way(shelf: Shelf, jobs: Jobs) -> set[str]:
    """The outlets that are being crawled, by whomever."""
    crawls.interrupt_stale(shelf.db)
    found = {slug for run in crawls.running(shelf.db) for slug in run.outlets}
    return found.union(*(job.subject.split(", ") for job in jobs.running() if job.kind == KIND))


def _line(progress: Progress) -> str:
    return f"{progress.reason.value}  {progress.url}"


def _end(report: CrawlReport) -> str:
    words = f"crawl {report.run_id} {report.state.value} after {report.seconds:.0f} s"
    return f"{words}: {report.detail}" if report.detail else words
