"""Settling: findings of a look become new alarms, alarms that go on, and alarms that are over."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.model.alarm import Alarm, AlarmKind, Finding

Key = tuple[str, AlarmKind, str]

GROUP_FROM = 3
"""So many alarms of one cause that come together are one thing to look at: two happen by chance."""

GROUP_WITHIN = timedelta(hours=2)
"""What comes so soon after one another came together: outlets are visited minutes to hours apart."""


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

    Hysteresis: a finding that is not firm raises nothing, and keeps an alarm that is there. An alarm that
    nothing speaks for any more is over; one of an outlet that was not looked at stays as it is. An outlet
    that is not only to be looked at but gone (no card) is looked at, too, and has no findings.
    """
    found = {finding.key: finding for finding in findings}
    again = tuple((alarm.id, found[key]) for alarm in standing if (key := alarm.finding.key) in found)
    known = {alarm.finding.key for alarm in standing}
    new = tuple(finding for key, finding in found.items() if key not in known and finding.is_firm)
    over = tuple(
        alarm.id for alarm in standing if alarm.finding.key not in found and alarm.finding.outlet in looked_at
    )
    gone = set(over)
    return Turn(new, again, over, _gathered([a for a in standing if a.id not in gone], new, now))


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
