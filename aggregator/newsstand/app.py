"""The web of the demo: one ASGI application for all outlets, told apart by the port of the connection."""

from collections.abc import Callable, Mapping
from datetime import datetime

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from aggregator.newsstand import feeds, pages
from aggregator.newsstand.addresses import (
    HOME,
    LATEST,
    MEDIA_PREFIX,
    NEWS_SITEMAP,
    ROBOTS,
    SECTION_PREFIX,
    SITEMAP_INDEX,
    section_name,
)
from aggregator.newsstand.answers import Resource, answer
from aggregator.newsstand.newsroom import Newsroom, Withdrawn
from aggregator.newsstand.pages import Site
from aggregator.newsstand.phrases import phrases
from aggregator.newsstand.pictures import picture

HTML = "text/html; charset=utf-8"
XML = "application/xml; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
JPEG = "image/jpeg"

Clock = Callable[[], datetime]


def create_app(newsroom: Newsroom, outlets_by_port: Mapping[int, str], clock: Clock) -> Starlette:
    """The application; ``outlets_by_port`` maps the port of a connection to an outlet's slug."""

    async def serve(request: Request) -> Response:
        slug = outlets_by_port.get(request.scope["server"][1])
        if slug is None:
            return PlainTextResponse("no outlet on this port\n", 421)
        return answer(request, _resource(newsroom, slug, request.url.path, clock()))

    return Starlette(routes=[Route("/{path:path}", serve, methods=["GET"])])


def _resource(newsroom: Newsroom, slug: str, path: str, now: datetime) -> Resource:
    outlet = newsroom.outlet(slug)
    site = Site(outlet, newsroom.bases[slug], newsroom.front(slug, now), newsroom.changed(slug, now))
    fixed = _for_machines(site, path) or _listing(site, path) or _picture(site, path)
    return fixed or _article(newsroom, site, path, now)


def _for_machines(site: Site, path: str) -> Resource | None:
    match path:
        case site.feed_path:
            return _text(feeds.feed(site), feeds.FEED_TYPES[site.outlet.feed], site.changed)
        case _ if path == ROBOTS:
            return _text(feeds.robots(site), TEXT, site.changed)
        case _ if path == SITEMAP_INDEX:
            return _text(feeds.sitemap_index(site), XML, site.changed)
        case _ if path == NEWS_SITEMAP:
            return _text(feeds.news_sitemap(site), XML, site.changed)
    return None


def _listing(site: Site, path: str) -> Resource | None:
    theme = phrases(site.theme_language)
    if path == HOME:
        return _text(pages.list_page(site, site.outlet.name, site.public), HTML, site.changed)
    if path == LATEST:
        return _text(pages.list_page(site, theme.latest, site.public), HTML, site.changed)
    if not path.startswith(SECTION_PREFIX):
        return None
    wanted = path.removeprefix(SECTION_PREFIX).strip("/")
    articles = [article for article in site.public if section_name(article.section) == wanted]
    if not articles:
        return None
    return _text(pages.list_page(site, articles[0].section, articles), HTML, site.changed)


def _picture(site: Site, path: str) -> Resource | None:
    slug = path.removeprefix(MEDIA_PREFIX).removesuffix(".jpg")
    if path.startswith(MEDIA_PREFIX) and any(article.slug == slug for article in site.articles):
        return Resource(picture(slug), JPEG, min(article.published for article in site.articles))
    return None


def _article(newsroom: Newsroom, site: Site, path: str, now: datetime) -> Resource:
    theme = phrases(site.theme_language)
    found = newsroom.find(site.outlet.slug, path, now)
    if isinstance(found, Withdrawn):
        return _text(pages.notice_page(site, theme.gone), HTML, found.since, 410)
    if found is None:
        return _text(pages.notice_page(site, theme.not_found), HTML, site.changed, 404)
    return _text(pages.article_page(site, found), HTML, found.modified)


def _text(text: str, media_type: str, changed: datetime, status: int = 200) -> Resource:
    return Resource(text.encode(), media_type, changed, status)
