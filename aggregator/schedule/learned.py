"""The learned pause: the next visit when something new is to be expected, by the outlet's own week."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from aggregator.model.outlet import Adaptive
from aggregator.model.watched import Usual
from aggregator.store.crawls import SeedVisit
from aggregator.watch.rhythm import hour_of_week, parts

EXPECTED: Final = 0.5
"""New articles that are to be expected since the last visit when the next one is due.

More asks less and comes later; benchmarks/rhythm.py holds it against a visit every 15 minutes."""

LEAST_WEEKS: Final = 1.0
"""Before a whole week was learned from, its hours are guesses: then the share of new entries decides."""

LEAST_ARTICLES: Final = 4

SLOWEST_PER_SEED: Final = timedelta(minutes=1)
"""A visit asks each seed once, and the longest crawl-delay that a crawl keeps is a minute: a pause of so much
for each seed is never below what robots.txt asks for."""

_TRUST: Final = 3.0
_BUSY: Final = (0.25, 4.0)
_FULL: Final = 1 / 3
_FAILED: Final = 1.5
_HOUR: Final = timedelta(hours=1)


def is_learned(usual: Usual | None) -> bool:
    """Whether an outlet's week is known well enough."""
    return usual is not None and usual.weeks >= LEAST_WEEKS and usual.articles >= LEAST_ARTICLES


def learned_minutes(adaptive: Adaptive, usual: Usual, visits: Sequence[SeedVisit], last: datetime) -> float:
    """The pause behind a visit at ``last``, in minutes, within the card's bounds; ``visits`` in any order.

    The expectation of the week is corrected by what the last visits found against what they should have
    (Gamma-Poisson), so that a holiday is asked less and a busy day more. At most a third of a seed's entries
    may be new: what falls out of it is never seen. Each visit without an answer makes the pause half as long
    again.
    """
    fastest, slowest = sorted((adaptive.fastest_minutes, adaptive.slowest_minutes))
    seeds = {visit.seed for visit in visits}
    fastest = min(max(fastest, len(seeds) * SLOWEST_PER_SEED / timedelta(minutes=1)), slowest)
    listed = max((visit.found for visit in visits), default=0)
    wanted = min(EXPECTED, listed * _FULL) if listed else EXPECTED
    end = last + timedelta(minutes=slowest)
    pause = _until(usual, wanted / _busy(usual, visits), last, end) / timedelta(minutes=1)
    return min(max(pause * _FAILED ** _failed(visits), fastest), slowest)


def _until(usual: Usual, wanted: float, start: datetime, end: datetime) -> timedelta:
    """How long it takes until so many articles are to be expected; until the end at most."""
    due = 0.0
    for at, share in parts(start, end):
        rate = usual.rates[hour_of_week(at)]
        if due + rate * share >= wanted:
            return max(at, start) - start + _HOUR * ((wanted - due) / rate)
        due += rate * share
    return end - start


def _busy(usual: Usual, visits: Sequence[SeedVisit]) -> float:
    """How much more than usual came over the last visits."""
    if len(visits) < 2:  # noqa: PLR2004 - a time has two ends
        return 1.0
    first, last = min(visit.at for visit in visits), max(visit.at for visit in visits)
    came = sum(visit.new for visit in visits if visit.at > first)
    due = sum(usual.rates[hour_of_week(at)] * share for at, share in parts(first, last))
    low, high = _BUSY
    return min(max((came + _TRUST) / (due + _TRUST), low), high)


def _failed(visits: Sequence[SeedVisit]) -> int:
    """Visits on end without an answer, the last one among them."""
    count = 0
    for visit in sorted(visits, key=lambda visit: visit.at, reverse=True):
        if not visit.reason.value.startswith("failed/"):
            break
        count += 1
    return count
