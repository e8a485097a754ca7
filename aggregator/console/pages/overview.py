"""The overview: alarms, what came and went, what is under way, what waits."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from markupsafe import Markup
from starlette.responses import Response
from starlette.routing import Route

from aggregator import clock
from aggregator.config import disk_of
from aggregator.console import spark
from aggregator.console.desk import Asked, Desk
from aggregator.console.figures import Fortnight
from aggregator.model.crawl import CrawlRun
from aggregator.model.desk import Scope
from aggregator.store import alarms, crawls, desk_figures
from aggregator.store.decisions import Standing

_QUEUE: Final = (Standing.IN_REVIEW, Standing.QUEUED, Standing.SCHEDULED, Standing.HELD)
_LOW_DISK_SHARE: Final = 0.1
_MOST_ALARMS: Final = 50
_SERIES: Final = (
    ("found", "new", "entries that were not known"),
    ("stored", "stored", "new articles"),
    ("copies", "copies", "copies of others"),
    ("revisions", "revisions", "articles with a new text"),
    ("no article", "no_article", "pages without an article"),
    ("forbidden", "forbidden", "pages that robots.txt keeps to itself"),
    ("dropped", "dropped", "pages dropped for other reasons"),
    ("failed", "failed", "pages that could not be fetched or read"),
)


@dataclass(frozen=True, slots=True)
class Series:
    """A row of the overview: what is counted, its sums, and its drawings for a day and a fortnight."""

    name: str
    words: str
    day: int
    fortnight: int
    of_hours: Markup
    of_days: Markup


@dataclass(frozen=True, slots=True)
class Disk:
    """A disk that something of ours lies on; sizes in bytes."""

    name: str
    free: int
    total: int

    @property
    def is_low(self) -> bool:
        """Whether little is left."""
        return self.free < self.total * _LOW_DISK_SHARE


def routes(desk: Desk) -> list[Route]:
    """The front of the desk."""

    def front(asked: Asked) -> Response:
        now = clock.now()
        figures = desk.figures.fortnight(now)
        return desk.page(
            "overview.html",
            asked.visitor,
            series=series(figures),
            counted_until=figures.counted_until,
            alarms=alarms.listed(desk.db, limit=_MOST_ALARMS),
            running=[(run, pages_of(run)) for run in crawls.running(desk.db)],
            jobs=desk.jobs.running(),
            queue=desk_figures.waiting(desk.db, [one.value for one in _QUEUE]),
            most=desk_figures.MOST_COUNTED,
            requests=desk_figures.open_requests(desk.db),
            disks=_disks(desk),
            health=_health(desk, now),
        )

    return [desk.get("/", Scope.READ, front)]


def series(figures: Fortnight) -> list[Series]:
    """The rows of a fortnight's figures; what goes out stands behind what comes in."""
    rows = [
        _series(
            (name, words),
            [getattr(one, field) for one in figures.hours],
            [getattr(one, field) for one in figures.days],
        )
        for name, field, words in _SERIES
    ]
    published = _series(
        ("published", "articles that editions brought out or updated"),
        figures.published_hours,
        figures.published_days,
    )
    return [*rows[:2], published, *rows[2:]]


def pages_of(run: CrawlRun) -> int:
    """How many pages a crawl has brought to an end."""
    return sum(sum(counts.values()) for counts in run.counts.values())


def _series(name: tuple[str, str], hours: Sequence[int], days: Sequence[int]) -> Series:
    drawn = (
        spark.bars(hours, f"{name[0]} in the last 24 hours: {', '.join(map(str, hours))}"),
        spark.bars(days, f"{name[0]} in the last 14 days: {', '.join(map(str, days))}"),
    )
    return Series(*name, sum(hours), sum(days), *drawn)


def _disks(desk: Desk) -> list[Disk]:
    """The disks of the database and of the archive, each once."""
    folders = {"pages": desk.settings.path(desk.settings.pages)}
    if desk.db.path is not None:
        folders = {"database": desk.db.path.parent} | folders
    found: dict[int, Disk] = {}
    for name, folder in folders.items():
        place = disk_of(folder)
        usage, device = shutil.disk_usage(place), place.stat().st_dev
        known = found.get(device)
        found[device] = Disk(f"{known.name} and {name}" if known else name, usage.free, usage.total)
    return list(found.values())


def _health(desk: Desk, now: datetime) -> list[tuple[str, str, bool]]:
    """What runs: a name, words, and whether it is well."""
    runs = crawls.runs(desk.db, 1)
    wrong = [card for card in desk.shelf.cards().values() if card.outlet is None]
    plan = desk.plans.plan(desk.shelf.outlets(), now)
    due = sum(run.latest < now for run in plan.values())
    last = f"run {runs[0].id}, {runs[0].state.value}" if runs else "none yet"
    return [
        ("outlets", f"{len(desk.shelf.cards())} cards, {len(plan)} not paused", True),
        ("wrong cards", ", ".join(card.slug for card in wrong) or "none", not wrong),
        ("last crawl", last, not runs or runs[0].state.value != "failed"),
        ("due and waiting", f"{due} outlets", due <= desk.settings.crawl.batch),
    ]
