"""Backups: all that an installation holds, copied at one moment, and laid out again."""

from aggregator.safekeeping.backup import Choice, back_up
from aggregator.safekeeping.contents import Contents, opened
from aggregator.safekeeping.restore import Restored, restore, verify

__all__ = ["Choice", "Contents", "Restored", "back_up", "opened", "restore", "verify"]
