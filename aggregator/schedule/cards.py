"""The cards folder as a running scheduler sees it: read again when a card changes."""

import logging
from collections.abc import Mapping

from aggregator import outlets
from aggregator.config import Settings
from aggregator.errors import ConfigError
from aggregator.model.outlet import Outlet
from aggregator.store import outlets as stored_outlets
from aggregator.store.engine import Database

_log = logging.getLogger(__name__)
_Stamp = frozenset[tuple[str, int, int]]


class Cards:
    """The outlets' cards; the store's rows follow them."""

    def __init__(self, db: Database, settings: Settings) -> None:
        """Read all cards; raises ConfigError for a wrong one, StoreError if the rows cannot follow."""
        self._db = db
        self._settings = settings
        self._stamp = self._look()
        self.outlets: Mapping[str, Outlet] = outlets.load_all(settings)
        stored_outlets.sync(db, list(self.outlets.values()))

    def refresh(self) -> bool:
        """Read the cards again if a file changed; true if they did.

        A card that became wrong is logged once, and the cards as they were stay in force: a slip of the pen
        in one card must not stop the crawl of the others.
        """
        stamp = self._look()
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        try:
            self.outlets = outlets.load_all(self._settings)
        except ConfigError as error:
            _log.error("%s (until then the cards stay as they were)", error)
            return False
        stored_outlets.sync(self._db, list(self.outlets.values()))
        _log.info("cards changed: %d outlets", len(self.outlets))
        return True

    def _look(self) -> _Stamp:
        folder = self._settings.path(self._settings.outlets)
        return frozenset(
            (path.name, status.st_mtime_ns, status.st_size)
            for path in folder.glob("*.toml")
            for status in (path.stat(),)
        )
