"""Watching: outlets are looked at, what is wrong becomes alarms, and what people say of them is heeded."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from aggregator.config import Settings
from aggregator.model.alarm import Alarm, AlarmKind, AlarmState, Finding
from aggregator.model.decision import LicenceState
from aggregator.model.outlet import Outlet
from aggregator.model.watched import OutletHour, Usual
from aggregator.publish import licence_watch
from aggregator.store import alarms, licence_pages, notices, outlet_hours, robots_files, usuals
from aggregator.store.engine import Database
from aggregator.watch.looking import LOOK_BACK, Watched, look
from aggregator.watch.measures import CONTAINER
from aggregator.watch.rhythm import Span, shape, tally
from aggregator.watch.settling import settle
from aggregator.watch.usual import JUDGED, RATES, WEEKS, Past, calm_days, known_rates, learn

LEARNED_FOR: Final = timedelta(days=1)
"""How long what is usual counts before it is learned anew."""

_ENDED: Final = timedelta(weeks=WEEKS)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a look changed, and all that is open behind it; newest first."""

    raised: Sequence[Alarm]
    over: Sequence[Alarm]
    standing: Sequence[Alarm]


def targets(settings: Settings) -> tuple[str, ...]:
    """Who is told of alarms: ``mail`` and names of webhooks."""
    mail = (notices.MAIL,) if settings.watch.mail else ()
    return (*mail, *settings.watch.webhooks)


def check(db: Database, settings: Settings, cards: Mapping[str, Outlet], now: datetime) -> Checked:
    """Look at every outlet that is not paused, once; raise and end alarms, and note who is to be told.

    An alarm of an outlet whose card is gone or paused is over.
    """
    outlet_hours.count(db, now)
    active = {slug: card for slug, card in cards.items() if not card.paused}
    usual = _usual(db, active, now)
    standing = alarms.listed(db, limit=100_000)
    findings = [finding for each in _watched(db, active, usual, now) for finding in look(each, now)]
    looked_at = {*active, *(alarm.finding.outlet for alarm in standing)}
    known = _with_rows(db, findings)
    turn = settle(standing, known, looked_at, now)
    raised, over = alarms.apply(db, turn, now, targets(settings))
    return Checked(raised, over, alarms.listed(db, limit=100_000))


def _with_rows(db: Database, findings: Sequence[Finding]) -> list[Finding]:
    """The findings of outlets that the store knows: a card may be younger than its row."""
    known = outlet_hours.known(db)
    return [finding for finding in findings if finding.outlet in known]


def _watched(
    db: Database, cards: Mapping[str, Outlet], usual: Mapping[str, Usual], now: datetime
) -> Iterator[Watched]:
    hours = outlet_hours.read(db, now - LOOK_BACK)
    robots, licences = robots_files.changed(db), licence_pages.every(db)
    calm = _calm(cards, {slug: each.rates for slug, each in usual.items()}, hours)
    for slug, visits in outlet_hours.visits(db, cards):
        card, page = cards[slug], licences.get(slug)
        yield Watched(
            outlet=slug,
            usual=usual.get(slug),
            hours=hours.get(slug, ()),
            visits=visits,
            robots=robots.get(slug, ()),
            licence=page,
            is_licence_changed=licence_watch.state(card.rights, page, now) is LicenceState.CHANGED,
            calm=calm[card.country],
        )


def _usual(db: Database, cards: Mapping[str, Outlet], now: datetime) -> Mapping[str, Usual]:
    """What is usual at the outlets; learned anew once a day, and for an outlet of which nothing is known."""
    known = usuals.every(db)
    fresh = {slug: one for slug, one in known.items() if now - one.learned_at < LEARNED_FOR}
    if cards.keys() <= fresh.keys():
        return fresh
    hours = outlet_hours.read(db, now - timedelta(weeks=WEEKS), list(cards))
    learned = list(_learned(cards, hours, _pasts(db, now), now))
    there = outlet_hours.known(db)
    usuals.keep(db, [one for one in learned if one.outlet in there])
    return {one.outlet: one for one in learned}


def _learned(
    cards: Mapping[str, Outlet],
    hours: Mapping[str, Sequence[OutletHour]],
    pasts: Mapping[str, Past],
    now: datetime,
) -> Iterator[Usual]:
    nothing = Past(until=now - JUDGED)
    everybody = shape(tally(hours.get(slug, ())) for slug in cards)
    rates = {slug: known_rates(hours.get(slug, ()), everybody, pasts.get(slug, nothing)) for slug in cards}
    calm = _calm(cards, rates, hours)
    for slug, card in cards.items():
        past = pasts.get(slug, nothing)
        yield learn(slug, hours.get(slug, ()), everybody, replace(past, calm=calm[card.country]), now)


def _calm(
    cards: Mapping[str, Outlet],
    rates: Mapping[str, Sequence[float]],
    hours: Mapping[str, Sequence[OutletHour]],
) -> Mapping[str, Mapping[date, float]]:
    by_country: dict[str, list[str]] = defaultdict(list)
    for slug, card in cards.items():
        by_country[card.country].append(slug)
    return {
        country: calm_days((rates[slug], hours[slug]) for slug in slugs if slug in rates and slug in hours)
        for country, slugs in by_country.items()
    }


def _pasts(db: Database, now: datetime) -> Mapping[str, Past]:
    """What alarms say of the past: what is not learned from, and what a person wants learned anew."""
    spans: dict[str, list[Span]] = defaultdict(list)
    anew: dict[str, dict[str, datetime]] = defaultdict(dict)
    for alarm in alarms.since(db, now - _ENDED):
        found = alarm.finding
        if alarm.state is AlarmState.RESOLVED and alarm.resolved_by is not None:
            for name in measures(found):
                anew[found.outlet][name] = max(found.since, anew[found.outlet].get(name, found.since))
        else:
            spans[found.outlet].append((found.since, alarm.resolved_at or now))
    return {
        slug: Past(tuple(spans[slug]), anew[slug], until=now - JUDGED) for slug in spans.keys() | anew.keys()
    }


def measures(finding: Finding) -> Collection[str]:
    """The names of what is measured behind a finding."""
    by_kind = {
        AlarmKind.SILENT: (RATES,),
        AlarmKind.THIN: (RATES,),
        AlarmKind.LAYOUT: ("readable", "chars", "cuts", CONTAINER),
        AlarmKind.DATES: ("past", "ages"),
        AlarmKind.LANGUAGE: ("native",),
        AlarmKind.COVERAGE: (finding.aspect,),
        AlarmKind.DUPLICATES: ("own",),
        AlarmKind.ROBOTS: ("allowed",),
    }
    return by_kind.get(finding.kind, ())


def resolve(
    db: Database, numbers: Collection[int], by: str, at: datetime, note: str | None = None
) -> list[int]:
    """End alarms by a person's word: what they tell of is usual from when it began; which were open.

    A licence that changed is confirmed by `aggregator rights confirm`; its alarm comes again until then.
    """
    ended = alarms.resolve(db, numbers, by, at, note)
    found = [alarm.finding for alarm in alarms.several(db, ended)]
    for finding in found:
        if finding.kind is AlarmKind.ROBOTS and finding.aspect:
            robots_files.accept(db, finding.outlet, finding.aspect)
    usuals.forget(db, {finding.outlet for finding in found if measures(finding)})
    return ended
