"""What machines read about the site: the sitemap, robots.txt, and the list of feeds (OPML)."""

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response
from lxml import etree

from aggregator.model.edition import Publication
from aggregator.model.outlet import RightsMode
from aggregator.site import dates, prose
from aggregator.site.ask import READ
from aggregator.site.context import Site
from aggregator.site.links import Links, outward
from aggregator.site.pages.outlet import listed
from aggregator.store import editions

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWEST = 2_000  # looked through for the sitemap: what search engines still fetch anew, in well under a second
BATCH = 500


def router(site: Site) -> APIRouter:
    """The routes for machines."""
    routes = APIRouter()

    @routes.api_route("/sitemap.xml", methods=READ)
    def sitemap(request: Request) -> Response:
        def make() -> Response:
            return Response(write(_indexable(site), site.links), media_type="application/xml")

        return site.cached(request, make)

    @routes.api_route("/robots.txt", methods=READ)
    def robots() -> Response:
        where = site.links.absolute(site.links.sitemap())
        return PlainTextResponse(
            f"User-agent: *\nDisallow: {site.links.search()}\nAllow: /\n\nSitemap: {where}\n"
        )

    @routes.api_route("/opml.xml", methods=READ)
    def opml() -> Response:
        return Response(_opml(site), media_type="text/x-opml; charset=utf-8")

    return routes


def write(publications: list[Publication], links: Links) -> bytes:
    """The sitemap of the site's own pages and of these publications."""
    root = etree.Element(f"{{{NAMESPACE}}}urlset", nsmap={None: NAMESPACE})
    for path in (links.front(), links.outlets(), links.about()):
        _add(root, links.absolute(path), None)
    for publication in publications:
        _add(root, links.absolute(links.article(publication)), dates.iso(publication.updated_at))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def _add(root: etree._Element, address: str, changed: str | None) -> None:
    url = etree.SubElement(root, f"{{{NAMESPACE}}}url")
    etree.SubElement(url, f"{{{NAMESPACE}}}loc").text = address
    if changed:
        etree.SubElement(url, f"{{{NAMESPACE}}}lastmod").text = changed


def _indexable(site: Site) -> list[Publication]:
    # Full copies ask search engines to stay away (see the article page), so they are not offered here.
    found: list[Publication] = []
    before: str | None = None
    for _ in range(NEWEST // BATCH):
        page = editions.front(site.db, limit=BATCH, before=before)
        found += [item for item in page.items if item.mode in {RightsMode.EXCERPT, RightsMode.LINK}]
        before = page.next
        if before is None:
            break
    return found


def _opml(site: Site) -> bytes:
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = prose.line(site.settings.site.name)
    body = etree.SubElement(root, "body")
    for summary in listed(site):
        name = prose.line(summary.name)
        outline = etree.SubElement(body, "outline", type="rss", text=name, title=name)
        outline.set("xmlUrl", site.links.absolute(site.links.feed("rss", summary.slug)))
        if homepage := outward(summary.homepage):
            outline.set("htmlUrl", homepage)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))
