"""When an outlet is due: its card, its last crawl, what the last visits found, and nothing else."""

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from aggregator import wallclock
from aggregator.errors import ConfigError
from aggregator.model.outlet import Adaptive, Cron, Interval, Outlet
from aggregator.model.watched import Usual
from aggregator.outlets.schedules import in_words
from aggregator.schedule.learned import is_learned, learned_minutes
from aggregator.store.crawls import SeedVisit

# The adaptive rule. A third of a feed new means that three such pauses would push entries out of it
# unseen: halve the pause. Nothing new costs both sides a request: half as long again. A third is also
# where Media Cloud's fetcher, with twelve years of feeds behind it, changes its pace.
FASTER_FROM_SHARE = 1 / 3
FASTER = 0.5
SLOWER = 1.5
VISITS = 10

LEARNED_JITTER = 0.1


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What is known of an outlet's publishing: its last visits, and its week, None before it was learned."""

    visits: Sequence[SeedVisit] = ()
    usual: Usual | None = None


def next_run(outlet: Outlet, last: datetime | None, rhythm: Rhythm, now: datetime) -> datetime:
    """When the outlet is to be crawled next (aware UTC); a moment up to ``now`` means at once.

    ``last`` is the start of its last crawl, or None: an outlet never crawled is due at once. A cron time
    missed while no scheduler ran is due once, however many were missed.

    Raises:
        ConfigError: the card's cron expression or its time zone is wrong.
    """
    if last is None:
        return now
    match outlet.schedule:
        case Cron() as cron:
            try:
                return wallclock.following(cron.expression, cron.timezone, last)
            except ConfigError as error:
                raise ConfigError(f"outlet {outlet.slug}: {error}") from error
        case Interval(minutes, jitter_seconds):
            # Drawn from slug and last run, so that asking twice gives the same answer.
            return last + timedelta(minutes=minutes, seconds=jitter_seconds * _fraction(outlet.slug, last))
        case Adaptive() as adaptive:
            return last + timedelta(minutes=_jittered(outlet, adaptive, rhythm, last))
        case _:
            assert_never(outlet.schedule)


def _jittered(outlet: Outlet, adaptive: Adaptive, rhythm: Rhythm, last: datetime) -> float:
    """An adaptive pause; a learned one moved by up to a tenth, so that outlets of one rhythm come apart."""
    if not is_learned(rhythm.usual) or rhythm.usual is None:
        return adaptive_minutes(adaptive, rhythm.visits)
    pause = learned_minutes(adaptive, rhythm.usual, rhythm.visits, last)
    moved = pause * (1 + LEARNED_JITTER * _fraction(outlet.slug, last))
    return min(moved, max(adaptive.fastest_minutes, adaptive.slowest_minutes))


def adaptive_minutes(adaptive: Adaptive, rhythm: Sequence[SeedVisit]) -> float:
    """The pause between two crawls, from what the last visits found (in any order).

    Starts at the geometric mean of the card's bounds and walks through the rounds of visits from the oldest
    on: a round that found at least a third of its entries new halves the pause, one that found some new
    leaves it, one that found nothing new or got no answer makes it half as long again; never past a bound.
    """
    fastest, slowest = sorted((adaptive.fastest_minutes, adaptive.slowest_minutes))
    pause = math.sqrt(fastest * slowest)
    for visits in _rounds(rhythm):
        found = sum(visit.found for visit in visits)
        new = sum(visit.new for visit in visits)
        if new == 0:
            pause *= SLOWER
        elif new >= found * FASTER_FROM_SHARE:
            pause *= FASTER
        pause = min(max(pause, fastest), slowest)
    return pause


def rule(outlet: Outlet, rhythm: Rhythm, last: datetime | None = None) -> str:
    """The outlet's schedule in words, with the pause that an adaptive one has now."""
    match outlet.schedule:
        case Adaptive(fastest, slowest) as adaptive:
            silent = sum(visit.reason.value.startswith("failed/") for visit in rhythm.visits)
            failing = f", {silent} of {len(rhythm.visits)} visits failed" if silent else ""
            if rhythm.usual is not None and is_learned(rhythm.usual) and last is not None:
                pause = learned_minutes(adaptive, rhythm.usual, rhythm.visits, last)
                learned = f", learned: {rhythm.usual.a_week:.3g} articles a week"
            else:
                pause, learned = adaptive_minutes(adaptive, rhythm.visits), ""
            return f"adaptive {pause:.3g} min ({fastest:g} to {slowest:g}{learned}{failing})"
        case by_the_clock:
            return in_words(by_the_clock)


def _rounds(rhythm: Sequence[SeedVisit]) -> Iterator[list[SeedVisit]]:
    """Visits of one crawl together, oldest first: a round ends where a seed comes again."""
    visits: list[SeedVisit] = []
    for visit in sorted(rhythm, key=lambda visit: visit.at):
        if any(visit.seed == earlier.seed for earlier in visits):
            yield visits
            visits = []
        visits.append(visit)
    if visits:
        yield visits


def _fraction(slug: str, last: datetime) -> float:
    digest = hashlib.sha256(f"{slug} {last.timestamp()}".encode()).digest()
    return int.from_bytes(digest[:4]) / 2**32
