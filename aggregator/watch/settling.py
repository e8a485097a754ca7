"""Settling: findings of a look become new alarms, alarms that go on, and alarms that are over."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from aggregator.model.alarm import Alarm, AlarmKind, Finding

Key = tuple[str, AlarmKind, str]

GROUP_FROM = 3
"""So many alarms of one cause that come together are one thing to look at: two happen by chance."""

GROUP_WITHIN = timedelta(hours=2)
"""What comes so soon after one another came together: outlets are visited minutes to hours apart."""


_ONE_CAUSE: Final[Mapping[AlarmKind, AlarmKind]] = {
    AlarmKind.THIN: AlarmKind.SILENT,
    AlarmKind.SILENT: AlarmKind.THIN,
}


@dataclass(frozen=True, slots=True)
class Gathered:
    """Alarms that came together: keys of new ones, numbers of those that are open already."""

    keys: tuple[Key, ...]
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """What a look changes: new findings, open alarms found again, and numbers of those that are over."""

    new: tuple[Finding, ...]
    again: tuple[tuple[int, Finding], ...]
    over: tuple[int, ...]
    gathered: tuple[Gathered, ...] = ()


def settle(
    standing: Sequence[Alarm], findings: Sequence[Finding], looked_at: Collection[str], now: datetime
) -> Turn:
    """What a look at the outlets ``looked_at`` means for the open alarms.

    What becomes worse or better of one cause (a thin feed that falls silent, a silent one from which a little
    comes again) goes on as the alarm that is there, under its new kind.

    Hysteresis: a finding that is not firm raises nothing, and keeps an alarm that is there. An alarm that
    nothing speaks for any more is over; one of an outlet that was not looked at stays as it is. An outlet
    that is not only to be looked at but gone (no card) is looked at, too, and has no findings.
    """
    found = {finding.key: finding for finding in findings}
    known = {alarm.finding.key for alarm in standing}
    again = tuple((alarm.id, on) for alarm in standing if (on := _goes_on(alarm.finding, found, known)))
    known |= {finding.key for _, finding in again}
    new = tuple(finding for key, finding in found.items() if key not in known and finding.is_firm)
    going = {number for number, _ in again}
    over = tuple(
        alarm.id for alarm in standing if alarm.id not in going and alarm.finding.outlet in looked_at
    )
    gone = set(over)
    return Turn(new, again, over, _gathered([a for a in standing if a.id not in gone], new, now))


def _goes_on(alarm: Finding, found: Mapping[Key, Finding], standing: Collection[Key]) -> Finding | None:
    """What speaks for an alarm now; of the other kind of its cause where no alarm of that stands."""
    itself = found.get(alarm.key)
    if (kind := _ONE_CAUSE.get(alarm.kind)) is None:
        return itself
    other = found.get((alarm.outlet, kind, alarm.aspect))
    if other is None or other.key in standing or not other.is_firm:
        return itself
    return other if kind is AlarmKind.SILENT else itself or other


def _gathered(standing: Sequence[Alarm], new: Sequence[Finding], now: datetime) -> tuple[Gathered, ...]:
    keys: dict[tuple[AlarmKind, str], list[Key]] = defaultdict(list)
    for finding in new:
        keys[finding.kind, finding.cause].append(finding.key)
    groups = []
    for cause, together in keys.items():
        before = [
            alarm
            for alarm in standing
            if (alarm.finding.kind, alarm.finding.cause) == cause and now - alarm.raised_at <= GROUP_WITHIN
        ]
        outlets = {key[0] for key in together} | {alarm.finding.outlet for alarm in before}
        if len(outlets) >= GROUP_FROM:
            groups.append(Gathered(tuple(together), tuple(alarm.id for alarm in before)))
    return tuple(groups)
