"""Problems: what the API answers when it cannot do what was asked (RFC 9457)."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from aggregator.errors import StoreError, UnknownCursorError
from aggregator.model.edition import Publication
from aggregator.site import prose
from aggregator.site.api.moment import Moment
from aggregator.site.ask import NotFoundError
from aggregator.site.context import Site
from aggregator.site.security import HEADERS

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 10
_log = logging.getLogger(__name__)


class Fault(BaseModel):
    """One part of the request that is wrong."""

    where: str = Field(description="The parameter, such as `query.limit`.", examples=["query.limit"])
    message: str = Field(examples=["Input should be less than or equal to 100"])


class Problem(BaseModel):
    """Why there is no answer, as RFC 9457 has it."""

    type: str = Field(description="What kind of problem it is: an address that explains it.")
    title: str = Field(description="The kind in words, the same each time.", examples=["Not found"])
    status: int = Field(description="The HTTP status again.", examples=[404])
    detail: str = Field(description="What it is this time.", examples=["There is nothing here."])
    faults: list[Fault] = Field(default=[], description="What is wrong with the request, part by part.")
    withdrawn: Moment | None = Field(default=None, description="When it was withdrawn.")
    reason: str | None = Field(default=None, description="Why it was withdrawn, if somebody said.")


class GoneError(Exception):
    """The publication was withdrawn."""

    def __init__(self, publication: Publication) -> None:
        super().__init__(f"publication {publication.id} was withdrawn")
        self.publication = publication


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: what its address ends with, its title, and what to do, in words."""

    name: str
    title: str
    advice: str


KINDS = {
    404: Kind("not-found", "Not found", "There is nothing here: a wrong number, name or cursor."),
    405: Kind("read-only", "Everything here can only be read", "Use GET or HEAD."),
    410: Kind("withdrawn", "Withdrawn", "The article was taken back: remove your copy of it."),
    422: Kind("request", "The request makes no sense", "`faults` names each parameter and what it may be."),
    429: Kind("too-many", "Too many requests", "Wait as many seconds as `Retry-After` says."),
    500: Kind("broken", "Something broke on our side", "The fault is logged; try again later."),
    503: Kind("busy", "The store does not answer", "Try again after `Retry-After`."),
}
"""The kinds of problems by their status."""

PROBLEMS: dict[int, dict[str, Any]] = {
    status: {
        "description": kind.title,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status, kind in KINDS.items()
}
"""How the API's description tells each of them."""


def install(api: FastAPI, site: Site) -> None:
    """Answer every error of the API with a problem."""

    @api.exception_handler(NotFoundError)
    def not_found(_request: Request, _error: Exception) -> Response:
        return problem(site, 404, "There is nothing under this address, or it never went out.")

    @api.exception_handler(UnknownCursorError)
    def unknown_cursor(_request: Request, _error: Exception) -> Response:
        return problem(site, 404, "No list gave this cursor: follow `next` as it stands there.")

    @api.exception_handler(GoneError)
    def gone(_request: Request, error: GoneError) -> Response:
        return _gone(site, error.publication)

    @api.exception_handler(RequestValidationError)
    def invalid(_request: Request, error: RequestValidationError) -> Response:
        faults = [Fault(where=_where(each["loc"]), message=_plain(each["msg"])) for each in error.errors()]
        detail = "; ".join(f"{fault.where}: {fault.message}" for fault in faults)
        return problem(site, 422, detail, faults=faults)

    @api.exception_handler(HTTPException)
    def http_error(_request: Request, error: HTTPException) -> Response:
        kind = KINDS.get(error.status_code)
        response = problem(site, error.status_code, kind.advice if kind else error.detail)
        response.headers.update(error.headers or {})
        return response

    @api.exception_handler(StoreError)
    def store_error(_request: Request, error: Exception) -> Response:
        _log.error("the API cannot read the store: %s", error)
        response = problem(site, 503, "Please try again in a moment.")
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response

    @api.exception_handler(Exception)
    def broken(_request: Request, _error: Exception) -> Response:
        # Starlette sends this one from outside the middleware, and logs the error itself.
        response = problem(site, 500, "The fault is logged. Please try again later.")
        response.headers.update(HEADERS)
        return response


_SHOWN_CHARS = 200


def problem(site: Site, status: int, detail: str, **more: Any) -> Response:
    """The answer that tells a problem; nothing of the request stands in it."""
    kind = KINDS.get(status, Kind("problems", HTTPStatus(status).phrase, ""))
    address = f"{site.links.absolute(site.links.api_pages())}#{kind.name}"
    told = Problem(type=address, title=kind.title, status=status, detail=detail, **more)
    response = Response(told.model_dump_json(exclude_defaults=True), status, media_type=MEDIA_TYPE)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS:
        response.headers["Cache-Control"] = "no-store"
    return response


def _gone(site: Site, publication: Publication) -> Response:
    reason = prose.line(publication.withdrawn_reason or "")
    detail = f"This article of {prose.line(publication.outlet_name)} was withdrawn"
    return problem(
        site,
        410,
        detail + (f": {reason}" if reason else "."),
        withdrawn=publication.withdrawn_at,
        reason=reason or None,
    )


def _where(place: Sequence[int | str]) -> str:
    return _plain(".".join(map(str, place)))


def _plain(text: str) -> str:
    return prose.line(text)[:_SHOWN_CHARS]
