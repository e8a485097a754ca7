"""Rhythms of many outlets: read from the store once, then only where something came."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from aggregator.model.outlet import Outlet
from aggregator.model.watched import Usual
from aggregator.schedule.due import VISITS, Rhythm
from aggregator.store import crawls, usuals
from aggregator.store.engine import Database

LEARNED_FOR: Final = timedelta(minutes=10)
"""How soon a week that was learned anew is followed."""


@dataclass(slots=True)
class Rhythms:
    """What the last visits found, and the learned weeks; not for several threads at once."""

    db: Database
    _known: dict[str, tuple[int | None, Rhythm]] = field(default_factory=dict)
    _usuals: dict[str, Usual] = field(default_factory=dict)
    _usuals_at: datetime | None = None

    def read(self, outlets: Iterable[Outlet], now: datetime) -> Mapping[str, Rhythm]:
        """The rhythm of each of these outlets by slug; the very same object as before if nothing is new.

        Raises:
            StoreError: the database cannot be read.
        """
        if self._usuals_at is None or now - self._usuals_at > LEARNED_FOR:
            self._usuals, self._usuals_at = usuals.every(self.db, self._usuals), now
        newest = crawls.newest_visits(self.db)
        asked = list(outlets)
        counts = {one.slug: VISITS * max(len(one.seeds), 1) for one in asked if self._is_old(one, newest)}
        found = crawls.rhythms(self.db, counts)
        for slug, visits in found.items():
            self._known[slug] = newest.get(slug), Rhythm(visits, self._usuals.get(slug))
        return {one.slug: self._with_usual(one.slug) for one in asked}

    def _is_old(self, outlet: Outlet, newest: Mapping[str, int]) -> bool:
        known = self._known.get(outlet.slug)
        return known is None or known[0] != newest.get(outlet.slug)

    def _with_usual(self, slug: str) -> Rhythm:
        number, rhythm = self._known[slug]
        usual = self._usuals.get(slug)
        if rhythm.usual is not usual:
            rhythm = Rhythm(rhythm.visits, usual)
            self._known[slug] = number, rhythm
        return rhythm
