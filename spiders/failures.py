"""Failures: how a download that gave no page is named and counted."""

import re
from dataclasses import dataclass

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from aggregator.errors import AddressRefusedError
from aggregator.model.crawl import Reason
from spiders.politeness import HostBusyError
from spiders.robots import RobotsForbiddenError, RobotsUnreachableError

_BY_ERROR: tuple[tuple[type[BaseException], Reason], ...] = (
    (RobotsForbiddenError, Reason.DROPPED_ROBOTS),
    (RobotsUnreachableError, Reason.FAILED_ROBOTS),
    (HostBusyError, Reason.FAILED_BUSY),
    (AddressRefusedError, Reason.FAILED_ADDRESS),
    (CannotResolveHostError, Reason.FAILED_DNS),
    (DownloadConnectionRefusedError, Reason.FAILED_REFUSED),
    (DownloadTimeoutError, Reason.FAILED_TIMEOUT),
    (DownloadCancelledError, Reason.FAILED_TOO_LARGE),
    (ResponseDataLossError, Reason.FAILED_CUT_OFF),
    (UnsupportedURLSchemeError, Reason.FAILED_ADDRESS),
    (DownloadFailedError, Reason.FAILED_NETWORK),
    (EOFError, Reason.FAILED_CUT_OFF),
)
# aiohttp tells of its SSL context where it failed to connect, also over plain HTTP.
_OBJECT = re.compile(r" ssl:(?:<[^>]*>|\w+)")
_BY_STATUS = {410: Reason.FAILED_GONE, 429: Reason.FAILED_BUSY, 503: Reason.FAILED_BUSY}


@dataclass(frozen=True, slots=True)
class Failed:
    """Why there is no page: reason, HTTP status if an answer came, one line for people."""

    reason: Reason
    status: int | None
    detail: str


def name_failure(failure: Failure) -> Failed:
    """The named reason of a failed download; what nothing else fits is a network failure."""
    error = failure.value
    if isinstance(error, HttpError):
        status = error.response.status
        return Failed(_BY_STATUS.get(status, Reason.FAILED_HTTP), status, f"the server answered {status}")
    detail = (" ".join(_OBJECT.sub("", str(error)).split()) or type(error).__name__)[:300]
    for kind, reason in _BY_ERROR:
        if isinstance(error, kind):
            return Failed(reason, None, detail)
    if isinstance(error, IgnoreRequest):
        # Scrapy itself ignores for two causes, which only their words tell apart.
        too_large = "DOWNLOAD_MAXSIZE" in detail
        return Failed(Reason.FAILED_TOO_LARGE if too_large else Reason.FAILED_REDIRECTS, None, detail)
    return Failed(Reason.FAILED_NETWORK, None, f"{type(error).__name__}: {detail}")
