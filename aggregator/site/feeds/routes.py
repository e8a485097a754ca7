"""The feeds' addresses: of the site, an outlet, a language, a topic, a search, in three formats."""

from collections.abc import Callable
from types import MappingProxyType

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aggregator.site import caching
from aggregator.site.ask import (
    NotFoundError,
    language_tag,
    outlet_filter,
    outlet_slug,
    search_words,
    topic_key,
    volume_number,
)
from aggregator.site.context import Site
from aggregator.site.feeds import atom, jsonfeed, rss
from aggregator.site.feeds.feed import Feed
from aggregator.site.feeds.scoped import feed
from aggregator.site.routes import read
from aggregator.store.volumes import Scope

_WRITERS: MappingProxyType[str, tuple[str, Callable[[Feed], bytes]]] = MappingProxyType(
    {
        "atom": (atom.MEDIA_TYPE, atom.write),
        "rss": (rss.MEDIA_TYPE, rss.write),
        "json": (jsonfeed.MEDIA_TYPE, jsonfeed.write),
    }
)


def routes(site: Site) -> list[Route]:
    """The routes of all feeds."""

    def front_feed(request: Request, kind: str) -> Response:
        return answer(request, kind, Scope(language=language_tag(request)))

    def outlet_feed(request: Request, slug: str, kind: str) -> Response:
        return answer(request, kind, Scope(outlet=outlet_slug(slug)))

    def topic_feed(request: Request, key: str, kind: str) -> Response:
        return answer(request, kind, Scope(topic=topic_key(key)))

    def search_feed(request: Request, kind: str) -> Response:
        words = search_words(request)
        _known(kind)
        if not words:
            raise NotFoundError
        scope = Scope(outlet_filter(request), language_tag(request), words=words)
        # The index follows publications some seconds later: only the answer itself tells whether it changed.
        return caching.by_content(request, answer_whole(request, kind, scope))

    def answer(request: Request, kind: str, scope: Scope) -> Response:
        _known(kind)
        return site.cached(request, lambda: answer_whole(request, kind, scope))

    def answer_whole(request: Request, kind: str, scope: Scope) -> Response:
        return _written(feed(site, kind, scope, volume_number(request)), kind)

    return [
        read("/feed.{kind}", front_feed),
        read("/outlet/{slug}/feed.{kind}", outlet_feed),
        read("/topic/{key}/feed.{kind}", topic_feed),
        read("/search/feed.{kind}", search_feed),
    ]


def _known(kind: str) -> None:
    if kind not in _WRITERS:
        raise NotFoundError


def _written(made: Feed, kind: str) -> Response:
    media_type, write = _WRITERS[kind]
    # A feed that search engines showed would be the index of copies that its pages keep out of.
    headers = {"X-Robots-Tag": "noindex"}
    if made.hubs:
        hubs = [f'<{hub}>; rel="hub"' for hub in made.hubs]
        headers["Link"] = ", ".join((*hubs, f'<{made.address}>; rel="self"'))
    return Response(write(made), media_type=f"{media_type}; charset=utf-8", headers=headers)
