"""A story: every report of one event that we may show, in the order of time."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from aggregator.clock import to_utc
from aggregator.errors import UnknownStoryError
from aggregator.model.edition import Publication
from aggregator.model.story import ShownStory
from aggregator.site import caching, dates, language, prose
from aggregator.site.ask import NotFoundError, story_number
from aggregator.site.card import Card, card
from aggregator.site.context import Site
from aggregator.site.links import Links, outward
from aggregator.site.routes import read
from aggregator.store import shown_stories


@dataclass(frozen=True, slots=True)
class ReportView:
    """One report of a story: its card, the agency credited with its text, and who else carries that text."""

    card: Card
    agency: str
    also_in: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class DayView:
    """What was reported on one day (UTC)."""

    moment: dates.Moment
    reports: tuple[ReportView, ...]


@dataclass(frozen=True, slots=True)
class StoryView:
    """A story as readers see it; ``opener`` is the outlet whose report we know to be the first."""

    href: str
    headline: str
    lang: str
    direction: str
    outlets: int
    reports: int
    opener: str
    first: dates.Moment
    last: dates.Moment
    days: tuple[DayView, ...]


def routes(site: Site) -> list[Route]:
    """The route of the stories."""

    def story(request: Request, number: str) -> Response:
        # Stories grow and merge without any publication changing: the page's own content tells its version.
        wanted = story_number(number)
        with site.db.moment():
            return caching.by_content(request, _story(site, wanted))

    return [read("/story/{number}", story)]


def _story(site: Site, number: int) -> Response:
    try:
        found = shown_stories.shown(site.db, number)
    except UnknownStoryError:
        raise NotFoundError from None
    if found is None:
        raise NotFoundError
    if found.id != number:
        return RedirectResponse(site.links.story(found.id), status_code=301)
    return site.page("story.html", story=view(found, site.links))


def view(found: ShownStory, links: Links) -> StoryView:
    """The story as readers see it."""
    reports = sorted(found.reports, key=_at)
    days = groupby(reports, key=lambda report: _at(report).date())
    return StoryView(
        href=links.story(found.id),
        headline=prose.glued(prose.line(found.headline)),
        lang=language.tag(found.language),
        direction=language.direction(found.language),
        outlets=found.outlets,
        reports=len(reports),
        opener=prose.line(reports[0].outlet_name),
        first=dates.words(_at(reports[0])),
        last=dates.words(_at(reports[-1])),
        days=tuple(_day([_report(each, links) for each in of_day]) for _, of_day in days),
    )


def _day(reports: list[ReportView]) -> DayView:
    return DayView(reports[0].card.moment, tuple(reports))


def _at(publication: Publication) -> datetime:
    return to_utc(publication.first_published or publication.published_at)


def _report(publication: Publication, links: Links) -> ReportView:
    return ReportView(
        card=card(publication, links),
        agency=prose.line(", ".join(publication.agency)),
        also_in=tuple((prose.line(name), outward(url)) for name, url in publication.also_in),
    )
