"""The outlets: how each of them does, sorted and filtered; what is done with many of them at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.responses import Response
from starlette.routing import Route

from aggregator import clock
from aggregator.console import crawls, spark
from aggregator.console.desk import Asked, Desk, Posted, to
from aggregator.console.errors import DeskRefusal
from aggregator.console.shelf import Card, CardWrong
from aggregator.errors import CardError
from aggregator.model.alarm import Alarm
from aggregator.model.desk import Action, Scope
from aggregator.model.figures import Brought, OutletDay
from aggregator.model.outlet import Schedule
from aggregator.outlets import schedules
from aggregator.outlets.edit import with_paused, with_schedule
from aggregator.store import alarms, desk_figures
from aggregator.urls import host

PAGE: Final = 100
_LONG_AGO: Final = datetime.min.replace(tzinfo=clock.now().tzinfo)
_MOST_ALARMS: Final = 2_000
_NOTHING: Final = Brought()


@dataclass(frozen=True, slots=True)
class Line:
    """An outlet's line of the table; shares are of the last 14 days, 0 to 1, None where nothing was tried."""

    card: Card
    name: str
    rhythm: tuple[int, ...]
    brought: Brought
    arrived_at: datetime | None
    licence: str
    next_at: datetime | None
    rule: str
    alarms: tuple[Alarm, ...]

    @property
    def slug(self) -> str:
        """The outlet's short name."""
        return self.card.slug

    @property
    def is_paused(self) -> bool:
        """Whether it is not crawled."""
        return self.card.outlet is not None and self.card.outlet.paused

    @property
    def state(self) -> str:
        """One word on it."""
        if self.card.outlet is None:
            return "wrong card"
        return "paused" if self.is_paused else "alarm" if self.alarms else "good"

    @property
    def drawing(self) -> Markup:
        """Its new articles by the day."""
        words = f"new articles of {self.slug} in the last 14 days: {', '.join(map(str, self.rhythm))}"
        return spark.bars(self.rhythm, words, height=20)


_SORTS: Final[Mapping[str, tuple[str, Callable[[Line], Any]]]] = {
    "name": ("name", lambda one: one.name.casefold()),
    "last": ("last article", lambda one: one.arrived_at or _LONG_AGO),
    "success": ("success", lambda one: 2.0 if one.brought.success is None else one.brought.success),
    "stored": ("new articles", lambda one: -one.brought.stored),
    "copies": ("copies", lambda one: -(one.brought.copied or 0.0)),
    "next": ("next crawl", lambda one: (one.next_at is None, one.next_at or _LONG_AGO)),
}
_STATES: Final = ("all", "alarm", "paused", "good", "wrong card")


def routes(desk: Desk) -> list[Route]:
    """The table, and what is done with several outlets."""

    def table(asked: Asked) -> Response:
        return desk.page("outlets.html", asked.visitor, **_table(desk, asked))

    def several(posted: Posted) -> Response:
        slugs = [slug for slug in posted.fields.every("outlet") if slug in desk.shelf.cards()]
        if not slugs:
            raise DeskRefusal("No outlet was chosen. Nothing was done.")
        match posted.fields.text("do"):
            case "pause" | "resume" as word:
                for slug in slugs:
                    pause(desk, posted.visitor.who, slug, paused=word == "pause")
                return to("outlets")
            case "schedule":
                return _reschedule(desk, posted, slugs)
            case "crawl":
                return crawl(desk, posted.visitor.who, slugs)
        raise DeskRefusal("Nobody knows what to do with these outlets.")

    return [
        desk.get("/outlets", Scope.READ, table),
        desk.post("/outlets", Scope.OUTLETS, several),
    ]


def pause(desk: Desk, who: str, slug: str, *, paused: bool) -> None:
    """Have an outlet's card say that it is paused, or that it is not."""
    word = "paused" if paused else "resumed"

    def work() -> str | None:
        desk.shelf.change(slug, lambda text: with_paused(text, paused=paused), who=who, why=word)
        return None

    card = desk.shelf.card(slug)
    before = None if card.outlet is None else "paused" if card.outlet.paused else "not paused"
    desk.noted(Action(who, f"outlet {word}", slug, before, "paused" if paused else "not paused"), work)


def _reschedule(desk: Desk, posted: Posted, slugs: Sequence[str]) -> Response:
    """Give outlets another schedule: all of them, or none where it or one of the cards is wrong."""
    text = posted.fields.text
    try:
        schedule = schedules.from_words(text("kind"), text("value"), text("timezone"))
        changed = {slug: with_schedule(desk.shelf.text(slug), schedule) for slug in slugs}
        for slug, card in changed.items():
            desk.shelf.check(slug, card)
    except (CardError, CardWrong) as error:
        raise DeskRefusal(f"{error}. Nothing was changed.") from error
    for slug in slugs:
        reschedule(desk, posted.visitor.who, slug, schedule)
    return to("outlets")


def reschedule(desk: Desk, who: str, slug: str, schedule: Schedule) -> None:
    """Have an outlet's card say another schedule; its history has the former one."""

    def work() -> None:
        desk.shelf.change(slug, lambda text: with_schedule(text, schedule), who=who, why="schedule")

    card = desk.shelf.card(slug)
    before = None if card.outlet is None else schedules.in_words(card.outlet.schedule)
    desk.noted(Action(who, "schedule changed", slug, before, schedules.in_words(schedule)), work)


def crawl(desk: Desk, who: str, slugs: Sequence[str]) -> Response:
    """Crawl outlets now; on to the page that tells how it goes."""
    begun = Action(who, "crawl begun", ", ".join(slugs))
    job = desk.noted(begun, lambda: crawls.begin(desk.shelf, desk.jobs, slugs, who))
    return to(f"jobs/{job.id}")


def lines(desk: Desk, now: datetime) -> list[Line]:
    """The lines of all outlets."""
    figures = desk.figures.fortnight(now)
    plan = desk.plans.plan(desk.shelf.outlets(), now)
    licences = desk_figures.licences(desk.db)
    open_alarms: dict[str, list[Alarm]] = {}
    for alarm in alarms.listed(desk.db, limit=_MOST_ALARMS):
        open_alarms.setdefault(alarm.finding.outlet, []).append(alarm)
    made = []
    for slug, card in desk.shelf.cards().items():
        days = figures.outlets.get(slug, ())
        run = plan.get(slug)
        made.append(
            Line(
                card,
                card.outlet.name if card.outlet else slug,
                tuple(day.brought.stored if day else 0 for day in days),
                figures.totals.get(slug, _NOTHING),
                last_article(days),
                licences.get(slug, ""),
                run.next if run else None,
                run.rule if run else "",
                tuple(open_alarms.get(slug, ())),
            )
        )
    return made


def last_article(days: Sequence[OutletDay | None]) -> datetime | None:
    """When the last new article of these days, in their order, arrived."""
    return next((day.arrived_at for day in reversed(days) if day and day.arrived_at), None)


def _table(desk: Desk, asked: Asked) -> dict[str, Any]:
    sort, state, words = asked.query("sort") or "name", asked.query("state") or "all", asked.query("q")
    key = _SORTS.get(sort, _SORTS["name"])[1]
    found = [one for one in lines(desk, clock.now()) if _fits(one, state, words.casefold())]
    found.sort(key=key, reverse=asked.query("down") == "1")
    number = asked.query("page")
    page = max(int(number), 1) if number.isdecimal() and len(number) < 6 else 1  # noqa: PLR2004 - digits of a page
    last = max((len(found) + PAGE - 1) // PAGE, 1)
    page = min(page, last)
    kept = {"sort": sort, "state": state, "q": words, "down": asked.query("down")}
    query = {name: value for name, value in kept.items() if value}
    return {
        "lines": found[(page - 1) * PAGE : page * PAGE],
        "count": len(found),
        "of": len(desk.shelf.cards()),
        "sorts": {name: label for name, (label, _) in _SORTS.items()},
        "states": _STATES,
        "chosen": kept,
        "page": page,
        "last": last,
        "address": lambda **more: "/desk/outlets?" + urlencode(query | {k: str(v) for k, v in more.items()}),
    }


def _fits(line: Line, state: str, words: str) -> bool:
    if state not in {"all", line.state}:
        return False
    if not words or words in line.name.casefold() or words in line.slug:
        return True
    outlet = line.card.outlet
    return outlet is not None and words in host(outlet.homepage)
