"""The page about the site: what it is, how sources are credited, how to ask for a takedown."""

from fastapi import APIRouter
from fastapi.responses import Response

from aggregator.site.ask import READ
from aggregator.site.context import Site
from aggregator.site.links import outward


def router(site: Site) -> APIRouter:
    """The route of the page about the site."""
    routes = APIRouter()
    contact = contact_link(site.settings.site.contact)

    @routes.api_route("/about", methods=READ)
    def about() -> Response:
        return site.page("about.html", contact_link=contact)

    return routes


def contact_link(contact: str | None) -> str | None:
    """Where the operator's contact leads: a web address as it is, a mail address as mailto, else None."""
    if not contact:
        return None
    if outward(contact):
        return contact
    is_mail = "@" in contact.strip("@") and " " not in contact and ":" not in contact
    return f"mailto:{contact}" if is_mail else None
