"""Importing: pages from WARC files of others, through the stages of a crawl into the same store."""

from aggregator.importing.importer import Ended, Importer, Wanted

__all__ = ["Ended", "Importer", "Wanted"]
