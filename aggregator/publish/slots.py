"""Slots: when editions close."""

from datetime import datetime, timedelta

from aggregator import wallclock
from aggregator.config import PublishSettings

LONGEST_JUMP = timedelta(days=1)
"""Clocks are put back by an hour, or by a few to correct a wrong time zone."""


def following(rules: PublishSettings, moment: datetime) -> datetime:
    """The first slot after ``moment``; aware, in UTC.

    Without slots in the settings, as much later as the pause between two editions.
    """
    if not rules.slots:
        return moment + timedelta(minutes=rules.every_minutes)
    return min(wallclock.following(slot, rules.timezone, moment) for slot in rules.slots)


def not_before(rules: PublishSettings, moment: datetime) -> datetime:
    """The first slot at ``moment`` or after it; without slots that moment itself."""
    if not rules.slots:
        return moment
    return following(rules, moment - timedelta(microseconds=1))


def stepping(rules: PublishSettings, at: datetime, earliest: datetime) -> datetime:
    """The first slot after ``at`` that does not lie before ``earliest``; without slots by whole pauses."""
    if rules.slots:
        return max(following(rules, at), not_before(rules, earliest))
    pause = timedelta(minutes=rules.every_minutes)
    return at + pause * max(1, -((at - earliest) // pause))


def remembered(last: datetime | None, now: datetime) -> datetime:
    """From when on slots count: the last one that was closed, or now if none ever was.

    A clock that was put back lets slots wait until it has caught up; one that lies more than ``LONGEST_JUMP``
    ahead was closed by a broken clock, and is forgotten.
    """
    return now if last is None or last > now + LONGEST_JUMP else last


def is_due(rules: PublishSettings, last: datetime, now: datetime) -> bool:
    """Whether a slot has come since the ``last`` that was closed; of many that were missed one is due."""
    return following(rules, last) <= now
