"""Outlets in the API: all, and one."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from aggregator.model.outlet import RightsMode
from aggregator.site import language, prose
from aggregator.site.api.answer import answer, readable
from aggregator.site.api.moment import Moment
from aggregator.site.api.query import Name
from aggregator.site.ask import outlet_slug
from aggregator.site.context import Site
from aggregator.site.links import Links, outward
from aggregator.site.pages.outlet import listed, summary
from aggregator.store.outlets import OutletSummary


class Outlet(BaseModel):
    """A publisher whose articles are found here."""

    slug: str = Field(description="What addresses and filters name it by.")
    url: str = Field(description="The outlet in this API.")
    page: str = Field(description="Its page on this site.")
    articles: str = Field(description="Its articles in this API.")
    feed: str = Field(description="Our feed of it (Atom).")
    name: str
    homepage: str | None = Field(description="Its own front page.")
    language: str | None = Field(description="A BCP 47 tag.")
    country: str = Field(description="ISO 3166-1 alpha-2.")
    mode: RightsMode = Field(description="The most that may be shown: `full`, `excerpt`, `link`, `never`.")
    licence: str | None
    licence_url: str | None
    is_followed: bool = Field(description="Whether new articles are still looked for.")
    published: int = Field(description="How many of its articles readers can see.")
    newest: Moment | None = Field(description="The date of its newest article here.")


class Outlets(BaseModel):
    """All outlets, by name."""

    items: list[Outlet]


def router(site: Site) -> APIRouter:
    """The routes of outlets."""
    routes = APIRouter(tags=["Outlets"])

    @readable(routes, "/outlets", Outlets)
    def list_outlets(request: Request) -> Response:
        """All outlets that are followed, or of which something is still shown."""
        return answer(request, Outlets(items=[outlet(each, site.links) for each in listed(site)]))

    @readable(routes, "/outlets/{slug}", Outlet, 404)
    def one_outlet(request: Request, slug: Name) -> Response:
        """One outlet."""
        return answer(request, outlet(summary(site, outlet_slug(slug)), site.links))

    return routes


def outlet(found: OutletSummary, links: Links) -> Outlet:
    """The outlet as the API gives it."""
    return Outlet(
        slug=found.slug,
        url=links.absolute(links.api(f"/outlets/{found.slug}")),
        page=links.absolute(links.outlet(found.slug)),
        articles=links.absolute(links.api("/articles", outlet=found.slug)),
        feed=links.absolute(links.feed("atom", outlet=found.slug)),
        name=prose.line(found.name),
        homepage=outward(found.homepage),
        language=language.tag(found.language) or None,
        country=found.country,
        mode=found.mode,
        licence=prose.line(found.licence or "") or None,
        licence_url=outward(found.licence_url or ""),
        is_followed=found.is_active,
        published=found.published,
        newest=found.newest_at,
    )
