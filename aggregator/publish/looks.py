"""Looks: what later visits to an article's own page mean, and when the next one is due."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from aggregator.model.crawl import Reason
from aggregator.model.followed import FollowedPage, Sight

MISSING_APART: Final = timedelta(hours=1)
"""A page that is missing (404) counts as gone if it still is so much later: deployments and caches answer 404
for minutes; what is missing for an hour was removed, or will be restored by people, and then comes back."""

_NOT_FOUND: Final = 404
_THERE: Final = frozenset({Reason.STORED, Reason.REVISION, Reason.COPY, Reason.UNCHANGED})


def sight(reason: Reason, status: int | None) -> Sight:
    """What the end of a page says of its article.

    410 is the outlet's own word that it is gone (RFC 9110, 15.5.11); 404 and the way to the home page may
    pass. Errors of servers and networks, busy hosts, robots.txt and pages that cannot be read say nothing.
    """
    if reason in _THERE:
        return Sight.THERE
    if reason is Reason.FAILED_GONE:
        return Sight.GONE
    is_missing = reason is Reason.FAILED_HTTP and status == _NOT_FOUND
    return Sight.MISSING if is_missing or reason is Reason.DROPPED_HOME_PAGE else Sight.NOTHING


def looked(page: FollowedPage, seen: Sight, at: datetime) -> FollowedPage:
    """What is known of a page after a look at ``at``."""
    page = replace(page, looked_at=at)
    match seen:
        case Sight.THERE:
            return replace(page, missing_since=None, gone_at=None)
        case Sight.GONE:
            return replace(page, missing_since=page.missing_since or at, gone_at=page.gone_at or at)
        case Sight.MISSING:
            since = page.missing_since or at
            is_gone = at - since >= MISSING_APART
            return replace(page, missing_since=since, gone_at=page.gone_at or (at if is_gone else None))
        case Sight.NOTHING:
            return page


def next_look(page: FollowedPage, plan: Sequence[timedelta]) -> datetime | None:
    """When a page is to be looked at again; None once the plan is through.

    ``plan`` are rising spans since the article went out here; for a page that is missing they count from the
    first look that missed it, so that it is soon known whether it is gone, and later whether it came back.
    """
    start = page.missing_since or page.since
    last = page.looked_at or page.since
    coming = (start + span for span in plan if start + span > last)
    due = next(coming, None)
    if page.missing_since is not None and page.gone_at is None:
        # Not sooner than it can settle anything.
        settled = page.missing_since + MISSING_APART
        return max(settled, due) if due else settled if settled > last else None
    return due
