"""The readers' app: routes, error pages and middleware put together."""

from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from fastapi import FastAPI
from jinja2 import BaseLoader
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute
from starlette.staticfiles import StaticFiles
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from aggregator.config import Settings
from aggregator.site import context, failures, health, opml, sitemap
from aggregator.site.api import app as api
from aggregator.site.feeds import routes as feeds
from aggregator.site.links import Links
from aggregator.site.pages import (
    about,
    archive,
    article,
    front,
    outlet,
    picture,
    poster,
    search,
    story,
    takedown,
    topic,
)
from aggregator.site.pages import settings as settings_page
from aggregator.site.reader import Readers
from aggregator.site.security import SecurityHeaders
from aggregator.store.engine import Database

GZIP_FROM_BYTES = 500
GZIP_LEVEL = 4  # half the time of zlib's own 6, for 5 % more bytes


def create_app(
    db: Database,
    settings: Settings,
    *,
    loader: BaseLoader | None = None,
    links: Links | None = None,
    beside: Sequence[BaseRoute] = (),
) -> FastAPI:
    """The site over an open database; the caller closes the database after the server has stopped.

    Templates that ``loader`` has go before our own; ``links`` make other addresses than the site's; what
    stands ``beside`` the readers' pages, such as the operators' desk, is answered by the same server.
    """
    site = context.build(db, settings, loader, links)
    # A redirect to the same path without its slash would lead to whatever host the request names.
    app = FastAPI(
        title=settings.site.name, openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False
    )
    parts = (
        front,
        article,
        story,
        archive,
        picture,
        poster,
        outlet,
        feeds,
        topic,
        search,
        about,
        takedown,
        settings_page,
        sitemap,
        opml,
        api,
        health,
    )
    for part in parts:
        app.include_router(part.router(site))
    app.mount("/api/v1", api.create_api(site))
    folder = Path(str(resources.files("aggregator.site"))) / "static"
    app.mount("/static", StaticFiles(directory=folder), name="static")
    app.router.routes.extend(beside)
    failures.install(app, site)
    app.add_middleware(GZipMiddleware, minimum_size=GZIP_FROM_BYTES, compresslevel=GZIP_LEVEL)
    app.add_middleware(Readers)
    app.add_middleware(SecurityHeaders)
    # Whoever sits before the site says who asks; anybody else could say anything.
    app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(settings.site.proxies))
    return app
