"""The outlets: their list, and a page for each with what we carry of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aggregator.clock import now
from aggregator.model.outlet import RightsMode
from aggregator.site import dates, language, older, prose, rhythm
from aggregator.site.ask import NotFoundError, cursor, outlet_slug
from aggregator.site.card import card, tint
from aggregator.site.context import Site
from aggregator.site.links import Links, outward
from aggregator.site.routes import read
from aggregator.site.wording import later, say
from aggregator.store import outlets
from aggregator.store import rhythm as stored_rhythm
from aggregator.store.front import Selection
from aggregator.store.outlets import OutletSummary

WEEKS = timedelta(weeks=4)  # of which the rhythm is told
MOST_CHANGED = 5
PAGE_SIZE = 24  # full rows in two, three and four columns
_CARRIED = {
    RightsMode.FULL: later("Whole articles, as its licence allows"),
    RightsMode.EXCERPT: later("Headlines and excerpts; the articles are at the outlet"),
    RightsMode.LINK: later("Headlines that lead to the outlet"),
    RightsMode.NEVER: later("Nothing: the outlet does not allow it"),
}


@dataclass(frozen=True, slots=True)
class OutletView:
    """What readers see of an outlet; ``carried`` says in words what we may show of it."""

    slug: str
    name: str
    href: str
    homepage: str | None
    lang: str
    direction: str
    tint: int
    language: str
    country: str
    licence: str
    carried: str
    is_active: bool
    published: int
    newest: dates.Moment | None
    crawled: dates.Moment | None


def routes(site: Site) -> list[Route]:
    """The routes of the outlets."""

    def every_outlet(_request: Request) -> Response:
        # Counts and crawl times move without any publication changing, so no validators here.
        views = [view(each, site.links) for each in listed(site)]
        return site.page("outlets.html", outlets=views)

    def one_outlet(request: Request, slug: str) -> Response:
        wanted, before = outlet_slug(slug), cursor(request)
        return site.cached(request, lambda: _outlet(site, wanted, before))

    return [read("/outlets", every_outlet), read("/outlet/{slug}", one_outlet)]


def _outlet(site: Site, slug: str, before: str | None) -> Response:
    outlet = view(summary(site, slug), site.links)
    page = older.page(site, PAGE_SIZE, before, Selection(outlet=slug))
    return site.page(
        "outlet.html",
        outlet=outlet,
        items=[card(item, site.links) for item in page.items],
        is_first=before is None,
        older=site.links.outlet(slug, before=page.next) if page.next else None,
        **(_habits(site, slug) if before is None else {"rhythm": None, "changed": ()}),
    )


def _habits(site: Site, slug: str) -> dict[str, object]:
    """What the last weeks tell of an outlet."""
    since = now() - WEEKS
    return {
        "rhythm": rhythm.rhythm(stored_rhythm.moments(site.db, slug, since)),
        "changed": rhythm.changed(stored_rhythm.changed(site.db, slug, since, MOST_CHANGED), site.links),
    }


def listed(site: Site) -> list[OutletSummary]:
    """The outlets that readers may choose from, by name: those we follow, and those we still carry."""
    found = [each for each in outlets.summaries(site.db) if each.is_active or each.published]
    return sorted(found, key=lambda each: each.name.casefold())


def summary(site: Site, slug: str) -> OutletSummary:
    """The outlet's summary.

    Raises:
        NotFoundError: there is no such outlet.
    """
    found = outlets.summary(site.db, slug, site.milestones)
    if found is None:
        raise NotFoundError
    return found


def view(found: OutletSummary, links: Links) -> OutletView:
    """The outlet as readers see it."""
    return OutletView(
        slug=found.slug,
        name=prose.line(found.name),
        href=links.outlet(found.slug),
        homepage=outward(found.homepage),
        lang=language.tag(found.language),
        direction=language.direction(found.language),
        tint=tint(found.slug),
        language=language.name(found.language),
        country=language.country(found.country),
        licence=prose.line(found.licence or ""),
        carried=say(_CARRIED[found.mode]),
        is_active=found.is_active,
        published=found.published,
        newest=_moment(found.newest_at),
        crawled=_moment(found.last_crawl_at),
    )


def _moment(at: datetime | None) -> dates.Moment | None:
    return dates.words(at) if at else None
