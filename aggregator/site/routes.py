"""Routes: the address of a page, and the function that answers it."""

from collections.abc import Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


def read(path: str, answer: Callable[..., Response]) -> Route:
    """What is read at a path (GET and HEAD).

    ``answer`` is called in a thread, with the request and the parts of the path by their names; it checks
    itself what is asked (``ask``).
    """
    return Route(path, partial(_answered, answer), methods=["GET"])


def _answered(answer: Callable[..., Response], request: Request) -> Response:
    return answer(request, **request.path_params)
