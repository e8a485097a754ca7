"""News: what crawls, editions and the watches brought, each as one log line."""

import logging
import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile

from aggregator.crawling import CrawlReport
from aggregator.following import Followed
from aggregator.licensing import Checked, Found
from aggregator.model.crawl import Reason, RunState
from aggregator.model.slip import Slip
from aggregator.publishing import PublishReport
from aggregator.watching import Checked as Looked

_NAMED = 8  # outlets of a batch that a log line names

_log = logging.getLogger(__name__)


def log_followed(stop: threading.Event, copies: Iterable[Followed]) -> None:
    """Take the copies as they come, until ``stop``, and tell how many changed in which way, if any did."""
    found = Counter(copy.outcome.value for copy in takewhile(lambda _: not stop.is_set(), copies))
    if found:
        words = ", ".join(f"{count} {outcome}" for outcome, count in sorted(found.items()))
        _log.info("our copies followed: %s", words, extra={"followed": dict(found)})


def log_licence(checked: Checked) -> None:
    """Tell what a licence page's check found, if anybody has to do something about it."""
    match checked.found:
        case Found.CHANGED:
            _log.warning(
                "%s: its licence page %s changed: links only until `aggregator rights confirm %s`",
                checked.outlet,
                checked.page.url,
                checked.outlet,
            )
        case Found.FAILED:
            _log.warning("%s: its licence page cannot be read: %s", checked.outlet, checked.page.failure)


def log_watch(looked: Looked) -> None:
    """Tell what the watch found, and what is over."""
    for alarm in looked.raised:
        found = alarm.finding
        extra = {"outlet": found.outlet, "alarm": alarm.id}
        _log.warning(
            "alarm #%d: %s: %s: %s", alarm.id, found.outlet, found.kind.value, found.words, extra=extra
        )
    for alarm in looked.over:
        found = alarm.finding
        extra = {"outlet": found.outlet, "alarm": alarm.id}
        _log.info("alarm #%d is over: %s: %s", alarm.id, found.outlet, found.kind.value, extra=extra)


def total(counts: Mapping[str, Mapping[Reason, int]]) -> Counter[Reason]:
    """The pages of all outlets together, by reason."""
    summed: Counter[Reason] = Counter()
    for pages in counts.values():
        summed.update(pages)
    return +summed


def listed(slugs: tuple[str, ...], first: int) -> str:
    """A batch in words; ``first`` of its outlets were never crawled."""
    number = "1 outlet" if len(slugs) == 1 else f"{len(slugs)} outlets"
    if first:
        number += " for the first time" if first == len(slugs) else f" ({first} for the first time)"
    more = f" and {len(slugs) - _NAMED} more" if len(slugs) > _NAMED else ""
    return f"{number}: {', '.join(slugs[:_NAMED])}{more}"


def log_crawl(report: CrawlReport) -> None:
    """Tell how a crawl went."""
    pages_of = total(report.counts)
    pages = ", ".join(f"{count} {reason.value}" for reason, count in pages_of.most_common()) or "no new pages"
    level = logging.WARNING if report.state is RunState.FAILED else logging.INFO
    _log.log(
        level,
        "crawl %s in %.1f s: %s%s",
        report.state.value,
        report.seconds,
        pages,
        f" ({report.detail})" if report.detail else "",
        extra={
            "run": report.run_id,
            "outlets": report.outlets,
            "seconds": round(report.seconds, 3),
            "pages": {reason.value: count for reason, count in pages_of.items()},
        },
    )


def log_edition(report: PublishReport) -> None:
    """Tell what an edition holds, if one was closed."""
    if report.edition is None:
        return
    _log.info(
        "edition %d: %d published, %d updated, %d refused, %d held, %d queued",
        report.edition,
        report.published,
        report.updated,
        report.refused,
        report.held,
        report.queued,
        extra={
            "edition": report.edition,
            "published": report.published,
            "updated": report.updated,
            "refused": report.refused,
            "held": report.held,
            "queued": report.queued,
        },
    )


def log_slips(found: Sequence[Slip]) -> None:
    """Tell which outlets were not crawled when they were due."""
    for slip in found:
        times = f" ({slip.times} times)" if slip.times > 1 else ""
        extra = {"outlet": slip.outlet, "due_at": slip.due_at.isoformat()}
        due = f"{slip.due_at:%Y-%m-%d %H:%M} UTC{times}"
        _log.warning("%s: %s: was due %s: %s", slip.outlet, slip.kind.value, due, slip.why, extra=extra)
