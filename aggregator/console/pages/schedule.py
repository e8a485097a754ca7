"""The schedule: what is crawled next, what was, and when editions close; crawl, pause and publish now."""

from datetime import datetime, timedelta
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from aggregator import clock, following, publishing, upkeeping, wallclock
from aggregator.config import Settings
from aggregator.console.ahead import DAYS
from aggregator.console.desk import Asked, Desk, Posted, to
from aggregator.console.pages.overview import pages_of
from aggregator.console.week import week
from aggregator.model.desk import Action, Scope
from aggregator.publish import slots
from aggregator.store import crawls, slips, slot

_NEXT: Final = 100
_PAST: Final = 30
_EDITIONS: Final = 6
_SLIPS: Final = 30
_CALENDAR: Final = timedelta(days=DAYS + 1)


def routes(desk: Desk) -> list[Route]:
    """The schedule, and an edition by hand."""

    def show(asked: Asked) -> Response:
        now = clock.now()
        cards = desk.shelf.outlets()
        plan = list(desk.plans.plan(cards, now).values())
        since = now - _CALENDAR
        return desk.page(
            "schedule.html",
            asked.visitor,
            plan=plan[:_NEXT],
            more=max(len(plan) - _NEXT, 0),
            paused=sorted(slug for slug, card in cards.items() if card.paused),
            past=[(run, pages_of(run)) for run in crawls.runs(desk.db, _PAST)],
            slips=slips.listed(desk.db, _SLIPS, since=since),
            calendar=week(desk.begun.hours(now, _CALENDAR), plan, slips.moments(desk.db, since), now),
            editions=_editions(desk.settings, slot.last(desk.db), now),
            rules=desk.settings.publish,
            chores=upkeeping.chores(desk.settings, now),
            upkeep_at=upkeeping.following(desk.settings, now),
            last_backup=upkeeping.last_backup(desk.settings),
        )

    def publish(posted: Posted) -> Response:
        desk.noted(Action(posted.visitor.who, "edition closed"), lambda: _publish(desk))
        return to("schedule")

    return [desk.get("/schedule", Scope.READ, show), desk.post("/publish", Scope.REVIEW, publish)]


def _publish(desk: Desk) -> str:
    """Close an edition now, as ``aggregator publish`` does; what it took, in words."""
    cards = desk.shelf.outlets()
    desk.shelf.sync()
    report = publishing.publish(desk.db, cards, desk.settings, clock.now())
    for _ in following.follow(desk.db, cards, desk.settings, clock.now()):
        pass
    if report.edition is None:
        return "nothing to publish"
    return f"edition {report.edition}: {report.published} published, {report.updated} updated"


def _editions(settings: Settings, last: datetime | None, now: datetime) -> list[datetime]:
    """When the next editions close, by the slots; none where they close every few minutes."""
    rules = settings.publish
    if not rules.slots:
        return []
    coming = [now] if slots.is_due(rules, slots.remembered(last, now), now) else []
    at = now
    while len(coming) < _EDITIONS:
        at = slots.following(rules, at)
        coming.append(at)
    return [wallclock.shown(at, rules.timezone) for at in coming]
