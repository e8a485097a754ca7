"""What search engines read about the site: the sitemap, the news sitemap, robots.txt."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice

from lxml import etree
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from aggregator.clock import now
from aggregator.model.edition import Publication
from aggregator.site import caching, dates, language, prose
from aggregator.site.card import headline
from aggregator.site.context import Site
from aggregator.site.links import Links
from aggregator.site.routes import read
from aggregator.site.syndication import may_index
from aggregator.store import outlets
from aggregator.store.front import every

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
NEWEST = 2_000  # looked through for the sitemap: what search engines still fetch anew, in well under a second
# https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap: two days, 1,000 addresses
NEWS_FOR = timedelta(days=2)
NEWS_SIZE = 1_000


def routes(site: Site) -> list[Route]:
    """The routes for search engines."""

    def sitemap(request: Request) -> Response:
        def make() -> Response:
            spoken = language.list_of(outlet.language for outlet in outlets.shown(site.db))
            written = write(list(_indexable(site)), site.links, spoken)
            return Response(written, media_type="application/xml")

        return site.cached(request, make)

    def news_sitemap(request: Request) -> Response:
        # What is old leaves it without any change: only the answer itself tells whether it is the same.
        written = write_news(_news(site), site.settings.site.name, site.links)
        return caching.by_content(request, Response(written, media_type="application/xml"))

    def robots(_request: Request) -> Response:
        maps = (site.links.sitemap(), site.links.news_sitemap())
        lines = "".join(f"Sitemap: {site.links.absolute(each)}\n" for each in maps)
        return PlainTextResponse(f"User-agent: *\nDisallow: {site.links.search()}\nAllow: /\n\n{lines}")

    return [
        read("/sitemap.xml", sitemap),
        read("/news-sitemap.xml", news_sitemap),
        read("/robots.txt", robots),
    ]


def write(publications: Sequence[Publication], links: Links, languages: Sequence[str] = ()) -> bytes:
    """The sitemap of the site's own pages, of those of languages, and of these publications."""
    root = etree.Element(f"{{{NAMESPACE}}}urlset", nsmap={None: NAMESPACE})
    spoken = (links.front(language=each) for each in languages)
    for path in (links.front(), *spoken, links.outlets(), links.about()):
        _add(root, links.absolute(path), None)
    for publication in publications:
        _add(root, links.absolute(links.article(publication)), dates.iso(publication.updated_at))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def write_news(publications: Sequence[Publication], site_name: str, links: Links) -> bytes:
    """The news sitemap of these publications."""
    root = etree.Element(f"{{{NAMESPACE}}}urlset", nsmap={None: NAMESPACE, "news": NEWS})
    for publication in publications:
        url = _add(root, links.absolute(links.article(publication)), None)
        news = etree.SubElement(url, f"{{{NEWS}}}news")
        carrier = etree.SubElement(news, f"{{{NEWS}}}publication")
        etree.SubElement(carrier, f"{{{NEWS}}}name").text = prose.line(site_name)
        tag = language.tag(publication.language) or "en"
        etree.SubElement(carrier, f"{{{NEWS}}}language").text = tag
        moment = publication.first_published or publication.published_at
        etree.SubElement(news, f"{{{NEWS}}}publication_date").text = dates.iso(moment)
        etree.SubElement(news, f"{{{NEWS}}}title").text = headline(publication)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def _add(root: etree._Element, address: str, changed: str | None) -> etree._Element:
    url = etree.SubElement(root, f"{{{NAMESPACE}}}url")
    etree.SubElement(url, f"{{{NAMESPACE}}}loc").text = address
    if changed:
        etree.SubElement(url, f"{{{NAMESPACE}}}lastmod").text = changed
    return url


def _indexable(site: Site) -> Iterator[Publication]:
    """Of the newest, what search engines may list."""
    return filter(may_index, islice(every(site.db), NEWEST))


def _news(site: Site) -> list[Publication]:
    since = now() - NEWS_FOR
    newest = (each for each in _indexable(site) if (each.first_published or each.published_at) >= since)
    return list(newest)[:NEWS_SIZE]
