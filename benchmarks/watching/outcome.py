"""The outcome of a fortnight: which faults were found in time, and which alarms were false."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from watching.faults import Fault

from aggregator.model.alarm import Alarm


@dataclass(frozen=True)
class Outcome:
    """What became of a seed: each fault with when it was found (None: not in time), and the false alarms."""

    seed: int
    found: list[tuple[Fault, timedelta, Alarm | None]]
    false: list[Alarm]
    alarms: list[Alarm]
    resolved: int


def judged(
    seed: int, faults: Sequence[Fault], intervals: Mapping[str, timedelta], alarms: Sequence[Alarm]
) -> Outcome:
    """Which alarms tell of which fault, in time or at all (a day behind its end still); others are false."""
    found, explained = [], set()
    for fault in faults:
        allowed = fault.kind.interval(intervals[fault.outlet.slug])
        mine = [
            alarm
            for alarm in alarms
            if alarm.finding.outlet == fault.outlet.slug
            and alarm.finding.kind in fault.kind.told_by
            and alarm.raised_at >= fault.start
        ]
        in_time = [alarm for alarm in mine if alarm.raised_at - fault.start <= 1.5 * allowed]
        explained |= {
            alarm.id
            for alarm in mine
            if fault.end is None or alarm.raised_at <= fault.end + timedelta(days=1)
        }
        found.append((fault, allowed, in_time[0] if in_time else None))
    false = [alarm for alarm in alarms if alarm.id not in explained]
    return Outcome(seed, found, false, list(alarms), sum(alarm.resolved_at is not None for alarm in alarms))
