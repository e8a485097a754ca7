"""The feeds' addresses: the front page's and each outlet's, in three formats."""

from collections.abc import Callable
from datetime import UTC, datetime
from types import MappingProxyType

from fastapi import APIRouter, Request
from fastapi.responses import Response

from aggregator.site import prose
from aggregator.site.ask import READ, NotFoundError, outlet_slug
from aggregator.site.context import Site
from aggregator.site.feeds import atom, jsonfeed, rss
from aggregator.site.feeds.feed import Feed, gone, items
from aggregator.site.pages.outlet import summary
from aggregator.store import editions

FEED_SIZE = 50
TOMBSTONES = 200
_EMPTY_SINCE = datetime(
    1970, 1, 1, tzinfo=UTC
)  # an empty feed's date: it must have one, and not a moving one
_WRITERS: MappingProxyType[str, tuple[str, Callable[[Feed], bytes]]] = MappingProxyType(
    {
        "atom": (atom.MEDIA_TYPE, atom.write),
        "rss": (rss.MEDIA_TYPE, rss.write),
        "json": (jsonfeed.MEDIA_TYPE, jsonfeed.write),
    }
)


def router(site: Site) -> APIRouter:
    """The routes of all feeds."""
    routes = APIRouter()

    @routes.api_route("/feed.{kind}", methods=READ)
    def front_feed(request: Request, kind: str) -> Response:
        _known(kind)
        return site.cached(request, lambda: _answer(kind, _feed(site, kind, None)))

    @routes.api_route("/outlet/{slug}/feed.{kind}", methods=READ)
    def outlet_feed(request: Request, slug: str, kind: str) -> Response:
        _known(kind)
        wanted = outlet_slug(slug)
        return site.cached(request, lambda: _answer(kind, _feed(site, kind, wanted)))

    return routes


def _known(kind: str) -> None:
    if kind not in _WRITERS:
        raise NotFoundError


def _answer(kind: str, feed: Feed) -> Response:
    media_type, write = _WRITERS[kind]
    return Response(write(feed), media_type=f"{media_type}; charset=utf-8")


def _feed(site: Site, kind: str, outlet: str | None) -> Feed:
    links, name = site.links, prose.line(site.settings.site.name)
    title, about = name, prose.line(site.settings.site.tagline)
    if outlet:
        wrote = prose.line(summary(site, outlet).name)
        title, about = f"{wrote} · {name}", f"What {name} carries of {wrote}"
    newest = editions.front(site.db, limit=FEED_SIZE, outlet=outlet, order="arrived").items
    withdrawn = [each for each in editions.withdrawn(site.db, TOMBSTONES) if outlet in (None, each.outlet)]
    moments = [each.updated_at for each in newest] + [
        each.withdrawn_at or each.updated_at for each in withdrawn
    ]
    return Feed(
        title=title,
        description=about,
        page=links.absolute(links.outlet(outlet) if outlet else links.front()),
        address=links.absolute(links.feed(kind, outlet)),
        updated=max(moments, default=_EMPTY_SINCE),
        items=items(newest, links),
        gone=gone(withdrawn, links),
    )
