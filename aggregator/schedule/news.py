"""News of our copies: what following their originals and rights changed, as one log line."""

import logging
import threading
from collections import Counter
from collections.abc import Iterable
from itertools import takewhile

from aggregator.following import Followed
from aggregator.licensing import Checked, Found
from aggregator.publishing import PublishReport

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


def log_edition(report: PublishReport) -> None:
    """Tell of an edition, if there was anything to close."""
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
