"""The API's own app, below the site's: routes, problems, limit, access from other sites' pages."""

from functools import cache
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Route

from aggregator.site import caching
from aggregator.site.api import articles, editions, outlets, problem, stories, topics
from aggregator.site.api.description import DESCRIPTION, Manual, described, manual
from aggregator.site.api.limit import Limited, Limiter
from aggregator.site.ask import READ
from aggregator.site.context import Site
from aggregator.site.routes import read

VERSION = "1.0"
DAY_SECONDS = 86_400


def routes(site: Site) -> list[Route]:
    """The page that tells how to use the API, and the API's address without anything behind it."""

    @cache
    def told() -> Manual:
        """Made when somebody asks: it takes as long as the rest of the site's start."""
        return manual(described(create_api(site), site.links))

    def documentation(request: Request) -> Response:
        page = site.page(
            "api.html",
            manual=told(),
            problems=problem.KINDS,
            per_minute=site.settings.api.requests_per_minute,
        )
        return caching.by_content(request, page)

    def address(_request: Request) -> Response:
        return RedirectResponse(site.links.api_pages(), status_code=301)

    return [read("/api", documentation), read("/api/v1", address)]


def create_api(site: Site) -> FastAPI:
    """The API over the site's store, to be mounted under ``/api/v1``."""
    api = FastAPI(
        title=f"{site.settings.site.name} API",
        version=VERSION,
        description=DESCRIPTION,
        servers=[{"url": site.links.absolute(site.links.api())}],
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    for part in (articles, stories, outlets, editions, topics):
        api.include_router(part.router(site))
    problem.install(api, site)

    @api.api_route("/openapi.json", methods=READ, include_in_schema=False)
    def openapi(request: Request) -> Response:
        return caching.by_content(request, JSONResponse(described(api, site.links)))

    _guard(api, site)
    return api


def _guard(api: FastAPI, site: Site) -> None:
    def refuse(seconds: int) -> Response:
        per_minute = site.settings.api.requests_per_minute
        detail = f"One address may make {per_minute} requests a minute. Please wait {seconds} s."
        answer = problem.problem(site, 429, detail)
        answer.headers["Retry-After"] = str(seconds)
        return answer

    if site.settings.api.requests_per_minute:
        limiter = Limiter(site.settings.api.requests_per_minute)
        api.add_middleware(Limited, limiter=limiter, refuse=refuse)
    access: dict[str, Any] = {
        "allow_origins": ["*"],
        "allow_methods": READ,
        "allow_headers": ["If-None-Match"],
        "expose_headers": ["ETag", "Link", "Retry-After"],
        "max_age": DAY_SECONDS,
    }
    api.add_middleware(CORSMiddleware, **access)
