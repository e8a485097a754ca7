"""What readers see when something is not there, makes no sense, or went wrong."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator.errors import StoreError
from aggregator.site.ask import BadRequestError, NotFoundError
from aggregator.site.context import Site
from aggregator.site.security import HEADERS
from aggregator.site.wording import later, say

RETRY_SECONDS = "10"
_log = logging.getLogger(__name__)
_TITLES = {
    400: later("That address makes no sense to us"),
    404: later("There is no such page"),
    405: later("This page can only be read"),
    500: later("Something broke on our side"),
    503: later("The newsroom is busy"),
}
_OTHER = later("This did not work")


def handlers(site: Site) -> Mapping[Any, Callable[[Request, Any], Response]]:
    """Answers every error with a page of the site."""

    def not_found(_request: Request, _error: NotFoundError) -> Response:
        return _page(site, 404, say("It may have moved, or it was never here."))

    def bad_request(_request: Request, error: BadRequestError) -> Response:
        return _page(site, 400, str(error))

    def http_error(_request: Request, error: HTTPException) -> Response:
        response = _page(site, error.status_code, say("It may have moved, or it was never here."))
        response.headers.update(error.headers or {})
        return response

    def store_error(_request: Request, error: StoreError) -> Response:
        _log.error("the site cannot read the store: %s", error)
        response = _page(
            site, 503, say("The store of articles does not answer. Please try again in a moment.")
        )
        response.headers["Retry-After"] = RETRY_SECONDS
        return response

    def broken(_request: Request, _error: Exception) -> Response:
        # Starlette sends this one from outside the middleware, and logs the error itself.
        response = _page(site, 500, say("The fault is logged. Please try again later."))
        response.headers.update(HEADERS)
        return response

    return {
        NotFoundError: not_found,
        BadRequestError: bad_request,
        HTTPException: http_error,
        StoreError: store_error,
        Exception: broken,
    }


def _page(site: Site, status: int, explanation: str) -> Response:
    title = say(_TITLES.get(status, _OTHER))
    response = site.page("failure.html", status, title=title, code=status, explanation=explanation)
    if status >= 500:  # noqa: PLR2004 - the server's own failures pass, so nobody keeps them
        response.headers["Cache-Control"] = "no-store"
    return response
