"""The readers' app: routes, error pages and middleware put together."""

from collections.abc import Sequence

from jinja2 import BaseLoader
from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute, Mount
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from aggregator.config import Settings
from aggregator.site import context, failures, health, opml, packing, sitemap, statics
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

_PARTS = (  # in the order in which paths are tried: what is asked for most comes first
    *(article, front, statics, story, outlet, topic, search, feeds, archive),
    *(picture, poster, about, takedown, settings_page, sitemap, opml, api, health),
)


def create_app(
    db: Database,
    settings: Settings,
    *,
    loader: BaseLoader | None = None,
    links: Links | None = None,
    beside: Sequence[BaseRoute] = (),
) -> Starlette:
    """The site over an open database; the caller closes the database after the server has stopped.

    Templates that ``loader`` has go before our own; ``links`` make other addresses than the site's; what
    stands ``beside`` the readers' pages, such as the operators' desk, is answered by the same server.
    """
    site = context.build(db, settings, loader, links)
    app = Starlette(
        routes=[
            *(route for part in _PARTS for route in part.routes(site)),
            Mount("/api/v1", api.create_api(site)),
            *beside,
        ],
        exception_handlers=failures.handlers(site),
    )
    # A redirect to the same path without its slash would lead to whatever host the request names.
    app.router.redirect_slashes = False
    app.add_middleware(GZipMiddleware, minimum_size=packing.FROM_BYTES, compresslevel=packing.LEVEL)
    app.add_middleware(Readers)
    app.add_middleware(SecurityHeaders)
    # Whoever sits before the site says who asks; anybody else could say anything.
    app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(settings.site.proxies))
    return app
