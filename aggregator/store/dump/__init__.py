"""The analysts' dump: what is stored, as documented files."""

from aggregator.store.dump.applying import apply
from aggregator.store.dump.audience import Audience
from aggregator.store.dump.dictionary import data_dictionary
from aggregator.store.dump.dictionary import page as dictionary_page
from aggregator.store.dump.file import Progress
from aggregator.store.dump.formats import Format
from aggregator.store.dump.making import DumpReport, Wanted, dump

__all__ = [
    "Audience",
    "DumpReport",
    "Format",
    "Progress",
    "Wanted",
    "apply",
    "data_dictionary",
    "dictionary_page",
    "dump",
]
