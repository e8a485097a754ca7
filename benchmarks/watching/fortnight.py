"""A fortnight under watch: generated outlets are visited by a handed-in clock, and looked at every hour."""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Final

from watching.faults import LICENCE_EVERY, Fault, drawn
from watching.outcome import Outcome, judged
from watching.outlets import HOUR, Made, Piece, World

from aggregator.model.alarm import Alarm, AlarmState, Finding
from aggregator.model.crawl import Reason
from aggregator.model.licence_page import LicencePage
from aggregator.model.watched import OutletHour, RobotsFile, Usual, Visit
from aggregator.watch.looking import LOOK_BACK, Watched, look
from aggregator.watch.rhythm import shape, tally
from aggregator.watch.settling import settle
from aggregator.watch.usual import JUDGED, WEEKS, Past, calm_days, known_rates, learn

DAY: Final = timedelta(days=1)
FORTNIGHT: Final = timedelta(days=14)
LEAST_INTERVAL: Final = DAY
LEARNED_FOR: Final = timedelta(days=2)
"""What is usual is learned anew so often, to save time; the product does it every day."""


@dataclass
class Seen:
    """What the watch sees of an outlet: its hours and visits, as they come."""

    hours: list[OutletHour] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)


def run(seed: int, every: timedelta = HOUR, one_in: int = 1) -> Outcome:
    """Learn for weeks, then watch for a fortnight and inject 24 faults; or one in so many of all of it."""
    world = World(seed, WEEKS + 2)
    world.outlets = world.outlets[::one_in]
    begin = world.start + timedelta(weeks=WEEKS)
    end = begin + FORTNIGHT
    random = Random(f"{seed} faults")
    pieces = {outlet.slug: list(world.pieces(outlet)) for outlet in world.outlets}
    intervals = {slug: interval(of_outlet, begin) for slug, of_outlet in pieces.items()}
    faults = drawn(random, world.outlets, (begin, end), intervals)[::one_in]
    by_outlet = {fault.outlet.slug: fault for fault in faults}
    seen = {
        outlet.slug: Seen(*crawled(world, outlet, pieces[outlet.slug], by_outlet.get(outlet.slug), end))
        for outlet in world.outlets
    }
    alarms = _watched(world, seen, by_outlet, begin, end, every)
    return judged(seed, faults, intervals, alarms)


def interval(pieces: Sequence[Piece], begin: datetime) -> timedelta:
    """The expected interval of an outlet: its longest pause in the weeks that are learned, a day at least.

    The expectation is one of weekdays, so a day is the least that it can be held against.
    """
    past = [piece.at for piece in pieces if piece.at < begin]
    return max([LEAST_INTERVAL, *(later - at for at, later in pairwise(past))])


def crawled(
    world: World, outlet: Made, pieces: Sequence[Piece], fault: Fault | None, end: datetime
) -> tuple[list[OutletHour], list[Visit]]:
    """The hours and visits of an outlet from the first week to a moment, with what a fault makes of them."""
    random = Random(f"{world.seed} {outlet.slug} visits")
    hours: dict[datetime, list[tuple[datetime, Reason, list[Piece]]]] = defaultdict(list)
    visits, waiting, number, at = [], [], 0, world.start
    while at < end:
        while number < len(pieces) and pieces[number].at <= at:
            piece: Piece | None = pieces[number]
            if fault and fault.is_on(pieces[number].at):
                piece = fault.change(random, pieces[number])
            waiting += [piece] if piece else []
            number += 1
        reason = fault.kind.answer(random) if fault and fault.is_on(at) else None
        reason = reason or (Reason.FAILED_TIMEOUT if random.random() < outlet.failures else Reason.STORED)
        came, waiting = (waiting, []) if reason is Reason.STORED else ([], waiting)
        hours[at.replace(minute=0, second=0, microsecond=0)].append((at, reason, came))
        visits.append(Visit("feed", reason, at))
        at += timedelta(minutes=outlet.visit_minutes * random.uniform(0.9, 1.2))
    return [_hour(outlet, hour, found) for hour, found in hours.items()], visits


def _hour(outlet: Made, hour: datetime, visits: Sequence[tuple[datetime, Reason, list[Piece]]]) -> OutletHour:
    pages = [(at, piece) for at, _, came in visits for piece in came]
    good = [(at, piece) for at, piece in pages if not piece.no_article]
    answered = [at for at, reason, _ in visits if reason is Reason.STORED]
    ages = [_age(at, piece) for at, piece in good if piece.date]
    return OutletHour(
        outlet=outlet.slug,
        hour=hour,
        visits=len(visits),
        visits_failed=len(visits) - len(answered),
        new=len(pages),
        stored=sum(not piece.copy for _, piece in good),
        copies=sum(piece.copy for _, piece in good),
        no_article=len(pages) - len(good),
        headlines=len(good),
        bylines=sum(piece.byline for _, piece in good),
        dates=len(ages),
        images=sum(piece.image for _, piece in good),
        complete=sum(piece.complete for _, piece in good),
        foreign=sum(piece.foreign for _, piece in good),
        future=sum(age < -10 for age in ages),
        chars=tuple(piece.chars for _, piece in good),
        cuts=tuple(int(piece.cut * 1000) for _, piece in good),
        ages=tuple(ages),
        containers=Counter(piece.container for _, piece in good),
        arrived_at=max((at for at, _ in good), default=None),
        answered_at=max(answered, default=None),
    )


def _age(at: datetime, piece: Piece) -> int:
    return int((at - piece.at).total_seconds() / 60 + piece.lag_minutes)


def _watched(  # noqa: PLR0917 - all that the fortnight holds
    world: World,
    seen: Mapping[str, Seen],
    faults: Mapping[str, Fault],
    begin: datetime,
    end: datetime,
    every: timedelta,
) -> list[Alarm]:
    """The alarms of the fortnight, as the watch raises and ends them."""
    standing: list[Alarm] = []
    ended: list[Alarm] = []
    at, learned_at, usual, number = begin, None, {}, 0
    while at < end:
        if learned_at is None or at - learned_at >= LEARNED_FOR:
            usual, learned_at = _learned(world, seen, [*ended, *standing], at), at
            known = _calm(world, seen, usual, (at - LOOK_BACK, at))
        calm = _with_days(known, _calm(world, seen, usual, (at - LEARNED_FOR - DAY, at)), learned_at)
        findings = [
            finding
            for outlet in world.outlets
            for finding in look(_known(outlet, seen[outlet.slug], usual, calm, faults, at), at)
        ]
        turn = settle(standing, findings, set(seen), at)
        for finding in turn.new:
            number += 1
            standing.append(Alarm(number, AlarmState.RAISED, finding, at, at, number))
        over, again = set(turn.over), dict(turn.again)
        ended += [replace(each, resolved_at=at) for each in standing if each.id in over]
        standing = [_seen(each, again.get(each.id), at) for each in standing if each.id not in over]
        at += every
    return sorted([*ended, *standing], key=lambda alarm: alarm.id)


def _seen(alarm: Alarm, found: Finding | None, at: datetime) -> Alarm:
    """The alarm as the store keeps it: since when stays, the kind is that of today."""
    if found is None:
        return alarm
    return replace(alarm, finding=replace(found, since=alarm.finding.since), seen_at=at)


def _until(hours: Sequence[OutletHour], start: datetime, at: datetime) -> list[OutletHour]:
    first = bisect_left(hours, start, key=lambda each: each.hour)
    return list(hours[first : bisect_right(hours, at - HOUR, key=lambda each: each.hour)])


def _learned(
    world: World, seen: Mapping[str, Seen], alarms: Sequence[Alarm], at: datetime
) -> dict[str, Usual]:
    start = at - timedelta(weeks=WEEKS)
    past = {slug: _until(each.hours, start, at) for slug, each in seen.items()}
    everybody = shape(tally(hours) for hours in past.values())
    spans = defaultdict(list)
    for alarm in alarms:
        spans[alarm.finding.outlet].append((alarm.finding.since, alarm.resolved_at or at))
    first = {
        slug: known_rates(hours, everybody, Past(spans[slug], until=at - JUDGED))
        for slug, hours in past.items()
    }
    by_country = _calm_of(world, first, past)
    return {
        outlet.slug: learn(
            outlet.slug,
            past[outlet.slug],
            everybody,
            Past(spans[outlet.slug], calm=by_country[outlet.country], until=at - JUDGED),
            at,
        )
        for outlet in world.outlets
    }


def _calm_of(
    world: World, rates: Mapping[str, Sequence[float]], hours: Mapping[str, Sequence[OutletHour]]
) -> dict[str, dict]:
    return {
        country: calm_days(
            (rates[each.slug], hours[each.slug]) for each in world.outlets if each.country == country
        )
        for country in {each.country for each in world.outlets}
    }


def _calm(
    world: World, seen: Mapping[str, Seen], usual: Mapping[str, Usual], span: tuple[datetime, datetime]
) -> dict[str, dict]:
    hours = {slug: _until(each.hours, *span) for slug, each in seen.items()}
    return _calm_of(world, {slug: each.rates for slug, each in usual.items()}, hours)


def _with_days(known: Mapping[str, dict], newest: Mapping[str, dict], at: datetime) -> dict[str, dict]:
    """The calm days by country: those that were over at a moment as they were known, the others anew."""
    return {
        country: {day: share for day, share in newest[country].items() if day >= at.date()}
        | {day: share for day, share in days.items() if day < at.date()}
        for country, days in known.items()
    }


def _known(  # noqa: PLR0917 - the same
    outlet: Made,
    seen: Seen,
    usual: Mapping[str, Usual],
    calm: Mapping[str, dict],
    faults: Mapping[str, Fault],
    at: datetime,
) -> Watched:
    fault = faults.get(outlet.slug)
    return Watched(
        outlet=outlet.slug,
        usual=usual[outlet.slug],
        hours=_until(seen.hours, at - LOOK_BACK, at),
        visits=_before(seen.visits, at),
        robots=tuple(_robots(outlet, fault, at)),
        **_licence(outlet, fault, at),
        calm=calm[outlet.country],
    )


def _before(visits: Sequence[Visit], at: datetime) -> Sequence[Visit]:
    """The last forty of four days."""
    first, last = (bisect_left(visits, moment, key=_at) for moment in (at - timedelta(days=4), at))
    return visits[max(first, last - 40) : last]


def _at(visit: Visit) -> datetime:
    return visit.at


def _robots(outlet: Made, fault: Fault | None, at: datetime) -> Iterator[RobotsFile]:
    if fault and fault.kind.name == "robots.txt" and fault.is_on(at - HOUR):
        yield RobotsFile(outlet.slug, "https://x.example", at, 200, "disallow: /", "allow: /", fault.start)


def _licence(outlet: Made, fault: Fault | None, at: datetime) -> dict:
    """The page is read once a week, on a day of the outlet's own."""
    if not fault or fault.kind.name != "licence page" or not fault.is_on(at):
        return {}
    phase = timedelta(days=int(outlet.slug[-2:]) % 7)
    read = (
        fault.start
        + LICENCE_EVERY
        - (fault.start - phase - datetime(2000, 1, 3, tzinfo=at.tzinfo)) % LICENCE_EVERY
    )
    if at < read:
        return {}
    return {
        "licence": LicencePage(outlet.slug, "https://x.example/terms", changed_at=read),
        "is_licence_changed": True,
    }
