"""Looking: all that is wrong at an outlet now, one finding a cause."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from aggregator.model.alarm import AlarmKind, Finding
from aggregator.model.licence_page import LicencePage
from aggregator.model.watched import OutletHour, RobotsFile, Usual, Visit
from aggregator.watch.changes import licence_changed, robots_changed
from aggregator.watch.counting import silent, thin
from aggregator.watch.failing import failing
from aggregator.watch.measures import MOVED
from aggregator.watch.sampling import fallen_shares, jumped_levels

LOOK_BACK: Final = timedelta(days=21)
"""How far back hours are looked at: two fortnights of a weekly's pauses and a half."""

_EXPLAINED: Final[Mapping[AlarmKind, frozenset[AlarmKind]]] = {
    AlarmKind.FAILING: frozenset({AlarmKind.SILENT, AlarmKind.THIN, AlarmKind.DUPLICATES}),
    AlarmKind.ROBOTS: frozenset({AlarmKind.SILENT, AlarmKind.THIN, AlarmKind.DUPLICATES}),
    AlarmKind.LANGUAGE: frozenset({AlarmKind.LAYOUT, AlarmKind.COVERAGE}),
    AlarmKind.LAYOUT: frozenset({AlarmKind.COVERAGE, AlarmKind.SILENT, AlarmKind.THIN}),
    AlarmKind.SILENT: frozenset({AlarmKind.THIN}),
}
"""What each kind makes understood: an outlet that fails brings nothing, a new layout hides fields."""


@dataclass(frozen=True, slots=True)
class Watched:
    """All that is known of an outlet for a look: ``hours`` in order of time, the last visits in any order."""

    outlet: str
    usual: Usual | None
    hours: Sequence[OutletHour]
    visits: Sequence[Visit] = ()
    robots: Sequence[RobotsFile] = ()
    licence: LicencePage | None = None
    is_licence_changed: bool = False
    calm: Mapping[date, float] = field(default_factory=dict)


def look(watched: Watched, now: datetime) -> tuple[Finding, ...]:
    """What is wrong, worst first; what another finding explains is left out, one a key."""
    found: dict[tuple[str, AlarmKind, str], Finding] = {}
    for finding in sorted(_everything(watched, now), key=lambda finding: not finding.is_firm):
        found.setdefault(finding.key, finding)
    return tuple(_unexplained(found.values()))


def _everything(watched: Watched, now: datetime) -> Iterator[Finding]:
    yield from filter(None, [failing(watched.outlet, watched.visits)])
    yield from robots_changed(watched.robots)
    yield from filter(None, [licence_changed(watched.licence, watched.is_licence_changed, now)])
    usual, hours = watched.usual, watched.hours
    if usual is None or not hours:
        return
    yield from fallen_shares(usual, hours)
    yield from jumped_levels(usual, hours)
    yield from filter(None, [silent(usual, hours, watched.calm), thin(usual, hours, watched.calm)])


def _explained(finding: Finding) -> Collection[AlarmKind]:
    """What a finding makes understood; texts that stand elsewhere are texts, and as many as before."""
    if finding.cause == MOVED:
        return {AlarmKind.COVERAGE}
    return _EXPLAINED.get(finding.kind, ())


def _unexplained(found: Iterable[Finding]) -> Iterator[Finding]:
    """A finding that is explained does not raise an alarm, and keeps one that is there."""
    every = list(found)
    explained = {kind for finding in every if finding.is_firm for kind in _explained(finding)}
    order = list(AlarmKind)
    for finding in sorted(every, key=lambda finding: order.index(finding.kind)):
        if finding.kind not in explained:
            yield finding
        elif finding.is_firm:
            yield replace(finding, is_firm=False)
