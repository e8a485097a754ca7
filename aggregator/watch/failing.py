"""Failing: an outlet whose seeds do not answer, weighed by how likely the next try is to bring more."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Final

from aggregator.model.alarm import AlarmKind, Finding
from aggregator.model.crawl import Reason
from aggregator.model.watched import Visit

HARD: Final = 1.0
SOFT: Final = 0.5
TEMPORARY: Final = 0.25
"""What a failure weighs: Media Cloud's fetcher has counted so for twelve years, over a million feeds."""

RAISED_FROM: Final = 3.0
"""Three hard failures, six soft ones or twelve temporary ones on end."""

RECOVERED: Final = 2
"""Answers on end after which a seed is well again; one may be luck."""

NEWEST: Final = 10
"""So many of the newest visits tell of a seed that answers now and then."""

FLAKY: Final = 5
"""A seed that has failed so often among these fails, though it answers twice on end in between."""

STILL_FLAKY: Final = 3
"""So many failures among them keep the alarm."""

_EASED: Final = 0.25
"""What a single answer takes off, so that a seed that fails three times in four does not pass for well."""

_HARD: Final = frozenset(
    {
        Reason.FAILED_GONE,
        Reason.FAILED_DNS,
        Reason.FAILED_ADDRESS,
        Reason.FAILED_FEED,
        Reason.FAILED_REDIRECTS,
    }
)
_TEMPORARY: Final = frozenset({Reason.FAILED_BUSY, Reason.FAILED_CUT_OFF, Reason.FAILED_STORE})


def weight(reason: Reason) -> float:
    """What a visit or a page that ended so weighs as a failure; 0 if it is none.

    Hard is what does not go by itself (no such name, gone, no feed any more), temporary what the server asks
    to wait for or what lies with us, soft the rest: a server that is down, slow or refuses.
    """
    if not reason.value.startswith("failed/"):
        return 0.0
    if reason in _HARD:
        return HARD
    return TEMPORARY if reason in _TEMPORARY else SOFT


def failing(outlet: str, visits: Sequence[Visit]) -> Finding | None:
    """What an outlet's last visits say, in any order; a seed that fails among others that answer counts."""
    by_seed: dict[str, list[Visit]] = defaultdict(list)
    for visit in sorted(visits, key=lambda visit: visit.at):
        by_seed[visit.seed].append(visit)
    found = {seed: score for seed, of_seed in by_seed.items() if (score := _worse(of_seed))[0] > 0}
    if not found:
        return None
    worst, (value, since) = max(found.items(), key=lambda item: item[1][0])
    firm = sum(score >= RAISED_FROM for score, _ in found.values())
    failed = [visit for visit in by_seed[worst] if visit.at >= since and weight(visit.reason)]
    cause = Counter(visit.reason for visit in failed).most_common(1)[0][0]
    seeds = "its only seed fails" if len(by_seed) == 1 else f"{max(firm, 1)} of {len(by_seed)} seeds fail"
    return Finding(
        outlet=outlet,
        kind=AlarmKind.FAILING,
        since=since,
        cause=cause.value,
        words=f"{seeds}: {cause.value}, {len(failed)} times since {since:%Y-%m-%d %H:%M}: {worst}",
        expected=0.0,
        observed=round(value, 2),
        samples=len(failed),
        is_firm=value >= RAISED_FROM,
    )


def _worse(visits: Sequence[Visit]) -> tuple[float, datetime]:
    """What failures on end weigh, or those between answers, and since when."""
    return max(_score(visits), _flaky(visits[-NEWEST:]), key=lambda score: score[0])


def _flaky(visits: Sequence[Visit]) -> tuple[float, datetime]:
    """The same of a seed that fails again after it has answered; 0 of one that failed, and answers since."""
    failed = [weight(visit.reason) for visit in visits]
    first = next((number for number, one in enumerate(failed) if one), 0)
    times = sum(one > 0 for one in failed)
    goes_on = any(one and not before for before, one in pairwise(failed[first:]))
    if not goes_on or times < STILL_FLAKY:
        return 0.0, visits[0].at
    is_firm = times >= FLAKY and sum(failed) >= FLAKY * SOFT
    return RAISED_FROM if is_firm else min(sum(failed), RAISED_FROM / 2), visits[first].at


def _score(visits: Sequence[Visit]) -> tuple[float, datetime]:
    """What failures weigh together, and since when; 0 once the seed has recovered."""
    value, answers, since = 0.0, 0, visits[0].at
    for visit in visits:
        if failed := weight(visit.reason):
            since = visit.at if value == 0 else since
            value, answers = value + failed, 0
        else:
            answers += 1
            value = 0.0 if answers >= RECOVERED else max(value - _EASED, 0.0)
    return value, since
