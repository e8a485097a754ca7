"""OPML: our feed of each outlet, with what may be republished of it."""

from collections.abc import Sequence

from lxml import etree
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aggregator.site import language, prose
from aggregator.site.context import Site
from aggregator.site.links import Links, outward
from aggregator.site.pages.outlet import listed
from aggregator.site.routes import read
from aggregator.store.outlets import OutletSummary

RIGHTS = "https://github.com/aggregator-news/aggregator/blob/main/docs/readers.md#rights-in-opml"
"""The namespace of what we say beside OPML's own attributes (OPML 2.0, "Extending OPML")."""


def routes(site: Site) -> list[Route]:
    """The route of the list of feeds."""

    def opml(_request: Request) -> Response:
        return Response(
            write(site.settings.site.name, listed(site), site.links), media_type="text/x-opml; charset=utf-8"
        )

    return [read("/opml.xml", opml)]


def write(name: str, outlets: Sequence[OutletSummary], links: Links) -> bytes:
    """The list of these outlets' feeds, titled by the site's name."""
    root = etree.Element("opml", nsmap={"rights": RIGHTS}, version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = prose.line(name)
    etree.SubElement(head, "ownerId").text = links.absolute(links.about())
    body = etree.SubElement(root, "body")
    for outlet in outlets:
        _outline(body, outlet, links)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def _outline(body: etree._Element, outlet: OutletSummary, links: Links) -> None:
    name = prose.line(outlet.name)
    outline = etree.SubElement(body, "outline", type="rss", version="RSS2", text=name, title=name)
    facts = {
        "xmlUrl": links.absolute(links.feed("rss", outlet=outlet.slug)),
        "htmlUrl": outward(outlet.homepage),
        "language": language.tag(outlet.language),
        f"{{{RIGHTS}}}mode": outlet.mode.value,
        f"{{{RIGHTS}}}licence": prose.line(outlet.licence or ""),
        f"{{{RIGHTS}}}licenceUrl": outward(outlet.licence_url or ""),
    }
    for key, value in facts.items():
        if value:
            outline.set(key, value)
