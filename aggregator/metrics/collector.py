"""What the store tells of itself when it is asked, as Prometheus reads it."""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from aggregator import __version__
from aggregator.config import Settings, disk_of
from aggregator.errors import StoreError
from aggregator.model.delivery import DeliveryState
from aggregator.store import alarms, crawls, desk_figures, moments, outbox
from aggregator.store.decisions import Standing
from aggregator.store.engine import Database
from aggregator.store.lock import is_held

DAY: Final = timedelta(days=1)
FORTNIGHT: Final = timedelta(days=14)
_OUTCOMES: Final = (
    "stored",
    "copies",
    "revisions",
    "unchanged",
    "no_article",
    "forbidden",
    "dropped",
    "failed",
)
_COUNTED: Final = {
    "page": "Pages that ended, whatever came of them.",
    "article": "Articles that were stored.",
    "publication": "Articles that were decided about.",
    "edition": "Editions that were closed.",
    "crawl": "Crawls that were started.",
}


class StoreCollector(Collector):
    """Asks the store at each scrape; everything counts for all processes that work on it.

    A database that fails is told (``aggregator_database_up`` is 0), and nothing that it would have told.
    """

    def __init__(self, db: Database, settings: Settings, now: Callable[[], datetime]) -> None:
        self._db, self._settings, self._now = db, settings, now
        self._highest: dict[str, int] = {}

    def collect(self) -> Iterable[Metric]:
        """All families."""
        yield InfoMetricFamily(
            "aggregator", "This program.", {"version": __version__, "database": self._db.dialect}
        )
        yield from self._disks()
        try:
            told = list(self._stored())
        except StoreError:
            told = []
        yield _gauge("aggregator_database_up", "Whether the database answers.", float(bool(told)))
        yield from told

    def _stored(self) -> Iterator[Metric]:
        now, db = self._now(), self._db
        for kind, number in moments.numbers(db).items():
            family = CounterMetricFamily(f"aggregator_{kind}s", _COUNTED[kind])
            # A number may go with its row; a counter may not fall.
            self._highest[kind] = max(number, self._highest.get(kind, 0))
            family.add_metric([], self._highest[kind])
            yield family
        for kind, newest in moments.newest(db).items():
            if newest is not None:
                words = f"When the last {kind} began or ended."
                yield _gauge(f"aggregator_last_{kind}_timestamp_seconds", words, newest.timestamp())
        words = "Whether a scheduler works on the database."
        yield _gauge("aggregator_scheduler_running", words, float(is_held(db)))
        yield _gauge("aggregator_crawls_running", "Crawls under way.", len(crawls.running(db)))
        waiting = desk_figures.waiting(db, [each.value for each in Standing])
        yield _family(
            "aggregator_queue", "Articles that are not out, by where they stand.", "standing", waiting
        )
        counts = {state.value: count for state, count in alarms.counts(db).items()}
        yield _family("aggregator_alarms", "Alarms of the watch over outlets.", "state", counts)
        words = "Requests for takedowns without an answer."
        yield _gauge("aggregator_takedown_requests_open", words, desk_figures.open_requests(db))
        targets = outbox.standings(db)
        left = {name: each.counts.get(DeliveryState.WAITING, 0) for name, each in targets.items()}
        words = "Events that wait for a webhook or a hub."
        yield _family("aggregator_deliveries_waiting", words, "target", left)
        yield from self._brought(now)

    def _brought(self, now: datetime) -> Iterator[Metric]:
        """What the last day brought, and each outlet of the last fortnight."""
        day = list(desk_figures.hours(self._db, now - DAY, now).values())
        sums = {name: sum(getattr(each, name) for each in day) for name in _OUTCOMES}
        yield _family("aggregator_day_pages", "Pages of the last 24 hours, by outcome.", "outcome", sums)
        seeds = {
            "answered": sum(each.visits - each.visits_failed for each in day),
            "failed": sum(each.visits_failed for each in day),
        }
        yield _family("aggregator_day_seed_visits", "Looks at seeds in the last 24 hours.", "outcome", seeds)
        outlets = desk_figures.outlets(self._db, now - FORTNIGHT, now)
        last = {slug: each.arrived_at for slug, each in outlets.items()}
        yield _family(
            "aggregator_outlet_last_article_timestamp_seconds",
            "When an outlet's last article came, of the last 14 days.",
            "outlet",
            {slug: at.timestamp() for slug, at in last.items() if at is not None},
        )

    def _disks(self) -> Iterator[Metric]:
        places = {name: self._settings.path(getattr(self._settings, name)) for name in ("pages", "pictures")}
        if self._db.path is not None:
            places["database"] = self._db.path.parent
        usages = {name: shutil.disk_usage(disk_of(folder)) for name, folder in places.items()}
        free = {name: usage.free for name, usage in usages.items()}
        total = {name: usage.total for name, usage in usages.items()}
        yield _family("aggregator_disk_free_bytes", "Free bytes of the disk.", "place", free)
        yield _family("aggregator_disk_size_bytes", "Size of the disk.", "place", total)


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)


def _family(name: str, words: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, words, labels=[label])
    for value, number in sorted(values.items()):
        family.add_metric([value], number)
    return family
