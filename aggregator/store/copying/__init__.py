"""Whole copies of the database: as a file of SQLite's, and by its rows from one kind to the other."""

from aggregator.store.copying.rows import Tally, copy_rows, tallies
from aggregator.store.copying.whole import Told, check, copy_file, copy_into

__all__ = ["Tally", "Told", "check", "copy_file", "copy_into", "copy_rows", "tallies"]
