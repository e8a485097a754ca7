"""The archive: a calendar of what is published, and what is dated on one day."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aggregator.site import dates, older
from aggregator.site.ask import NotFoundError, calendar_day, calendar_month, cursor
from aggregator.site.card import card
from aggregator.site.context import Site
from aggregator.site.routes import read
from aggregator.store.calendar import counts, span, start
from aggregator.store.front import Selection

PAGE_SIZE = 48  # full rows in two, three and four columns
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day of the calendar: its number, what is published of it, and its page (None if nothing is)."""

    number: int
    count: int
    href: str | None
    name: str


def routes(site: Site) -> list[Route]:
    """The routes of the archive."""

    def newest(request: Request) -> Response:
        return site.cached(request, lambda: _newest(site))

    def of(request: Request, when: str) -> Response:
        before = cursor(request)
        if (day := calendar_day(when)) is not None:
            return site.cached(request, lambda: _day(site, day, before))
        month = calendar_month(when)
        return site.cached(request, lambda: _month(site, month))

    return [read("/archive", newest), read("/archive/{when}", of)]


def _newest(site: Site) -> Response:
    found = span(site.db)
    return _month(site, found[1].replace(day=1)) if found else site.page("archive.html", month=None)


def _month(site: Site, month: date) -> Response:
    """The calendar of a month; there is one for each month between the first and the last that has any."""
    found = span(site.db)
    if found is None or not found[0].replace(day=1) <= month <= found[1]:
        raise NotFoundError
    earlier, later = (month - _DAY).replace(day=1), (month + 31 * _DAY).replace(day=1)
    weeks = calendar.Calendar().monthdatescalendar(month.year, month.month)
    of_month = [day for week in weeks for day in week if day.month == month.month]
    published = counts(site.db, of_month)
    return site.page(
        "archive.html",
        month=dates.month(month),
        href=site.links.archive(month.isoformat()[:7]),
        total=sum(published.values()),
        weekdays=dates.weekdays(),
        weeks=[[_cell(site, day, published) for day in week] for week in weeks],
        earlier=_of_month(site, earlier) if earlier >= found[0].replace(day=1) else None,
        later=_of_month(site, later) if later <= found[1] else None,
    )


def _of_month(site: Site, month: date) -> tuple[str, str]:
    return site.links.archive(month.isoformat()[:7]), dates.month(month)


def _cell(site: Site, day: date, published: dict[date, int]) -> DayCell | None:
    if day not in published:
        return None
    count = published[day]
    return DayCell(day.day, count, site.links.archive(day.isoformat()) if count else None, dates.day(day))


def _day(site: Site, day: date, before: str | None) -> Response:
    page = older.page(site, PAGE_SIZE, before, Selection(since=start(day), until=start(day + _DAY)))
    if not page.items:
        raise NotFoundError
    when = day.isoformat()
    return site.page(
        "day.html",
        day=dates.day(day),
        href=site.links.archive(when),
        month=_of_month(site, day.replace(day=1)),
        items=[card(item, site.links) for item in page.items],
        is_first=before is None,
        older=site.links.archive(when, before=page.next) if page.next else None,
    )
