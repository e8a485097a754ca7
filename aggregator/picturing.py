"""Picturing: our copies of the pictures that articles are out with come, and go with their articles."""

import threading
from collections import Counter
from collections.abc import Collection

from aggregator import crawling, gallery
from aggregator.clock import now
from aggregator.config import Settings
from aggregator.model.outlet import Outlet
from aggregator.store import pictures
from aggregator.store.engine import Database
from aggregator.withdrawing import drop_pictures


def fetch(
    db: Database, settings: Settings, outlets: Collection[Outlet], stop: threading.Event | None = None
) -> Counter[str]:
    """Fetch the pictures that are wanted; how many are kept (``kept``), and of the others how many by reason.

    No process starts if nothing is wanted.

    Raises:
        CrawlError: the process died; what it kept is safe.
    """
    slugs = [outlet.slug for outlet in outlets if outlet.rights.images and not outlet.paused]
    if not pictures.wanted(db, slugs, now(), limit=1):
        return Counter()
    ended = crawling.results(settings, ["pictures"], settings.crawl.minutes * 60, stop)
    return Counter(each for each in ended if isinstance(each, str))


def sweep(db: Database, settings: Settings) -> int:
    """Remove the files of pictures that no article is out with any more; how many."""
    folder = settings.path(settings.pictures)
    removed = drop_pictures(db, settings)
    lost = set(gallery.names(folder))
    return removed + gallery.remove(folder, lost - pictures.needed(db, lost))
