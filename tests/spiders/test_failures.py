import pytest
from scrapy import Request
from scrapy.exceptions import (
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from aggregator.model.crawl import Reason
from spiders.failures import name_failure


def failure(error: Exception) -> Failure:
    return Failure(error)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (DownloadTimeoutError("late"), Reason.FAILED_TIMEOUT),
        (ResponseDataLossError("short"), Reason.FAILED_CUT_OFF),
        (IgnoreRequest("max redirections reached"), Reason.FAILED_REDIRECTS),
        (IgnoreRequest("its body exceeded DOWNLOAD_MAXSIZE"), Reason.FAILED_TOO_LARGE),
        (RuntimeError("something new"), Reason.FAILED_NETWORK),
    ],
)
def test_every_failure_has_a_reason(error: Exception, reason: Reason) -> None:
    assert name_failure(failure(error)).reason is reason


@pytest.mark.parametrize(
    ("status", "reason"), [(404, Reason.FAILED_HTTP), (410, Reason.FAILED_GONE), (503, Reason.FAILED_BUSY)]
)
def test_a_status_is_told(status: int, reason: Reason) -> None:
    request = Request("http://a.example/")
    named = name_failure(failure(HttpError(Response(request.url, status=status, request=request))))
    assert (named.reason, named.status) == (reason, status)


def test_the_detail_is_for_people() -> None:
    words = "Cannot connect to host a.example:80 ssl:<ssl.SSLContext object at 0x7f6ee1597020> [refused]"
    named = name_failure(failure(DownloadConnectionRefusedError(words)))
    assert named.detail == "Cannot connect to host a.example:80 [refused]"
