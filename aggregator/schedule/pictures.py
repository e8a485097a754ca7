"""Pictures by schedule: fetched once something new is out, between crawls and never beside one."""

import logging
import threading

from aggregator import picturing
from aggregator.config import Settings
from aggregator.errors import CrawlError
from aggregator.schedule.cards import Cards
from aggregator.store.engine import Database

_log = logging.getLogger(__name__)


class PictureRuns:
    """Fetches pictures when an edition has told of news; the first time, whatever was left before.

    A host must not be asked by two processes at once, so whoever starts crawls calls ``run`` between them.
    """

    def __init__(self, db: Database, settings: Settings, cards: Cards, stop: threading.Event) -> None:
        self._db, self._settings, self._cards, self._stop = db, settings, cards, stop
        self._is_news = threading.Event()
        self._is_news.set()

    def expect(self) -> None:
        """Something new is out."""
        self._is_news.set()

    def run(self) -> None:
        """Fetch what is wanted, if there is news."""
        if self._stop.is_set() or not self._is_news.is_set():
            return
        self._is_news.clear()
        try:
            ended = picturing.fetch(self._db, self._settings, self._cards.outlets.values(), self._stop)
        except CrawlError as error:
            _log.error("pictures: %s", error)
            return
        if ended:
            words = ", ".join(f"{count} {reason}" for reason, count in ended.most_common())
            _log.info("pictures: %s", words, extra={"pictures": dict(ended)})

    def sweep(self) -> None:
        """Remove the files of pictures that nothing is out with any more."""
        if removed := picturing.sweep(self._db, self._settings):
            _log.info("files of pictures removed: %d", removed)
