"""The page about the site: what it is, how sources are credited, how to ask for a takedown."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aggregator.site.context import Site
from aggregator.site.links import outward
from aggregator.site.routes import read


def routes(site: Site) -> list[Route]:
    """The route of the page about the site."""
    contact = contact_link(site.settings.site.contact)

    def about(_request: Request) -> Response:
        return site.page("about.html", contact_link=contact)

    return [read("/about", about)]


def contact_link(contact: str | None) -> str | None:
    """Where the operator's contact leads: a web address as it is, a mail address as mailto, else None."""
    if not contact:
        return None
    if outward(contact):
        return contact
    is_mail = "@" in contact.strip("@") and " " not in contact and ":" not in contact
    return f"mailto:{contact}" if is_mail else None
