"""The cards folder as a running scheduler sees it: read again when a card changes."""

import logging
from collections.abc import Mapping
from pathlib import Path

from aggregator import outlets
from aggregator.config import Settings
from aggregator.errors import CardError
from aggregator.model.outlet import Outlet
from aggregator.store import outlets as stored_outlets
from aggregator.store.engine import Database

_log = logging.getLogger(__name__)
_Stamp = frozenset[tuple[str, int, int]]


class Cards:
    """The outlets' cards, a wrong one left out; the store's rows follow them.

    A slip of the pen in one card must not stop the crawl of the others: it is logged, and the outlet goes on
    with its card as it was, if there was one.
    """

    def __init__(self, db: Database, settings: Settings) -> None:
        """Read all cards; raises StoreError if the rows cannot follow."""
        self._db = db
        self._settings = settings
        self._stamp = self._look()
        self.outlets: Mapping[str, Outlet] = {}
        self._read()

    def refresh(self) -> bool:
        """Read the cards again if a file changed; true if they did."""
        stamp = self._look()
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        self._read()
        _log.info("cards changed: %d outlets", len(self.outlets))
        return True

    def _read(self) -> None:
        good, wrong = self._good_and_wrong()
        for error in wrong:
            _log.error("%s", error)
        there = {name.removesuffix(".toml") for name, _, _ in self._stamp}
        before = {slug: card for slug, card in self.outlets.items() if slug in there}
        self.outlets = before | good
        stored_outlets.sync(self._db, list(self.outlets.values()))

    def _good_and_wrong(self) -> tuple[dict[str, Outlet], tuple[CardError, ...]]:
        folder = self._settings.path(self._settings.outlets)
        if not self._stamp:
            # A first start in an empty folder: the site answers, and the first card is found when it comes.
            _log.warning("%s: no outlet cards yet; `aggregator outlet new URL` makes one", folder)
            return {}, ()
        return outlets.load_good(folder)

    def _look(self) -> _Stamp:
        folder = self._settings.path(self._settings.outlets)
        return frozenset(_stamp_of(path) for path in folder.glob("*.toml") if not path.name.startswith("."))


def _stamp_of(path: Path) -> tuple[str, int, int]:
    try:
        status = path.stat()
    except OSError:  # a link to nowhere, or removed just now; reading it tells
        return path.name, 0, 0
    return path.name, status.st_mtime_ns, status.st_size
