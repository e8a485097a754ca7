"""Answers of the API: models as JSON, known again by their content."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel

from aggregator.site import caching
from aggregator.site.api.problem import PROBLEMS
from aggregator.site.context import Site

Endpoint = Callable[..., Response]


def answer(request: Request, model: BaseModel, *, following: str | None = None) -> Response:
    """The model as JSON, with an ETag of its content; 304 if the reader's copy has the same.

    Stories and copies change without any publication changing, so nothing less than the content tells.
    ``following`` is the address of the next page.
    """
    response = Response(model.model_dump_json(), media_type="application/json")
    if following:
        response.headers["Link"] = f'<{following}>; rel="next"'
    return caching.by_content(request, response)


def following(request: Request, site: Site, path: str, cursor: str | None) -> str | None:
    """The address of a list's next page, with the same filters; None behind the last."""
    if cursor is None:
        return None
    asked = {**request.query_params, "cursor": cursor}
    return site.links.absolute(site.links.api(path, **asked))


def readable(
    routes: APIRouter, path: str, model: type[BaseModel], *statuses: int
) -> Callable[[Endpoint], Endpoint]:
    """Answer GET and HEAD under a path; ``statuses`` are the problems of its own that it may end with."""
    responses: dict[int | str, dict[str, Any]] = {
        304: {"description": "Your copy is still the newest."},
        **{status: PROBLEMS[status] for status in sorted({*statuses, 422, 429, 503})},
    }

    def add(endpoint: Endpoint) -> Endpoint:
        routes.get(path, response_model=model, responses=responses)(endpoint)
        routes.head(path, include_in_schema=False)(endpoint)
        return endpoint

    return add
