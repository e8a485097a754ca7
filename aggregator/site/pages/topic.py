"""A topic: what carries one section or tag, whichever outlet it comes from."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aggregator.site import older, prose
from aggregator.site.ask import NotFoundError, cursor, topic_key
from aggregator.site.card import card
from aggregator.site.context import Site
from aggregator.site.routes import read
from aggregator.store import volumes
from aggregator.store.front import Selection

PAGE_SIZE = 24  # full rows in two, three and four columns


def routes(site: Site) -> list[Route]:
    """The route of the topics."""

    def topic(request: Request, key: str) -> Response:
        wanted, before = topic_key(key), cursor(request)
        return site.cached(request, lambda: _topic(site, wanted, before))

    return [read("/topic/{key}", topic)]


def _topic(site: Site, key: str, before: str | None) -> Response:
    page = older.page(site, PAGE_SIZE, before, Selection(topic=key))
    if not page.items:
        raise NotFoundError
    return site.page(
        "topic.html",
        key=key,
        label=prose.line(volumes.topic_label(site.db, key) or key),
        items=[card(item, site.links) for item in page.items],
        is_first=before is None,
        older=site.links.topic(key, before=page.next) if page.next else None,
    )
