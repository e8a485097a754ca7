"""What somebody sees at the desk when it does not do what was asked."""

import logging
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from aggregator.console.desk import SEE_OTHER, Desk
from aggregator.console.errors import DeskRefusal, NotLoggedIn
from aggregator.console.visitor import Visitor
from aggregator.errors import AggregatorError, StoreError

_log = logging.getLogger(__name__)
_API = "/desk/api/"


def handlers(desk: Desk) -> Mapping[Any, Callable[[Request, Any], Response]]:
    """Answers for everything that goes wrong, for people as pages and for programs as JSON."""

    def refused(request: Request, error: DeskRefusal) -> Response:
        if isinstance(error, NotLoggedIn) and not _is_program(request):
            return _to_the_door(request)
        return _answer(desk, request, error.status, error.title, str(error))

    def not_found(request: Request, error: HTTPException) -> Response:
        words = "It may have moved, or it was never here."
        response = _answer(desk, request, error.status_code, "There is no such page", words)
        response.headers.update(error.headers or {})
        return response

    def of_ours(request: Request, error: AggregatorError) -> Response:
        status = 503 if isinstance(error, StoreError) else 400
        title = "The store does not answer" if isinstance(error, StoreError) else "This does not work"
        if isinstance(error, StoreError):
            _log.error("desk: %s", error)
        return _answer(desk, request, status, title, str(error))

    def broken(request: Request, _error: Exception) -> Response:
        return _answer(desk, request, 500, "Something broke", "The fault is in the server's log.")

    return {DeskRefusal: refused, HTTPException: not_found, AggregatorError: of_ours, Exception: broken}


def _answer(desk: Desk, request: Request, status: int, title: str, words: str) -> Response:
    if _is_program(request):
        return JSONResponse({"title": title, "status": status, "detail": words}, status)
    return desk.page("failure.html", _visitor(desk, request), status, title=title, words=words, code=status)


def _visitor(desk: Desk, request: Request) -> Visitor | None:
    try:
        return desk.visitor(request)
    except AggregatorError:  # nobody is logged in, or the store that would know is what fails
        return None


def _to_the_door(request: Request) -> Response:
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    is_page = request.method == "GET"
    return RedirectResponse(f"/desk/login?next={quote(wanted if is_page else '/desk/')}", SEE_OTHER)


def _is_program(request: Request) -> bool:
    return request.url.path.startswith(_API)
